"""`python -m tests.tools.guides`: the guide page of every library scenario, as `docs/guides/ID.md`, and a list of them all."""

from __future__ import annotations

from pathlib import Path

from facilitator.report.guide import guide
from facilitator.report.markdown import markdown
from simulator.library import Library

FOLDER = Path(__file__).parents[2] / "docs" / "guides"


def page(scenario: str) -> str:
    return markdown(guide(Library().bundle(scenario)))


def contents() -> str:
    """The list: who plays, how long, what it holds, where its page is."""
    shelf = Library()
    rows = []
    for card in shelf.scenarios():
        rows.append(f"| [{card.title}]({card.id}.md) | {'; '.join(card.seats)} | {'; '.join(card.advisories)} |")
    titles = {card.id: card.title for card in shelf.scenarios()}
    series = [
        f"* *{each.title}* (`handoff play {each.id}`): {', then '.join(titles[e.scenario] for e in each.episodes)}. {each.summary.strip()}"
        for each in shelf.all_series()
    ]
    return "\n".join(
        [
            "# The scenarios, and a guide page for each",
            "",
            "For whoever runs the room. The pages give the stories away; this list does not. Each takes about forty minutes to play, and as",
            "long for the debrief. Play one with `handoff play NAME` or from the first page.",
            "",
            "| scenario | who plays | told beforehand |",
            "|---|---|---|",
            *rows,
            "",
            "## Series: the same survivor, weeks later",
            "",
            *series,
            "",
        ]
    )


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in Library().names("scenario"):
        (FOLDER / f"{name}.md").write_text(page(name), encoding="utf-8")
    (FOLDER / "README.md").write_text(contents(), encoding="utf-8")
