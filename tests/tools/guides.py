"""`python -m tests.tools.guides`: the guide page of every library scenario, as `docs/guides/ID.md`."""

from __future__ import annotations

from pathlib import Path

from facilitator.report.guide import guide
from facilitator.report.markdown import markdown
from simulator.library import Library

FOLDER = Path(__file__).parents[2] / "docs" / "guides"


def page(scenario: str) -> str:
    return markdown(guide(Library().bundle(scenario)))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in Library().names("scenario"):
        (FOLDER / f"{name}.md").write_text(page(name), encoding="utf-8")
