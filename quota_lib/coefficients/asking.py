"""All coefficient tables, and how a coefficient is asked for: table, word, factor, unit and day.

Source  REDUCE-2
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from quota_lib.coefficients.reading import known_factors, read_changes, read_table
from quota_lib.coefficients.table import Coefficient, CoefficientError, Edition, Table, Word
from quota_lib.rules import is_coefficient_table
from quota_lib.words import key, nearest


class Coefficients:
    """All coefficient tables of a workspace."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Read the tables among the texts of the parameter files, by file name without ``.yaml``.

        Errors  CoefficientError naming file, edition, coefficient and what is wrong.
        """
        self.factors: Mapping[str, str] = known_factors(texts)
        self.tables: Mapping[str, Table] = {
            name: read_table(name, texts[name], self.factors)
            for name in sorted(texts)
            if is_coefficient_table(texts[name])
        }

    def table(self, name: str) -> Table:
        """Return a table.

        Errors  CoefficientError if there is none of this name.
        """
        self._known(name)
        return self.tables[name]

    def _known(self, name: str, where: str = "") -> None:
        if name not in self.tables:
            there = f"the nearest is {nearest(name, self.tables)}, " if self.tables else ""
            known = ", ".join(self.tables) or "none"
            raise CoefficientError(f"{where}there is no coefficient table {name!r}; {there}there are {known}.")

    def factor(self, name: str) -> str:
        """Return how people call a factor, or the name itself where it is none of the parameters'."""
        return self.factors.get(name, name)

    def starts(self, table: str, word: str, factor: str, unit: str, day: date) -> date | None:
        """Return the first day after a day on which there is a coefficient for a word, factor and unit; None: never."""
        later = sorted(
            since
            for edition in self.table(table).editions.values()
            for one in edition.coefficients
            if (one.word, one.factor, one.unit) == (word, factor, unit) and not one.withdrawn
            for since in [one.since or edition.since]
            if since is not None and since > day
        )
        return next((since for since in later if self.alternatives(table, word, factor, unit, since)), None)

    def edition_on(self, table: str, day: date) -> Edition | None:
        """Return the edition of a table that is in force on a day, or None before the first one."""
        return self.table(table).edition_on(day)

    def lookup(
        self, table: str, word: str, factor: str, unit: str, day: date, variant: str | None = None
    ) -> Coefficient | None:
        """Return the coefficient in force on a day, or None where the edition has none for this word, factor and unit.

        ``variant``: of the equipment ("": none named); None where the table knows no variants.
        """
        edition = self.edition_on(table, day)
        found = [one for one in self.alternatives(table, word, factor, unit, day) if _fits(one, variant)]
        return found[0] if edition and found and not found[0].withdrawn else None

    def alternatives(self, table: str, word: str, factor: str, unit: str, day: date) -> list[Coefficient]:
        """Return what holds on a day for a word, factor and unit, for every variant; the one that counts first."""
        edition = self.edition_on(table, day)
        if edition is None:
            return []
        wanted = (word, factor, unit)
        layers: dict[str, list[Coefficient]] = {}
        for one in self.table(table).entries(edition):
            if (one.word, one.factor, one.unit) == wanted and (one.since is None or one.since <= day):
                layers.setdefault(one.edition, []).append(one)
        return [
            one for layer in layers.values() for one in sorted(layer, key=lambda c: c.since or date.min, reverse=True)
        ]

    def coefficient(
        self, table: str, word: str, factor: str, unit: str, day: date, variant: str | None = None
    ) -> Coefficient:
        """Return the coefficient in force on a day.

        Errors  CoefficientError saying whether an edition or only the pair is missing.
        """
        found = self.lookup(table, word, factor, unit, day, variant)
        if found is None:
            edition = self.edition_on(table, day)
            lacks = f"edition {edition.id!r} has no {word}/{factor} in {unit}" if edition else "no edition is in force"
            raise CoefficientError(f"table {table!r} on {day}: {lacks}. See parameters/{table}.yaml.")
        return found

    def words(self, table: str, factors: Iterable[str] = (), kind: str = "") -> tuple[str, ...]:
        """Return a table's words, of a kind, that some edition holds for one of the factors (without factors: any)."""
        wanted, found = set(factors), self.table(table)
        held = {
            one.word
            for edition in found.editions.values()
            for one in (*edition.coefficients, *found.trial)
            if not wanted or one.factor in wanted
        }
        return tuple(word for word, entry in found.words.items() if word in held and entry.kind == kind)

    def read_word(self, table: str, text: str, kind: str = "") -> Word | None:
        """Return the word of a table that a text stands for, or None."""
        read = {
            key(name): entry
            for entry in self.table(table).words.values()
            if entry.kind == kind
            for name in (*entry.also, entry.word)
        }
        return read.get(key(text))

    def changed(self, differences: Mapping[str, Any], where: str = "what_if") -> Coefficients:
        """Return these tables as a trial has them; ``where``: its file, for what is said of it.

        Shape   by table: ``edition`` (compute with this one whatever the day) and ``coefficients``
                (entries as in the file; each from its ``since`` on, or always).
        Errors  CoefficientError
        """
        tables = dict(self.tables)
        for name, change in differences.items():
            self._known(name, f"{where}: ")
            tables[name] = read_changes(self.tables[name], change, where, self.factors)
        made = Coefficients({})
        made.tables, made.factors = tables, self.factors
        return made


def _fits(one: Coefficient, variant: str | None) -> bool:
    return not one.variants or (variant or "") in one.variants
