"""A chart as a picture: an SVG that stands alone, with its words as text, and the PNG painted from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import sqrt
from xml.sax.saxutils import escape

from facilitator.chart import Chart, Kind
from facilitator.chart_layout import Box, Plan, Stroke, plan
from facilitator.lenses import Lens, Tone

COLUMN, ROW = 8, 18  # pixels of a cell
_WIDE = 26  # characters of a line in a box
_MARGIN = 24
MOST_PIXELS = 32_000_000  # of a PNG: a few seconds and 400 MB; larger ones few programs open

# Light ground and dark words, for paper. The letters of a mark say the same as its colour.
_TONES: dict[Tone, str] = {
    "first": "#0f6469",
    "second": "#8a5200",
    "third": "#2d6a31",
    "fourth": "#5a3f8a",
    "good": "#2d6a31",
    "attention": "#8a5200",
    "bad": "#a3301b",
    "quiet": "#55616c",
}
_BORDERS: dict[Kind, str] = {
    "decision": 'rx="2" stroke-width="1.5"',
    "together": 'rx="2" stroke-width="4"',
    "chance": 'rx="9" stroke-width="1.5" stroke-dasharray="5 3"',
    "narration": 'rx="14" stroke-width="1.5"',
    "ending": 'rx="2" stroke-width="3"',
}


_TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0 8 4 0 8z" fill="#465768"/></marker></defs>'
)


class NoPainter(RuntimeError):
    """There is no package here that paints a PNG; the message says what to install."""


def svg(chart: Chart, lens: Lens) -> str:
    """The picture. It asks nobody for anything: no font, no script, no address but SVG's own name."""
    texts = {scene: _lines(chart, scene) for scene in chart.scenes}
    sizes = {scene: (max(map(len, lines)) + 4, len(lines) + 1) for scene, lines in texts.items()}
    laid = plan(chart, sizes)
    width = max(laid.width * COLUMN, 7 * max(len(chart.title), len(lens.legend))) + 2 * _MARGIN
    height = laid.height * ROW + 2 * _MARGIN + 3 * ROW
    drawn = "\n".join([*_edges(chart, laid), *_scenes(chart, lens, laid, texts)])
    described = f"{len(chart.scenes)} scenes and the ways between them. {lens.legend}"
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" \
role="graphics-document document" aria-labelledby="map-title map-desc" font-family="'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="12">
<title id="map-title">{_x(chart.title)}: map of scenes</title>
<desc id="map-desc">{_x(described)}</desc>
{_TIP}
<rect width="{width}" height="{height}" fill="#fffdf8"/>
<text x="{_MARGIN}" y="{_MARGIN + 10}" font-size="16" font-weight="bold" fill="#1b242c">{_x(chart.title)}</text>
<text x="{_MARGIN}" y="{_MARGIN + 10 + ROW}" fill="#55616c">{_x(lens.legend)}</text>
<g transform="translate({_MARGIN} {_MARGIN + 3 * ROW})">
{drawn}
</g>
</svg>
"""


def pieces(chart: Chart, lens: Lens, texts: Mapping[str, tuple[str, ...]], most: int = 1_000) -> tuple[str, ...]:
    """The map with these lines in its boxes, cut between layers into pictures of at most `most` pixels' height, for paper.

    All of them belong in one page: the first holds the drawing, the others show their part of it.
    """
    laid = plan(chart, {scene: (max(map(len, lines)) + 4, len(lines) + 1) for scene, lines in texts.items()})
    width = laid.width * COLUMN + 2 * _MARGIN
    drawn = "\n".join([*_edges(chart, laid), *_scenes(chart, lens, laid, texts)])
    tops, layers = [-_MARGIN], sorted({box.y * ROW for box in laid.boxes.values()})
    for layer, following in pairwise([*layers, laid.height * ROW]):
        if following - tops[-1] > most and layer - ROW // 2 > tops[-1]:
            tops.append(layer - ROW // 2)
    called = _x(chart.title).replace('"', "&quot;")
    found = []
    for number, (top, end) in enumerate(pairwise([*tops, laid.height * ROW + _MARGIN]), 1):
        inner = f'{_TIP}<g id="map-drawing">{drawn}</g>' if number == 1 else '<use href="#map-drawing"/>'
        found.append(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-_MARGIN} {top} {width} {end - top}" width="{width}" '
            f'height="{end - top}" role="img" aria-label="{called}: map of scenes, part {number} of {len(tops)}" '
            f'font-family="\'DejaVu Sans Mono\', Menlo, Consolas, monospace" font-size="12">{inner}</svg>'
        )
    return tuple(found)


def png(picture: str) -> bytes:
    """The SVG painted, at twice its size, or as large as `MOST_PIXELS` allows. Raises NoPainter."""
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise NoPainter(
            "a PNG needs the package resvg-py: install it with “pip install handoff-trainer[png]”, or write a .svg"
        ) from None
    sides = re.search(r'viewBox="0 0 (\d+) (\d+)"', picture)
    area = int(sides[1]) * int(sides[2]) if sides else MOST_PIXELS
    zoom = min(2.0, sqrt(MOST_PIXELS / area))
    return bytes(svg_to_bytes(svg_string=picture, zoom=zoom, monospace_family="DejaVu Sans Mono"))


def _lines(chart: Chart, scene: str) -> tuple[str, ...]:
    """The words in a box: title and id, each in as many lines as it needs."""
    found: list[str] = []
    for text in (chart.name(scene), scene):
        line = ""
        for word in text.split():
            for start in range(0, len(word), _WIDE):
                part = word[start : start + _WIDE]
                if line and len(line) + 1 + len(part) > _WIDE:
                    found.append(line)
                    line = part
                else:
                    line = f"{line} {part}".strip()
        found.append(line)
    return tuple(found)


def _edges(chart: Chart, laid: Plan) -> Iterator[str]:
    yield '<g fill="none" stroke="#465768" stroke-width="1.2" aria-hidden="true">'
    for stroke in laid.strokes:
        yield _stroke(stroke)
    for x, y in sorted(_joints(laid)):
        yield f'<circle cx="{x * COLUMN + COLUMN // 2}" cy="{y * ROW + ROW // 2}" r="2" fill="#465768"/>'
    for source, target in sorted(laid.aside, key=lambda edge: (chart.order.index(edge[0]), edge[1])):
        yield _back(laid.boxes[source], laid.boxes[target])
    yield "</g>"


def _joints(laid: Plan) -> set[tuple[int, int]]:
    """Where a line branches or two join: a dot there tells it from a place where lines only cross."""
    rows: dict[int, int] = {}
    spans: dict[int, tuple[int, int]] = {}
    for stroke in laid.strokes:
        if stroke.y1 == stroke.y2 and stroke.x1 != stroke.x2:
            low, high = spans.get(stroke.net, (stroke.x1, stroke.x2))
            rows[stroke.net] = stroke.y1
            spans[stroke.net] = min(low, stroke.x1), max(high, stroke.x2)
    found: set[tuple[int, int]] = set()
    for stroke in laid.strokes:
        if stroke.net in rows and stroke.x1 == stroke.x2:
            row = rows[stroke.net]
            low, high = spans[stroke.net]
            if row in (stroke.y1, stroke.y2) and low < stroke.x1 < high:
                found.add((stroke.x1, row))
    return found


def _stroke(stroke: Stroke) -> str:
    x1, x2 = (column * COLUMN + COLUMN // 2 for column in (stroke.x1, stroke.x2))
    y1, y2 = (row * ROW + ROW // 2 for row in (stroke.y1, stroke.y2))
    if stroke.x1 == stroke.x2:
        y1 -= ROW // 2 if stroke.from_above else 0
        y2 += ROW // 2 if stroke.onward else 0
    tip = ' marker-end="url(#tip)"' if stroke.tip else ""
    return f'<path d="M{x1} {y1}L{x2} {y2}"{tip}/>'


def _back(source: Box, target: Box) -> str:
    """A dashed curve beside the boxes, up to where the story was before."""
    x1, y1 = (source.x + source.width) * COLUMN, source.y * ROW + ROW
    x2, y2 = (target.x + target.width) * COLUMN, target.y * ROW + ROW
    out = max(x1, x2) + 30
    return f'<path d="M{x1} {y1}C{out} {y1} {out} {y2} {x2} {y2}" stroke-dasharray="4 3" marker-end="url(#tip)"/>'


def _scenes(chart: Chart, lens: Lens, laid: Plan, texts: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for scene in chart.order:
        box, mark, kind = laid.boxes[scene], lens.marks[scene], chart.kind(scene)
        colour = _TONES[mark.tone]
        x, y = box.x * COLUMN, box.y * ROW
        leads = f"; leads to {', '.join(chart.after[scene])}" if chart.after[scene] else ""
        said = f"{chart.name(scene)} ({scene}): {chart.who(scene)}; {lens.name}: {mark.words}{leads}"
        yield f'<g role="graphics-symbol img"><title>{_x(said)}</title>'
        yield (
            f'<rect x="{x}" y="{y + 4}" width="{box.width * COLUMN}" height="{box.height * ROW - 4}" '
            f'fill="#ffffff" stroke="{colour}" {_BORDERS[kind]}/>'
        )
        yield (
            f'<text x="{x + 8}" y="{y + 8}" font-size="11" font-weight="bold" fill="{colour}" stroke="#fffdf8" '
            f'stroke-width="4" paint-order="stroke">{_x(mark.letters)}</text>'
        )
        named = len(texts[scene]) - 1
        for number, line in enumerate(texts[scene]):
            weight, ink = (' font-weight="bold"', "#1b242c") if number < named else ("", "#55616c")
            place = f'x="{x + 2 * COLUMN}" y="{y + (number + 1) * ROW + 5}"'
            yield f'<text {place}{weight} fill="{ink}">{_x(line)}</text>'
        yield "</g>"


def _x(text: str) -> str:
    """Text for XML, without the characters that it forbids."""
    return escape("".join(each for each in text if each >= " " and not 0xD800 <= ord(each) <= 0xDFFF))
