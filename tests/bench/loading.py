"""Loading a scenario against the bare parse of the same text.

ours: the kitchen table's text to a checked typed model, with the line and column of everything in it.
reference: PyYAML's C loader making plain dicts and lists of that text.
The second row is the whole bundle (scenario, agreement, jurisdiction, framework, vocabulary; every file read from disk, its
names looked up, its graph walked, protocols inlined) against the bare parse of the same five texts.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from statistics import median

import yaml

from simulator.library import Library
from simulator.reading import read_text
from tests.bench import Row

ROUNDS = 15
SCENARIO = "kitchen-table"


def measure() -> list[Row]:
    texts = [text.text for text in Library().bundle(SCENARIO).texts]
    scenario = texts[0]

    def read() -> None:
        assert read_text("scenario", scenario, "library/kitchen-table.yaml").value is not None

    reading, parse_one = _race(read, lambda: _parse([scenario]))
    bundling, parse_all = _race(lambda: Library().bundle(SCENARIO), lambda: _parse(texts))
    return [
        Row("reading the scenario, against its bare YAML parse", reading, parse_one, 3.0),
        Row("a whole bundle, against the bare parse of its files", bundling, parse_all, 3.0),
    ]


def _parse(texts: Sequence[str]) -> None:
    for text in texts:
        yaml.load(text, Loader=yaml.CSafeLoader)


def _race(ours: Callable[[], object], reference: Callable[[], object]) -> tuple[float, float]:
    """Medians of alternating rounds, in seconds, so that a busy moment of the machine hits both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for run, kept in zip((ours, reference), times, strict=True):
            gc.collect()
            began = time.perf_counter()
            run()
            kept.append(time.perf_counter() - began)
    return median(times[0]), median(times[1])
