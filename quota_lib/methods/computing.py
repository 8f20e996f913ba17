"""From rows of inputs to an amount: every input, coefficient and step kept, one rounding at the end.

Source  REDUCE-2, REDUCE-3
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import NamedTuple

from quota_lib.amounts import DECIMALS, Mass
from quota_lib.coefficients import PERCENT, Coefficients
from quota_lib.methods.card import ROLE, SIGNS, Card, CardError
from quota_lib.methods.formula import PRECISION, evaluate, names
from quota_lib.methods.lookups import HUNDRED, Asking, Found, Used, look_up
from quota_lib.methods.reading import Fault, Raw, Value, fault, read_inputs
from quota_lib.methods.registry import METHODS, Method
from quota_lib.methods.steps import Step, lookup_steps, row_steps, total_step

REDUCTION = "reduction"  # the name of a result that may be reserved
LAST_DIGITS = Decimal("1e-100")  # of quotients that do not end
NOTHING = "结果为负值或零，无可储备"


class Given(NamedTuple):
    """An input as it was read; ``left_out``: nothing stood there, and this counts."""

    row: int
    name: str
    heading: str
    value: Decimal | str
    unit: str
    left_out: bool


class Computation(NamedTuple):
    """What a method made of its rows; ``exact`` and ``result`` None: something is wrong with them, see ``faults``.

    ``exact`` in t before, ``result`` after the one rounding to the milligram; negative where the working is.
    """

    method: str
    label: str
    factor: str
    day: date
    edition: str  # of the tables that were asked, joined by 、; "" where none was
    inputs: tuple[Given, ...]
    coefficients: tuple[Used, ...]
    steps: tuple[Step, ...]
    exact: Decimal | None
    result: Mass | None
    result_name: str
    stated: tuple[str, ...]  # inputs whose percentage or coefficient stands in a table's place: evidence is due
    notes: tuple[str, ...]
    faults: tuple[Fault, ...]
    disagreements: tuple[str, ...] = ()  # printed formulas that do not give what the function gave; see ``uncompared``

    @property
    def reservable(self) -> Mass:
        """Return what may be reserved of it at most: nothing where it is negative, zero or faulty."""
        return Mass(max(self.result or 0, 0))

    def total(self, name: str) -> Decimal:
        """Return the sum of a step (``generated``, ``fugitive`` …) over the rows, the roles aside."""
        return _sum(step.value for step in self.steps if step.name == name and step.row is not None)


def compute(
    name: str,
    rows: Sequence[Mapping[str, Raw]],
    factor: str,
    day: date,
    coefficients: Coefficients,
    project_type: str = "",
) -> Computation:
    """Return what a method makes of the input rows of one factor, under the edition in force on a day.

    Units   inputs as their card says; t/a out.
    Shape   several rows add up; with a role, 旧 rows less 新 rows.
    Errors  CardError for a method that is not there, or whose function and card do not fit; also where a printed
            formula does not give what the function gave: what is printed must be what is computed.
    """
    made = uncompared(name, rows, factor, day, coefficients, project_type)
    if made.disagreements:
        raise CardError(f"{name}: {'; '.join(made.disagreements)}. Mend the card's formula or the function.")
    return made


def uncompared(
    name: str,
    rows: Sequence[Mapping[str, Raw]],
    factor: str,
    day: date,
    coefficients: Coefficients,
    project_type: str = "",
) -> Computation:
    """Return what :func:`compute` does, with the formulas that disagree named and not refused: for the proof of a card.

    Errors  CardError for a method that is not there, or whose function and card do not fit.
    """
    if name not in METHODS:
        raise CardError(f"there is no method {name!r}; there are {', '.join(METHODS)}")
    method = METHODS[name]
    with localcontext() as context:
        context.prec = PRECISION
        return _compute(method, rows, factor, day, coefficients, project_type)


def rounded(exact: Decimal) -> Mass:
    """Return tonnes in milligrams, rounded once, half to even.

    Source  GB/T 8170
    """
    with localcontext() as context:
        context.prec = PRECISION
        return Mass(int(exact.scaleb(DECIMALS).to_integral_value(rounding=ROUND_HALF_EVEN)))


class _Row(NamedTuple):
    """A row with all that its function needs."""

    values: Mapping[str, Value]
    found: Mapping[str, Found]


def _compute(
    method: Method,
    rows: Sequence[Mapping[str, Raw]],
    factor: str,
    day: date,
    coefficients: Coefficients,
    project_type: str,
) -> Computation:
    card = method.card
    faults = list(_not_for(card, factor, project_type))
    if not rows:
        faults.append(fault(None, "", "Q238", label=card.label))
    read: list[_Row] = []
    for place, raw in enumerate(rows):
        values, wrong = read_inputs(card, place, raw)
        silent = frozenset(one.name for one in wrong)
        asking = Asking(card, place, values, factor, day, coefficients, silent)
        found = {} if _refused(faults) else look_up(asking)
        faults += wrong
        faults += [one for item in found.values() for one in item.faults if one.name not in silent]
        read.append(_Row(values, found))
    used = tuple(one for row in read for item in row.found.values() for one in item.used)
    bare = Computation(
        method=card.name,
        label=card.label,
        factor=factor,
        day=day,
        edition="、".join(dict.fromkeys(one.coefficient.edition for one in used)),
        inputs=tuple(_given(card, read)),
        coefficients=used,
        steps=(),
        exact=None,
        result=None,
        result_name=card.result.name,
        stated=tuple(dict.fromkeys(_stated(card, read))),
        notes=tuple(note for row in read for item in row.found.values() for note in item.notes),
        faults=tuple(faults),
    )
    return bare if faults else _summed(method, read, bare)


def _not_for(card: Card, factor: str, project_type: str) -> Iterator[Fault]:
    """Return a fault where a method does not apply to the factor or to the type of project."""
    if card.factors and factor not in card.factors:
        yield fault(None, "", "Q236", label=card.label, what="污染因子", value=factor, words="、".join(card.factors))
    if card.types and project_type and project_type not in card.types:
        yield fault(None, "", "Q236", label=card.label, what="类型", value=project_type, words="、".join(card.types))


def _refused(faults: Iterable[Fault]) -> bool:
    return any(one.code == "Q236" for one in faults)


def _given(card: Card, rows: Sequence[_Row]) -> Iterator[Given]:
    for place, row in enumerate(rows):
        for name, one in card.inputs.items():
            value = row.values[name]
            if value is not None:
                yield Given(place, name, one.heading, value, one.unit, False)
            elif one.left_out:
                yield Given(place, name, one.heading, Decimal(one.left_out), one.unit, True)
        for name, item in row.found.items():
            lookup = card.lookups[name]
            if not item.given and item.value is not None:
                value = item.value * HUNDRED if lookup.unit == PERCENT else item.value
                yield Given(place, lookup.word or lookup.stated, lookup.label, value, lookup.unit, True)


def _stated(card: Card, rows: Sequence[_Row]) -> Iterator[str]:
    for row in rows:
        yield from (card.lookups[name].stated for name, item in row.found.items() if item.stated)


def _scope(card: Card, row: _Row) -> dict[str, Decimal | None]:
    """Return every number that the function may ask for: inputs, shares of 1, constants, coefficients."""
    scope: dict[str, Decimal | None] = dict(card.constants)
    for name, one in card.inputs.items():
        value = row.values[name]
        number = value if isinstance(value, Decimal) else Decimal(one.left_out) if one.left_out else None
        scope[name] = number
        if one.share:
            scope[one.share] = None if number is None else number / 100
    return scope | {name: item.value for name, item in row.found.items()}


def run_row(method: Method, scope: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """Return the steps that the function takes for one row.

    Errors  CardError if it returns a step that the card does not describe, or not the last one.
    """
    card = method.card
    last = list(card.steps)[-1]
    try:
        made = method.function(**{name: scope[name] for name in method.parameters})
    except (ArithmeticError, TypeError, LookupError, ValueError) as fault:
        raise CardError(f"{card.name}: its function fails: {type(fault).__name__}: {fault}.") from fault
    steps = {last: made} if isinstance(made, Decimal) else made
    wrong = {last: made} if not isinstance(steps, Mapping) else {n: v for n, v in steps.items() if not _fine(v)}
    for name, value in wrong.items():
        raise CardError(f"{card.name}: its function gives {name} as {type(value).__name__}; a Decimal is needed.")
    if set(steps) - set(card.steps) or steps.get(last) is None:
        raise CardError(f"{card.name} returns {', '.join(steps)}; its card describes {', '.join(card.steps)}.")
    return {name: value for name in card.steps if (value := steps.get(name)) is not None}


def _fine(value: object) -> bool:
    return value is None or isinstance(value, Decimal)


def disagreements(card: Card, scope: Mapping[str, Decimal | None], made: Mapping[str, Decimal]) -> Iterator[str]:
    """Return the steps of a row whose printed formula does not give what the function gave."""
    values = {name: value for name, value in scope.items() if value is not None} | dict(made)
    for name, value in made.items():
        formulas = [one for one in card.steps[name].formulas if names(one) <= set(values) - {name}]
        if not formulas:
            yield f"step {name} has no formula for this row"
        elif abs(evaluate(formulas[0], values) - value) > LAST_DIGITS:
            yield f"step {name}: the card's formula {formulas[0]} gives another value than the function"


def _summed(method: Method, rows: Sequence[_Row], bare: Computation) -> Computation:
    """Return the computation with its steps and its sum over the rows."""
    card = method.card
    steps: list[Step] = []
    parts: list[tuple[int, Decimal]] = []
    faults: list[Fault] = []
    unlike: list[str] = []
    for place, row in enumerate(rows):
        scope = _scope(card, row)
        made = run_row(method, scope)
        unlike += disagreements(card, scope, made)
        faults += _beyond(card, place, row, made)
        steps += lookup_steps(card, place, row.found)
        steps += row_steps(card, place, scope, made)
        role = row.values.get(ROLE)
        parts.append((SIGNS[str(role)] if card.signed else 1, list(made.values())[-1]))
    bare = bare._replace(disagreements=tuple(dict.fromkeys(unlike)))
    if faults:
        return bare._replace(faults=tuple(faults))
    exact = _sum(sign * value for sign, value in parts)
    if card.signed or len(rows) > 1:
        steps.append(total_step(card, parts, exact))
    result = rounded(exact)
    return bare._replace(steps=tuple(steps), exact=exact, result=result, notes=(*bare.notes, *_notes(bare, result)))


def _beyond(card: Card, place: int, row: _Row, made: Mapping[str, Decimal]) -> Iterator[Fault]:
    """Return a fault where inputs, each in its range, make a share of more than 100 % (g/L by a low density)."""
    for name, value in made.items():
        if card.steps[name].unit == PERCENT and not 0 <= value <= 1:
            formulas = " ".join(card.steps[name].formulas)
            one = next(one for one in card.inputs.values() if one.name in formulas and row.values[one.name] is not None)
            within = f"使{card.steps[name].label}在 0–100 % 之内"
            yield fault(place, one.name, "Q237", heading=one.heading, value=str(row.values[one.name]), range=within)


def _notes(bare: Computation, result: Mass) -> Iterator[str]:
    if result <= 0:
        yield NOTHING if bare.result_name == REDUCTION else "结果为负值或零，请核对各项" if result < 0 else "结果为零"
    if "、" in bare.edition:
        yield f"系数取自不同的版本：{bare.edition}；减排前后各用同一版本"


def _sum(values: Iterable[Decimal]) -> Decimal:
    with localcontext() as context:
        context.prec = PRECISION
        return sum(values, Decimal(0))
