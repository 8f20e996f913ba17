"""What an hour is: the five words of the contract, and what other systems write for them.

Source  TOTAL-2; contract §2, Hourly data
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from quota_lib.rules import RuleError, Rules
from quota_lib.words import key

MISSING, NORMAL, MAINTENANCE, FAULT, OUT_OF_CONTROL, STOPPED, INVALID = range(7)
WORDS = ("missing", "normal", "maintenance", "fault", "out_of_control", "stopped", "invalid")
"""By code: no row at all; the five words; a row that cannot count (a value refused, an unknown flag, two different rows)."""
GIVEN = WORDS[NORMAL : STOPPED + 1]


def flag_codes(rules: Rules, day: date) -> Mapping[str, int]:
    """Return the code of every flag that is known on a day, as it is compared: the words, and what tables in force translate.

    Errors  RuleError for a flag that is none of the words, and one mark with two meanings.
    """
    found = {word: code for code, word in enumerate(WORDS) if word in GIVEN}
    for table in rules.of("flags"):
        if table.on(day) is None or rules.value(table.key, day).value is None:
            continue
        for mark, word in table.more["marks"].items():
            if word not in GIVEN:
                raise RuleError(f"{table.key} reads {mark!r} as {word!r}; use one of {', '.join(GIVEN)}.")
            code = WORDS.index(word)
            if found.setdefault(key(mark), code) != code:
                raise RuleError(
                    f"{table.key} reads {mark!r} as {word}, another table in force does not; keep one in force."
                )
    return found
