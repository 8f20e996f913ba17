"""One cell: what was stored in it → a value of its column's type, or a flaw with its code.

Types come from the schema and never from guessing.  A converter is asked once for each
distinct content of a column.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from quota_lib.amounts import DECIMALS, Mass, mass, plain
from quota_lib.schema import SITE_HEADING, Field, also_accepted
from quota_lib.words import Factors, credit_code_fault, fold, key, unit_id

MOST_TONNES = 10**9


class Mark(NamedTuple):
    """What a cell holds when it holds no value: a boolean, an Excel error, a formula without a stored result."""

    code: str
    shown: str


class Flaw(NamedTuple):
    """Why a cell has no value: a code of the catalogue and the words for it."""

    code: str
    words: tuple[tuple[str, str], ...] = ()


class Day(datetime):
    """A day of which no hour is told.

    A date alone is one; so is a real date cell at midnight, which is stored as the date alone, whatever it shows.
    """


Raw = str | float | int | bool | date | time | datetime | timedelta | Mark
Converter = Callable[[Raw], object]

_PLAIN_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)", re.ASCII)
_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日)", re.ASCII
)
_CLOCK = re.compile(r"(.+?)[ T](\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)


def flaw(code: str, **words: str) -> Flaw:
    """Return a flaw with the words for its message."""
    return Flaw(code, tuple(words.items()))


def shown(raw: Raw) -> str:
    """Return a cell's content as its reader sees it, cut where it is long."""
    if isinstance(raw, Mark):
        return raw.shown
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int | float):
        return _digits(raw)
    text = raw.isoformat(sep=" ") if isinstance(raw, datetime) else str(raw)
    return text if len(text) <= 60 else text[:60] + "…"


def _decimal(raw: float) -> Decimal:
    """Return a number as the 15 significant digits that Excel shows."""
    return Decimal(f"{raw:.15g}")


def _digits(raw: float) -> str:
    return plain(_decimal(raw)) if raw == raw and abs(raw) != float("inf") else str(raw)


def _number(raw: Raw) -> Decimal | Flaw:
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        if raw != raw or abs(raw) == float("inf"):
            return flaw("Q219", value=str(raw))
        return _decimal(raw)
    if isinstance(raw, str):
        text = fold(raw)
        if not _PLAIN_NUMBER.fullmatch(text):
            return flaw("Q203", value=shown(text))
        return Decimal(text)
    if isinstance(raw, date | time | timedelta):
        return flaw("Q205", value=shown(raw))
    return _marked(raw, "Q204")


def _marked(raw: object, boolean: str) -> Flaw:
    if isinstance(raw, Mark):
        return flaw(raw.code or boolean, value=raw.shown)
    return flaw(boolean, value=str(raw))


def _not_negative(raw: Raw) -> Decimal | Flaw:
    value = _number(raw)
    if isinstance(value, Decimal) and value < 0:
        return flaw("Q206", value=shown(raw))
    return value


def _tonnes(raw: Raw) -> Mass | Flaw:
    if isinstance(raw, float) and 0 <= raw <= MOST_TONNES:  # the usual case, without a Decimal
        whole, _, rest = f"{raw:.15g}".partition(".")
        if len(rest) <= DECIMALS and whole.isdigit() and (rest.isdigit() or not rest):
            return Mass(int(whole + rest.ljust(DECIMALS, "0")))
    value = _not_negative(raw)
    if isinstance(value, Flaw):
        return value
    if value > MOST_TONNES:
        return flaw("Q208", value=shown(raw))
    if len(plain(value).partition(".")[2]) > DECIMALS:
        return flaw("Q207", value=shown(raw))
    return mass(value)


def _percent(raw: Raw) -> Decimal | Flaw:
    value = _number(raw)
    if isinstance(value, Decimal) and not 0 <= value <= 100:
        return flaw("Q216", value=shown(raw))
    return value


def _whole(raw: Raw) -> int | Flaw:
    value = _number(raw)
    if isinstance(value, Flaw):
        return flaw("Q217", value=shown(raw)) if isinstance(raw, str) else value
    return int(value) if value == int(value) and value >= 0 else flaw("Q217", value=shown(raw))


def _year(raw: Raw) -> int | Flaw:
    value = _whole(raw)
    if isinstance(value, int) and not 1900 <= value <= 2200:
        return flaw("Q217", value=shown(raw))
    return value


def _text(raw: Raw) -> str | Flaw:
    if isinstance(raw, str):
        return fold(raw)
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        return _digits(raw)
    if isinstance(raw, date):
        return shown(raw)
    return _marked(raw, "Q215")


def _id(raw: Raw) -> str | Flaw:
    if isinstance(raw, str):
        return fold(raw)
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        if not 0 <= raw < 10**15 or raw != int(raw):  # not: NaN is no id either
            return flaw("Q215", value=shown(raw))
        return str(int(raw))
    if isinstance(raw, date | time | timedelta):
        return flaw("Q215", value=shown(raw))
    return _marked(raw, "Q215")


def _code(raw: Raw) -> str | Flaw:
    text = _id(raw)
    if isinstance(text, Flaw):
        return text
    text = text.upper()
    fault = credit_code_fault(text)
    return flaw("Q214", value=shown(text), why=fault) if fault else text


def _date(raw: Raw) -> date | Flaw:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, str):
        found = _DATE.fullmatch(fold(raw))
        if not found:
            return flaw("Q210", value=shown(raw))
        year, month, day = (int(part) for part in found.groups() if part)
        try:
            return date(year, month, day)
        except ValueError:
            return flaw("Q220", value=shown(raw))
    if isinstance(raw, Mark):
        return _marked(raw, "Q211")
    return flaw("Q211", value=shown(raw))


def _moment(raw: Raw) -> datetime | Flaw:
    if isinstance(raw, datetime):
        return raw
    if isinstance(raw, str):
        clock = _CLOCK.fullmatch(fold(raw))
        if clock:
            day = _date(clock[1])
            if isinstance(day, Flaw):
                return day
            try:
                return datetime(day.year, day.month, day.day, int(clock[2]), int(clock[3]), int(clock[4] or 0))
            except ValueError:
                return flaw("Q220", value=shown(raw))
    day = _date(raw)
    return day if isinstance(day, Flaw) else datetime(day.year, day.month, day.day)


def _moment_or_day(raw: Raw) -> datetime | Flaw:
    moment = _moment(raw)
    told = isinstance(raw, datetime) or (isinstance(raw, str) and _CLOCK.fullmatch(fold(raw)))
    return moment if told or isinstance(moment, Flaw) else Day(moment.year, moment.month, moment.day)


def _measured(raw: Raw) -> Decimal | Flaw | None:
    if isinstance(raw, str) and fold(raw) == "未检出":
        return None
    return _not_negative(raw)


def _word(field: Field) -> Converter:
    allowed = {key(word): word for word in field.words}
    allowed |= {other: word for other, word in also_accepted().items() if word in field.words}

    def convert(raw: Raw) -> str | Flaw:
        text = _text(raw)
        if isinstance(text, Flaw):
            return text
        return allowed.get(key(text)) or flaw("Q212", value=shown(raw), words="、".join(field.words))

    return convert


def _factor(factors: Factors) -> Converter:
    def convert(raw: Raw) -> str | Flaw:
        text = _text(raw)
        return text if isinstance(text, Flaw) else factors.read(text) or flaw("Q213", value=shown(raw))

    return convert


def _several(factors: Factors) -> Converter:
    one = _factor(factors)

    def convert(raw: Raw) -> tuple[str, ...] | Flaw:
        text = _text(raw)
        if isinstance(text, Flaw):
            return text
        read = [one(part) for part in re.split("[、,，]", text) if part.strip()]
        flaws = [value for value in read if isinstance(value, Flaw)]
        return flaws[0] if flaws else tuple(str(value) for value in read)

    return convert


_SIMPLE: dict[str, Converter] = {
    "id": _id,
    "text": _text,
    "zone": _id,
    "date": _date,
    "time": _moment,
    "moment": _moment_or_day,
    "year": _year,
    "integer": _whole,
    "number": _not_negative,
    "percent": _percent,
    "t": _tonnes,
    "measured": _measured,
}
_EMPTY: dict[str, object] = {"id": "", "text": "", "zone": "", "word": "", "factor": "", "factors": ()}


def empty(field: Field) -> object:
    """Return what an empty cell of an optional field means."""
    return field.default or _EMPTY.get(field.type)


class Column(dict[Raw, object]):
    """The converter of one column, which remembers what it has converted."""

    def __init__(self, field: Field, factors: Factors) -> None:
        super().__init__()
        self.flawed = False
        self._field = field
        if field.type == "word":
            self._convert = _word(field)
        elif field.type == "factor":
            self._convert = _factor(factors)
        elif field.type == "factors":
            self._convert = _several(factors)
        else:
            self._convert = _SIMPLE[field.type]

    def __missing__(self, raw: Raw) -> object:
        value: object = "" if isinstance(raw, str) and not raw.strip() else self._convert(raw)
        if value == "" or (isinstance(value, Flaw) and isinstance(raw, str) and not fold(raw)):
            value = empty(self._field) if self._field.optional else flaw("Q201")
        self.flawed = self.flawed or isinstance(value, Flaw)
        self[raw] = value
        return value


class Units(dict[tuple[Raw, Raw], object]):
    """The converter of a plant's two columns, code and site, into one unit id."""

    def __init__(self) -> None:
        super().__init__()
        self.flawed = False

    def __missing__(self, raw: tuple[Raw, Raw]) -> object:
        code, site = raw
        value: object = flaw("Q201") if isinstance(code, str) and not fold(code) else _code(code)
        if isinstance(value, str):
            place = _id(site)
            if isinstance(place, Flaw):  # named here: the complaint would stand at the code
                value = place._replace(words=(*place.words, ("heading", SITE_HEADING)))
            else:
                value = unit_id(value, place or "001")
        self.flawed = self.flawed or isinstance(value, Flaw)
        self[raw] = value
        return value
