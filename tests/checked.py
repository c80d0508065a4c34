"""What the tests of the content rules share: a fair scenario, changes to it, and what is told about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from facilitator.checks import Gate, Subject, examine, proofs
from facilitator.checks.kept import Kept
from facilitator.checks.setting import LIMIT, setting_of
from simulator.library import Library
from simulator.problems import Problem, codes, explain, render

HERE = Path(__file__).parent
SHELF = HERE / "fixtures" / "shelf"
FAIR = (HERE / "fixtures" / "fair.yaml").read_text(encoding="utf-8")
BASES = {
    "scenario": FAIR,
    "jurisdiction": (SHELF / "jurisdictions" / "here.yaml").read_text(encoding="utf-8"),
    "mou": (SHELF / "mous" / "plain.yaml").read_text(encoding="utf-8") + "sign_offs: A. Adeyemi\n",
}
FILES = {"scenario": "library/fair.yaml", "jurisdiction": "jurisdictions/here.yaml", "mou": "mous/plain.yaml"}
TELLING = {"switches": "jurisdiction", "parties": "mou"}  # the key by which an example is of that kind of file
TODAY = date(2026, 2, 1)
CODES = tuple(code for code in codes() if code >= "HS307")
PROVEN = frozenset(proofs.CODES - {"HS506"})
LIMITS = {"HS311": 8}  # the states that a page's example may have

shelf_of_tests = Library([SHELF])


def examined(text: str, kind: str = "scenario", gate: Gate = "publish", today: date = TODAY) -> tuple[Problem, ...]:
    read = shelf_of_tests.check_text(text, FILES[kind], kind)
    assert read.sound, "\n".join(map(render, read.problems))
    return examine(Subject(read, shelf_of_tests.shelf(read), today), gate)


def proven(text: str, kind: str = "scenario", gate: Gate = "publish", limit: int = LIMIT) -> tuple[Problem, ...]:
    """As `examined`, with what is proven from all plays."""
    read = shelf_of_tests.check_text(text, FILES[kind], kind)
    assert read.sound, "\n".join(map(render, read.problems))
    if kind == "mou":
        more = proofs.mou_rules(shelf_of_tests)
    else:
        more = proofs.scenario_rules(setting_of(read, shelf_of_tests), Kept(None, limit))
    return examine(Subject(read, shelf_of_tests.shelf(read), TODAY), gate, more)


def told_of(code: str, text: str, kind: str) -> tuple[Problem, ...]:
    """What an example of a code's page is told, by the rules of its family."""
    return proven(text, kind, limit=LIMITS.get(code, LIMIT)) if code in PROVEN else examined(text, kind)


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
    kind = next((kind for key, kind in TELLING.items() if key in tree), "scenario")
    whole = laid_over(yaml.safe_load(BASES[kind]), tree)
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=110), kind
