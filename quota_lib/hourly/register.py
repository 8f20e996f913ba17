"""Names in hourly files → outlets of the register: which series a row belongs to, or why to none.

Source  contract §2: every name must be known; TOTAL-2
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from quota_lib.hourly.limits import AIR, WATER
from quota_lib.hourly.results import Key
from quota_lib.words import Factors, credit_code_fault, fold, unit_id


class HasMedium(Protocol):
    """An outlet of the register (排放口): 大气 or 水."""

    @property
    def medium(self) -> str: ...


class Refused(NamedTuple):
    """Why rows belong to no series: a code of the catalogue and its words."""

    code: str
    words: Mapping[str, str]


class Register:
    """The outlets that may have hourly data."""

    def __init__(self, outlets: Mapping[tuple[str, str], HasMedium], factors: Factors) -> None:
        self.outlets = outlets
        self.factors = factors

    def find(self, code: str, site: str, outlet: str, factor: str) -> Key | Refused:
        """Return the series that four words name, as staff wrote them; a blank ``site`` is 001."""
        code, outlet = fold(code).upper(), whole_digits(fold(outlet))
        fault = credit_code_fault(code)
        if fault:
            return Refused("Q611", {"value": code, "why": fault})
        known = self.factors.read(factor)
        if known is None:
            return Refused("Q613", {"value": factor})
        unit = unit_id(code, whole_digits(fold(site)) or "001")
        found = self.outlets.get((unit, outlet))
        if found is None:
            return Refused("Q612", {"unit": unit, "outlet": outlet})
        medium = self.factors.by_id[known].medium
        if medium != found.medium and medium in (AIR, WATER):
            words = {"unit": unit, "outlet": outlet, "medium": found.medium, "factor": self.factors.label(known)}
            return Refused("Q614", words)
        return unit, outlet, known

    def medium(self, key: Key) -> str:
        return self.outlets[key[:2]].medium


def whole_digits(text: str) -> str:
    """Return an id; of a whole number that was stored as 5.0 its digits.

    >>> whole_digits("5.0"), whole_digits("05"), whole_digits("1.5")
    ('5', '05', '1.5')
    """
    whole = text.removesuffix(".0")
    return whole if whole.isascii() and whole.isdigit() else text
