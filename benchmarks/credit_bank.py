"""A real credit bank against the program: `python benchmarks/credit_bank.py FOLDER`.

FOLDER holds workbooks named after their quarter (2023Q1-….xlsx) and expected_lots.csv with what must
be left of each lot.  The workbooks go into a new workspace; every lot is compared to the last digit.
"""

from __future__ import annotations

import csv
import shutil
import sys
import tempfile
from pathlib import Path

from quota_lib.amounts import text
from quota_lib.periods import Quarter
from quota_lib.workspace import load_park, make_workspace, open_workspace


def main(folder: Path) -> int:
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "park"
        make_workspace(root)
        for book in sorted(folder.glob("*.xlsx")):
            target = root / "data" / book.name.split("-")[0]
            target.mkdir(exist_ok=True)
            shutil.copy(book, target)
        workspace = open_workspace(root)
        last = max(period for period in workspace.periods() if isinstance(period, Quarter))
        park = load_park(workspace, last)
    errors = [one for one in park.problems if one.severity == "error"]
    lots = {lot.number: lot for lot in park.ledger.lots}
    expected = list(csv.DictReader((folder / "expected_lots.csv").open(encoding="utf-8-sig")))
    wrong = [row["lot"] for row in expected if not _agrees(lots.get(row["lot"]), row)]
    print(f"{last}: {len(expected)} lots expected, {len(lots)} found, {len(wrong)} differ; {len(errors)} data errors")
    for name in wrong[:20]:
        print(f"  {name}")
    return 1 if wrong or len(lots) != len(expected) or errors else 0


def _agrees(lot: object, row: dict[str, str]) -> bool:
    if lot is None:
        return False
    used = lot.born + lot.moved - lot.left
    return (lot.zone, text(lot.born), text(used), text(lot.left)) == (
        row["zone"],
        row["born"],
        row["used"],
        row["left"],
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
