"""Loading and checking as scenarios grow: small, medium and large, each from its five texts to a playable bundle.

ours: `Library().bundle(…)` from files: typed conversion with places, every name looked up, the graph walked.
reference of the first row: PyYAML's C loader making plain dicts and lists of the same five texts, with the collector
paused as the reader pauses it. Reference of the second row: a scene of the medium scenario.
`python -m tests.bench.growing` prints the times, the memory of a fresh process, and the slope of both: the exponent
by which they grow with the number of scenes, 1 being linear.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import log
from pathlib import Path
from statistics import median

import yaml

from simulator.library import Library, Text
from simulator.reading import FOLDERS
from tests.bench import Row
from tests.bench.synthetic import LARGE, MEDIUM, SMALL, Size, generate, texts

SIZES = {"small": SMALL, "medium": MEDIUM, "large": LARGE}
ROUNDS = {"small": 15, "medium": 9, "large": 3}

# A process of its own, in which everything that is loaded once has been loaded. Prints bytes: what Python's own
# allocator gave at most, which unlike the process's size is the same on every system and from run to run.
_PEAK = """
import sys, tracemalloc
from pathlib import Path
from simulator.library import Library
Library().bundle("kitchen-table")
tracemalloc.start()
kept = Library([Path(sys.argv[1])]).bundle("synthetic")
print(tracemalloc.get_traced_memory()[1])
"""


def measure() -> list[Row]:
    medium, _ = _times("medium")
    large, bare = _times("large")
    return [
        Row("load and check of 5,000 scenes, against the bare parse", large, bare, 3.0),
        Row("load and check a scene, of 5,000 against of 300", large / LARGE.scenes, medium / MEDIUM.scenes, 1.5),
    ]


def _times(name: str) -> tuple[float, float]:
    """Medians in seconds: of loading and checking, and of the bare parse, in alternating rounds."""
    ours, bare = [], []
    with shelf(SIZES[name]) as (folder, files):
        for _ in range(ROUNDS[name]):
            gc.collect()
            began = time.perf_counter()
            bundle = Library([folder]).bundle("synthetic")
            ours.append(time.perf_counter() - began)
            assert len(bundle.scenario.scenes) == SIZES[name].scenes and not bundle.warnings
            del bundle
            gc.collect()
            gc.disable()
            began = time.perf_counter()
            for text in files:
                yaml.load(text.text, Loader=yaml.CSafeLoader)
            bare.append(time.perf_counter() - began)
            gc.enable()
    return median(ours), median(bare)


@contextmanager
def shelf(size: Size) -> Iterator[tuple[Path, tuple[Text, ...]]]:
    """A folder of the five files, laid out like the packaged one, and their texts."""
    with tempfile.TemporaryDirectory() as folder:
        files = texts(generate(size))
        for text in files:
            path = Path(folder, FOLDERS.get(text.kind, ""), f"{text.id}.yaml")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text.text, encoding="utf-8")
        yield Path(folder), files


def peak(size: Size) -> float:
    """Megabytes that loading and checking takes at most, in a process of its own."""
    with shelf(size) as (folder, _):
        done = subprocess.run([sys.executable, "-c", _PEAK, str(folder)], capture_output=True, text=True, check=True)
    return int(done.stdout) / 1e6


def main() -> None:
    print(f"{'':<10}{'scenes':>8}{'load+check':>14}{'a scene':>12}{'bare parse':>14}{'memory':>12}")
    found = {}
    for name, size in SIZES.items():
        seconds, bare = _times(name)
        found[name] = (size.scenes, seconds, peak(size))
        print(
            f"{name:<10}{size.scenes:>8,}{seconds * 1e3:>11.1f} ms{seconds / size.scenes * 1e6:>9.0f} µs"
            f"{bare * 1e3:>11.1f} ms{found[name][2]:>9.1f} MB"
        )
    for one, other in (("small", "medium"), ("medium", "large"), ("small", "large")):
        (less, short, low), (more, long, high) = found[one], found[other]
        steps = log(more / less)
        print(f"slope {one} to {other}: time {log(long / short) / steps:.2f}, memory {log(high / low) / steps:.2f}")


if __name__ == "__main__":
    main()
