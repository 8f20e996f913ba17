"""The marks of an hour, and other systems' marks through the tables in force.

Source  contract §2, Hourly data
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from quota_lib.rules import RuleError, Rules
from quota_lib.words import key

ABSENT, NORMAL, STOPPED, MAINTENANCE, FAULT, OUT_OF_CONTROL, CLASH = range(7)
"""An hour's state: no row of it; its flag; two rows that differ, which count as none."""

FLAGS: Mapping[str, int] = {
    "normal": NORMAL,
    "stopped": STOPPED,
    "maintenance": MAINTENANCE,
    "fault": FAULT,
    "out_of_control": OUT_OF_CONTROL,
}
STATE_WORDS = ("missing", "normal", "stopped", "maintenance", "fault", "out_of_control", "missing")


def marks_on(rules: Rules, day: date) -> dict[str, int]:
    """Return every mark that is understood on a day, folded, with its state.

    Errors  RuleError if two tables in force read one mark differently, or a table names an unknown flag.
    """
    found, told = dict(FLAGS), dict.fromkeys(FLAGS, "the five flags")
    for table in rules.of("flags"):
        since = table.on(day)
        if since is None or rules.value(table.key, day).value is None:
            continue
        for mark, flag in table.more.get("marks", {}).items():
            word = key(mark)
            if flag not in FLAGS:
                raise RuleError(f"{table.key} reads {mark!r} as {flag!r}; use one of {', '.join(FLAGS)}.")
            if found.setdefault(word, FLAGS[flag]) != FLAGS[flag]:
                raise RuleError(f"{table.key} and {told[word]} read the mark {mark!r} differently; put only one in force.")
            told.setdefault(word, table.key)
    return found
