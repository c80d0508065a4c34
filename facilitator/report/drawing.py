"""Drawings of a report: a dot and a whisker for each figure, and the scenes where most is lost on the scenario's map.

SVG as text. It asks nobody for anything, and every word and figure in it stands in a table beside it as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from facilitator.report.document import clean
from scoring.cohort import Figure, SceneFigure

if TYPE_CHECKING:
    from facilitator.chart import Chart

_ROW, _LEFT, _SCALE, _RIGHT = 26, 300, 300, 240  # pixels
_INK, _SOFT, _DOT = "#1b242c", "#3d4a55", "#0b4f79"
_LABEL, _WORDS = 44, 36  # characters that fit


def whiskers(rows: Sequence[tuple[str, Figure]], axis: str) -> str:
    """One line a figure, from 0 to 100 %: a dot for the share, a whisker for its interval. Where nothing may be said, words."""
    height, width = _ROW * (len(rows) + 2), _LEFT + _SCALE + _RIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{_x(axis)}" font-family="Helvetica, Arial, sans-serif" font-size="12">'
    ]
    bottom = _ROW * (len(rows) + 1)
    for percent in (0, 25, 50, 75, 100):
        x = _LEFT + _SCALE * percent // 100
        parts.append(f'<path d="M{x} {_ROW // 2}V{bottom}" stroke="#b9c2c9" stroke-width="1"/>')
        parts.append(f'<text x="{x}" y="{bottom + 16}" text-anchor="middle" fill="{_SOFT}">{percent} %</text>')
    for number, (label, figure) in enumerate(rows):
        y = _ROW * (number + 1)
        parts.append(
            f'<text x="{_LEFT - 12}" y="{y + 4}" text-anchor="end" fill="{_INK}">{_x(_cut(label, _LABEL))}</text>'
        )
        parts.extend(_mark(figure, y))
        words = f'<text x="{_LEFT + _SCALE + 14}" y="{y + 4}" fill="{_INK}">{_x(_cut(figure.words, _WORDS))}</text>'
        parts.append(words)
    parts.append("</svg>")
    return "\n".join(parts)


def _mark(figure: Figure, y: int) -> list[str]:
    """The dot and its whisker; nothing where there are only counts, which have no place on a scale of percentages."""
    if figure.value is None:
        return []
    parts = []
    if figure.low is not None and figure.high is not None:
        low, high = (round(_LEFT + _SCALE * min(max(end, 0.0), 1.0), 1) for end in (figure.low, figure.high))
        parts.append(
            f'<path d="M{low} {y}H{high}M{low} {y - 5}v10M{high} {y - 5}v10" stroke="{_DOT}" stroke-width="2"/>'
        )
    x = round(_LEFT + _SCALE * min(max(figure.value, 0.0), 1.0), 1)
    parts.append(f'<circle cx="{x}" cy="{y}" r="5" fill="{_DOT}"/>')
    return parts


def share_of(figure: Figure) -> float | None:
    """What a figure comes to, as far as its numbers may be shown: to put figures in order, not to print."""
    if figure.value is not None or figure.hits is None:
        return figure.value
    whole = figure.n if figure.possible is None else figure.possible
    return figure.hits / whole if whole else None


def numbered(chart: Chart, scenes: Sequence[SceneFigure]) -> Mapping[str, int]:
    """The scenes of the figures, numbered in the order of the map, so that drawing and table point at each other."""
    wanted = {scene.scene for scene in scenes}
    return {scene: number for number, scene in enumerate((s for s in chart.order if s in wanted), 1)}


def turning_map(chart: Chart, scenes: Sequence[SceneFigure]) -> tuple[str, ...]:
    """The map in pieces that fit a page, one under the other: each scene its number, and how often a choice there cost something."""
    from facilitator.chart_picture import pieces
    from facilitator.lenses import Lens, Mark

    numbers = numbered(chart, scenes)
    marks = {scene: Mark("–", "no figure") for scene in chart.scenes}
    for scene in numbers:
        here = [figure for figure in scenes if figure.scene == scene]
        words = "; ".join(f"{figure.seat_name}: {figure.losing.words}" for figure in here)
        most = max((share_of(figure.losing) or 0.0 for figure in here), default=0.0)
        marks[scene] = Mark("●", words, "bad") if most >= 0.5 else Mark("○", words, "attention")
        if not most:
            marks[scene] = Mark("–", words)
    legend = "● half or more of the choices gave something away · ○ some did · – none, or not enough to say"
    lines = {scene: (str(numbers[scene]) if scene in numbers else "·",) for scene in chart.scenes}
    return pieces(chart, Lens("cost", legend, marks), lines)


def _cut(text: str, most: int) -> str:
    tidy = clean(text)
    return tidy if len(tidy) <= most else tidy[: most - 1].rstrip() + "…"


def _x(text: str) -> str:
    return escape(clean(text), {'"': "&quot;"})
