"""`python -m tests.bench [NAME…]`: every benchmark, or those named; exit code 1 if one misses its target."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module

from tests.bench import Row

NAMES = (
    "loading",
    "growing",
    "stepping",
    "exploring",
    "sampling",
    "start",
    "keys",
    "cohorts",
    "exporting",
    "reviewing",
    "joining",
    "hosting",
)


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        print(f"there is no benchmark “{unknown[0]}”; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    rows: list[Row] = []
    for name in wanted or NAMES:
        measure: Callable[[], list[Row]] = import_module(f"tests.bench.{name}").measure
        rows += measure()
    print(f"{'':<54}{'ours':>12}{'reference':>12}{'ratio':>8}{'target':>8}")
    for row in rows:
        verdict = "ok" if row.ok else "MISSED"
        print(f"{row.name:<54}{_time(row.ours)}{_time(row.reference)}{row.ratio:>8.2f}{row.target:>8.2f}  {verdict}")
    return 0 if all(row.ok for row in rows) else 1


def _time(seconds: float) -> str:
    return f"{seconds * 1e3:>9.2f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:>9.2f} µs"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
