"""Make the demo park: ``python -m tests.demo.make_park [DIR]`` (by default the repository's ``data``)."""

import sys
from pathlib import Path

from . import (
    annual,
    openings,
    stories_annual,
    stories_building,
    stories_computed,
    stories_corrections,
    stories_reductions,
    stories_reserve,
    stories_waiting,
)
from .annual_figures import key_of
from .annual_register import Permits
from .park import QUARTERS, Park, amounts
from .published import PUBLISHED
from .register import STORY_PLANTS, make_plants
from .traffic import Traffic, open_factors
from .writer import write_park


def build() -> Park:
    """Return the whole park on paper."""
    park = Park()
    plants = make_plants(park)
    openings.open_reserve(park)
    openings.assess(park)
    for page in (
        stories_reductions,
        stories_building,
        stories_waiting,
        stories_reserve,
        stories_corrections,
    ):
        page.tell(park, plants)
    ordinary = [plant for zone in plants.values() for plant in zone[STORY_PLANTS:] if open_factors(plant)]
    everyone = [plant for zone in plants.values() for plant in zone]
    permitted = {2022: {key_of(plant): dict(plant.permitted) for plant in everyone}}
    traffic = Traffic(park, ordinary)
    for quarter in QUARTERS:
        traffic.quarter(quarter)
        if quarter.endswith("Q4"):
            year = int(quarter[:4])
            annual.verify(park, ordinary, year)
            permitted[year] = {key_of(plant): dict(plant.permitted) for plant in everyone}
    stories_computed.tell(park, plants)
    for quarter, zones in PUBLISHED.items():
        for zone, closing in zones.items():
            for factor, balance in amounts(closing).items():
                row = {"功能区编码": zone, "污染因子": factor, "期末结存": balance}
                park.add(quarter, "结存核对", row)
    stories_annual.tell(park, everyone, ordinary, Permits(permitted))
    park.settle()
    return park


def main() -> None:
    """Write the park's workbooks and hourly data."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "data"
    paths = write_park(build(), target)
    print(f"{len(paths)} files, {sum(path.stat().st_size for path in paths) / 1024:.0f} KB in {target}")


if __name__ == "__main__":
    main()
