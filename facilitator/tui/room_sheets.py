"""The room's debrief as sheets for a wall: a heading, a line under it, and blocks. Pure text; large enough a screen is somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content

from facilitator.room_split import ENOUGH, Split, Together, Way
from simulator.tui.words import paragraphs, sentence

BAR = 24  # columns of a bar for all pairs
FEW = f"Fewer than {ENOUGH} pairs decided here, so nothing is counted. These ways were open; several can be argued for."


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the wall. `name`: `decision`, `why`, `question` or `list`."""

    name: str
    title: str
    lead: str
    blocks: tuple[Content, ...]
    turning: bool = False


def sheets(found: Together) -> tuple[Sheet, ...]:
    """For each decision how the pairs split, then what each way cost and why; then the questions, one a page."""
    return (*(sheet for split in found.splits for sheet in _of(split)), *_prompts(found.prompts))


def _of(split: Split) -> Iterator[Sheet]:
    mark = "◆ " if split.turning else ""
    title = f"{mark}{split.title} · {split.seat}"
    if split.pairs is None:
        yield Sheet("decision", title, FEW, tuple(Content(f"·  {sentence(way.text)}") for way in split.ways))
    else:
        lead = f"{split.pairs} pairs decided here."
        yield Sheet("decision", title, lead, tuple(_counted(way, split.pairs) for way in split.ways), split.turning)
    if split.question:
        sides = tuple(Content(f"·  {sentence(side)}") for side in split.sides)
        question = Content.styled(split.question, "bold")
        yield Sheet("why", title, "No right answer here. What speaks for each side:", (question, *sides))
    else:
        yield Sheet("why", title, "What each way cost, and why it is weighed so.", tuple(map(_why, split.ways)))


def _counted(way: Way, pairs: int) -> Content:
    count = way.pairs or 0
    bar = "█" * round(BAR * count / pairs) if count else ""
    return Content.assemble((f"{count:>3}  {bar or '·'}", "bold $primary"), "\n     ", sentence(way.text))


def _why(way: Way) -> Content:
    parts: list[Content | str | tuple[str, str]] = [(sentence(way.text), "bold")]
    if way.because:
        parts += ["\n   ", paragraphs(way.because)]
    parts += [f"\n   With another way, {sentence(cost)}" for cost in way.cost]
    if way.felt:
        parts += [("\n   Her own account: ", "$accent"), paragraphs(way.felt)]
    return Content.assemble(*parts)


def _prompts(prompts: tuple[str, ...]) -> Iterator[Sheet]:
    for number, prompt in enumerate(prompts, 1):
        yield Sheet(
            "question", f"Question {number} of {len(prompts)}", "", (Content.styled(paragraphs(prompt), "bold"),)
        )
