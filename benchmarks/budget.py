"""The time that a user waits, on the demo park: `python benchmarks/budget.py`.

Whole processes, as typed; the best and the middle of five runs each, beside what is aimed at.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMANDS = (("--help", "0.3 s"), ("check 2025Q4", "2 s"), ("reserve 2025Q4", "6 s"))
RUNS = 5


def seconds(arguments: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(["quota", *arguments], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> int:
    print("command               best    median   aim")
    for command, aim in COMMANDS:
        runs = [seconds(command.split()) for _ in range(RUNS + 1)][1:]
        print(f"quota {command:<15} {min(runs):5.2f} s  {statistics.median(runs):5.2f} s  ≤ {aim}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
