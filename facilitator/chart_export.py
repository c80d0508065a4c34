"""A chart as a file for other programs: DOT, Mermaid, GraphML, and the pictures of `chart_picture`."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import networkx as nx

from facilitator.chart import Chart, Kind, Way
from facilitator.chart_picture import png, svg
from facilitator.lenses import Lens

_DOT_SHAPES: dict[Kind, str] = {
    "decision": "box",
    "together": "box, peripheries=2",
    "chance": "diamond",
    "narration": "ellipse",
    "ending": "box, style=bold",
}
_MERMAID_SHAPES: dict[Kind, tuple[str, str]] = {
    "decision": ("[", "]"),
    "together": ("[[", "]]"),
    "chance": ("{", "}"),
    "narration": ("(", ")"),
    "ending": ("([", "])"),
}


class UnknownFormat(ValueError):
    """A file name whose ending is none of the formats; the message names those there are."""


def export(chart: Chart, lens: Lens, path: Path) -> None:
    """Write the chart in the format that the file's ending names.

    Raises UnknownFormat, chart_picture.NoPainter for a PNG without its package, or OSError.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise UnknownFormat(
            f"“{path.name}” does not tell the format; a map can be written as {', '.join(f'.{each}' for each in FORMATS)}"
        )
    path.write_bytes(write(chart, lens))


def dot(chart: Chart, lens: Lens) -> str:
    """Graphviz's language."""
    lines = [f"digraph {_quoted(chart.id)} {{", f"  label={_quoted(chart.title)};", "  node [shape=box];"]
    for scene in chart.order:
        label = _quoted(f"{chart.name(scene)}\n{scene}\n[{lens.marks[scene].letters}]")
        lines.append(f"  {_quoted(scene)} [label={label}, shape={_DOT_SHAPES[chart.kind(scene)]}];")
    for way in _in_order(chart):
        style = ", style=dashed" if (way.source, way.target) in chart.leading_back else ""
        lines.append(f"  {_quoted(way.source)} -> {_quoted(way.target)} [label={_quoted(_label(way))}{style}];")
    return "\n".join([*lines, "}", ""])


def mermaid(chart: Chart, lens: Lens) -> str:
    """A Mermaid flowchart. Scenes get numbers, because Mermaid reads some words, such as `end`, as its own."""
    number = {scene: f"s{index}" for index, scene in enumerate(chart.order, 1)}
    lines = ["---", f"title: {_yaml(chart.title)}", "---", "flowchart TD"]
    for scene in chart.order:
        left, right = _MERMAID_SHAPES[chart.kind(scene)]
        words = f"{_mermaid(chart.name(scene))}<br/>{_mermaid(scene)} · {_mermaid(lens.marks[scene].letters)}"
        lines.append(f'  {number[scene]}{left}"{words}"{right}')
    for way in _in_order(chart):
        arrow = "-.->" if (way.source, way.target) in chart.leading_back else "-->"
        label = _label(way)
        lines.append(
            f"  {number[way.source]} {arrow}" + (f'|"{_mermaid(label)}"|' if label else "") + f" {number[way.target]}"
        )
    return "\n".join([*lines, ""])


def graphml(chart: Chart, lens: Lens) -> str:
    """GraphML, one edge for each way. Characters that XML cannot hold are left out."""
    graph = nx.MultiDiGraph(id=_xml(chart.id), title=_xml(chart.title), lens=lens.name)
    for scene in chart.order:
        graph.add_node(
            _xml(scene),
            title=_xml(chart.name(scene)),
            kind=chart.kind(scene),
            turn=" ".join(chart.scenes[scene].turn),
            present=" ".join(chart.present(scene)),
            opening=scene == chart.opening,
            mark=_xml(lens.marks[scene].letters),
            mark_means=_xml(lens.marks[scene].words),
        )
    for index, way in enumerate(_in_order(chart)):
        graph.add_edge(
            _xml(way.source),
            _xml(way.target),
            key=index,
            action=_xml(way.action),
            seat=_xml(way.seat),
            text=_xml(way.text),
            when=_xml(way.when),
            back=(way.source, way.target) in chart.leading_back,
        )
    out = io.BytesIO()
    nx.write_graphml_xml(graph, out)  # without lxml, which would write the same a little differently
    return out.getvalue().decode("utf-8")


def _in_order(chart: Chart) -> list[Way]:
    return [way for scene in chart.order for way in chart.ways_from(scene)]


def _label(way: Way) -> str:
    return way.action + (f" if {way.when}" if way.when and way.action else f"if {way.when}" if way.when else "")


def _quoted(text: str) -> str:
    """A string as DOT wants it. Only quote and backslash mean something inside; a line break becomes `\\n`."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "\\n")
    return f'"{_xml(text)}"'


def _mermaid(text: str) -> str:
    """A text in Mermaid's quotes: whatever could be markup there is written by its number."""
    text = " ".join(text.split())
    return "".join(each if each.isalnum() or each in " .,:-_'·–—→=!?()/%" else f"#{ord(each)};" for each in text)


def _yaml(text: str) -> str:
    return '"' + " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _xml(text: str) -> str:
    """Without the characters that XML 1.0 forbids."""
    return "".join(each for each in text if each in "\t\n\r" or (each >= " " and not 0xD800 <= ord(each) <= 0xDFFF))


def _text(write: Callable[[Chart, Lens], str]) -> Callable[[Chart, Lens], bytes]:
    return lambda chart, lens: write(chart, lens).encode("utf-8")


_WRITERS: Mapping[str, Callable[[Chart, Lens], bytes]] = {
    ".svg": _text(svg),
    ".png": lambda chart, lens: png(svg(chart, lens)),
    ".dot": _text(dot),
    ".mmd": _text(mermaid),
    ".graphml": _text(graphml),
}
FORMATS = tuple(ending[1:] for ending in _WRITERS)
