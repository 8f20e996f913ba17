"""The inputs of the reductions' methods: the stories' stand in ``inputs.txt``, ordinary business solves for them."""

from decimal import Decimal
from functools import cache
from pathlib import Path

from .inputs_traffic import WORKS
from .park import Amounts, Inputs, Park, t

HERE = Path(__file__).parent
COMPUTED = 0.6  # the share of ordinary reductions that are computed; the others rest on documents


def inputs_of(park: Park, project: str, name: str, amounts: Amounts) -> dict[str, Inputs]:
    """Return the inputs of a project by factor: what its story says, or what ordinary business hands in."""
    told = {factor: read_inputs()[name, factor] for factor in amounts if (name, factor) in read_inputs()}
    solve = WORKS.get(name[2:])
    chance = park.draw("inputs", project)
    if told or not solve or chance.random() >= COMPUTED:
        return told
    return solve(amounts, chance)


@cache
def read_inputs() -> dict[tuple[str, str], Inputs]:
    """Return the inputs of the stories by project name and factor."""
    found: dict[tuple[str, str], Inputs] = {}
    for part in (HERE / "inputs.txt").read_text(encoding="utf-8").split("\n# ")[1:]:
        method, *lines = (line.strip() for line in part.splitlines() if line.strip())
        headings, *rows = ([cell.strip() for cell in line.split("|")] for line in lines)
        for cells in rows:
            row = {heading: value_of(cell) for heading, cell in zip(headings, cells, strict=True) if cell}
            key = str(row.pop("项目名称")), str(row.pop("污染因子"))
            basis = str(row.pop("核算依据"))
            before = found.get(key, Inputs(method, (), basis))
            found[key] = Inputs(method, (*before.rows, row), basis)
    return found


def value_of(cell: str) -> Decimal | str:
    """Return a cell as a number where it is one."""
    return t(cell) if cell.replace(".", "", 1).isdigit() else cell
