"""Which columns a file has: by their names, in any case; what lacks, stands twice or is not read.

Source  contract §2, Hourly data
"""

from __future__ import annotations

from collections.abc import Sequence

from quota_lib.hourly.batch import COLUMNS, NEEDED
from quota_lib.hourly.faults import Faults
from quota_lib.words import key


def places_of(headings: Sequence[str], file: str, faults: Faults) -> dict[str, int] | None:
    """Return the place of each column that is read; None, and a complaint, if the file cannot be used."""
    found: dict[str, int] = {}
    names = {key(one): one for one in COLUMNS}
    for place, heading in enumerate(headings):
        name = names.get(key(heading))
        if name is None:
            faults.of_file("Q605", file, column=heading or f"第 {place + 1} 列")
        elif name in found:
            faults.of_file("Q604", file, column=name)
            return None
        else:
            found[name] = place
    missing = [one for one in NEEDED if one not in found]
    if missing:
        faults.of_file("Q603", file, columns="、".join(missing))
        return None
    return found
