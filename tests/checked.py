"""What the tests of the content rules share: a fair scenario, changes to it, and what is told about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from facilitator.checks import Gate, Subject, examine
from simulator.library import Library
from simulator.problems import Problem, codes, explain, render

HERE = Path(__file__).parent
SHELF = HERE / "fixtures" / "shelf"
FAIR = (HERE / "fixtures" / "fair.yaml").read_text(encoding="utf-8")
BASES = {
    "scenario": FAIR,
    "jurisdiction": (SHELF / "jurisdictions" / "here.yaml").read_text(encoding="utf-8"),
}
FILES = {"scenario": "library/fair.yaml", "jurisdiction": "jurisdictions/here.yaml"}
TODAY = date(2026, 2, 1)
CODES = tuple(code for code in codes() if code >= "HS500")

shelf_of_tests = Library([SHELF])


def examined(text: str, kind: str = "scenario", gate: Gate = "publish", today: date = TODAY) -> tuple[Problem, ...]:
    read = shelf_of_tests.check_text(text, FILES[kind], kind)
    assert read.sound, "\n".join(map(render, read.problems))
    return examine(Subject(read, shelf_of_tests.shelf(read), today), gate)


def codes_of(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]


def fair(old: str, new: str, gate: Gate = "publish") -> list[str]:
    assert old in FAIR
    return codes_of(examined(FAIR.replace(old, new, 1), gate=gate))


def laid_over(below: Any, above: Any) -> Any:
    """A tree with the parts of another laid over it."""
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        return {**below, **{key: laid_over(below.get(key), value) for key, value in above.items()}}
    return above


def examples(code: str) -> tuple[str, str]:
    bad, good = re.findall(r"(?s)```yaml\n(.*?)```", explain(code))
    return bad, good


def as_file(example: str) -> tuple[str, str]:
    """A page's example laid over a sound file of its kind: the text, and the kind."""
    tree = yaml.safe_load(example)
    kind = "jurisdiction" if "switches" in tree else "scenario"
    whole = laid_over(yaml.safe_load(BASES[kind]), tree)
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=110), kind
