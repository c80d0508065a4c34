"""Dilemmas of many sessions in words, the same on the screen, in plain lines and on paper."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.cohort import ENOUGH, NOT_ENOUGH, DilemmaFigure, OptionFigure

LEAD = "Where rules collide and there is no key. How people decided, and what a panel thinks: neither is an answer, and nobody is measured by it."
NOTHING = "Nobody has decided in a judgement scene yet."
NO_PANEL = "No panel that is large and balanced enough has been asked yet. Both sides, to argue:"


def heading(found: DilemmaFigure) -> str:
    return f"{found.title} · {found.seat_name}"


def too_few(found: DilemmaFigure) -> str:
    """Why no option is counted; empty if they are."""
    return f"{NOT_ENOUGH} (n = {found.decisions})" if found.decisions < ENOUGH else ""


def panel_heading(found: DilemmaFigure) -> str:
    return f"What a panel of {found.panel} thinks" if found.panel is not None else "What speaks for each side"


def panel_lines(found: DilemmaFigure) -> Iterator[str]:
    """The panel's spread with its reasons; without one, both sides to argue."""
    if found.panel is None:
        yield NO_PANEL
        yield from (f"· {side}" for side in found.both_sides)
        return
    for option in found.options:
        yield f"{chosen_by(option)}: {option.text}"
        yield from (f"“{reason}”" for reason in option.reasons)


def chosen_by(option: OptionFigure) -> str:
    """`7 (4 community, 3 police)`."""
    told = ", ".join(f"{count} {name}" for name, count in option.disciplines)
    return f"{option.panel or 0} ({told})" if told else f"{option.panel or 0}"
