"""Writes docs/problems.md, every problem `handoff check` can name, from their pages: `python -m tests.tools.problems_page`."""

from __future__ import annotations

import re
from pathlib import Path

from simulator.problems import codes, explain

PAGE = Path(__file__).parents[2] / "docs" / "problems.md"
FAMILIES = {
    "1": "Reading the file",
    "2": "Names and kinds",
    "3": "The graph",
    "4": "Duties and the ledger",
    "5": "Fairness",
    "6": "Care and language",
    "7": "Sources and review",
}


def page() -> str:
    """The whole page."""
    parts = [
        "# Every problem that check can name\n",
        "Made from `simulator/diagnostics/`; `handoff explain CODE` shows one of them. What is an error, a warning or a notice may "
        "differ between the gates `draft` and `publish`.\n",
    ]
    family = ""
    for code in codes():
        if code[2] != family:
            family = code[2]
            parts.append(f"## {FAMILIES[family]}\n")
        parts.append(re.sub(r"^(#+)", r"##\1", explain(code).strip(), flags=re.MULTILINE) + "\n")
    return "\n".join(parts)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"docs/{PAGE.name}: {len(codes())} problems")


if __name__ == "__main__":
    main()
