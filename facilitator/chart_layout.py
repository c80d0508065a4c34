"""Where the scenes of a chart stand, and how the lines between them run. Units are cells: character columns and rows.

Positions come from netext's Sugiyama layout. Its own router draws lines around every box by searching, which takes
seconds for sixty scenes; here a line runs straight down through the layers, and sideways only between two of them.
For that, edges that pass layers get a pin in each, so that the layout keeps a column free for them; edges to the same
scene share their pins, and from there on they are one line.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from facilitator.chart import Chart

Node = str | tuple[str, int]  # a scene, or the pin of the edges to a scene in a layer
GAP = 2  # free columns between two scenes of a layer


@dataclass(frozen=True, slots=True)
class Box:
    """Where a scene stands: its left column, top row, width and height."""

    x: int
    y: int
    width: int
    height: int

    @property
    def centre(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight piece of a line that comes from the scenes `sources`: down a column, or along a row.

    `net` tells the lines of a gap between layers apart: where two nets cross, they do not meet. A piece of a column may
    go on above its first cell (`from_above`) and below its last (`onward`).
    """

    sources: tuple[str, ...]
    net: int
    x1: int
    y1: int
    x2: int
    y2: int
    from_above: bool = False
    onward: bool = False
    tip: bool = False  # it ends at a scene


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole map. `aside`: the edges that lead back, or come from nowhere; no line is planned for them."""

    boxes: Mapping[str, Box]
    strokes: tuple[Stroke, ...]
    width: int
    height: int
    aside: frozenset[tuple[str, str]]


@dataclass(slots=True)
class _Net:
    """What leaves one node of a layer for the next, or several nodes for the same one: down from each of `starts`,
    along a track, down to each of `ends`."""

    starts: dict[int, Node]  # column → the node that stands there
    ends: dict[int, bool]  # column → whether a scene stands there, and not a pin
    track: int = -1

    @property
    def straight(self) -> bool:
        return set(self.ends) == set(self.starts)

    @property
    def span(self) -> tuple[int, int]:
        columns = (*self.starts, *self.ends)
        return min(columns), max(columns)


def plan(chart: Chart, sizes: Mapping[str, tuple[int, int]]) -> Plan:
    """Lay out a chart. `sizes`: for each scene the width and height of its box, in cells; widths are made odd."""
    widths = {scene: width | 1 for scene, (width, _) in sizes.items()}
    layers, edges, sources = _with_pins(chart)
    centres = _columns(layers, edges, widths)
    boxes: dict[str, Box] = {}
    strokes: list[Stroke] = []
    top, count = 0, 0
    for number, layer in enumerate(layers):
        height = max((sizes[node][1] for node in layer if isinstance(node, str)), default=1)
        begins: dict[int, int] = {}  # column → the row below what stands there
        for node in layer:
            column = centres[node]
            begins[column] = top + height
            if isinstance(node, str):
                boxes[node] = Box(column - widths[node] // 2, top, widths[node], sizes[node][1])
                begins[column] = top + sizes[node][1]
            else:
                strokes.append(_down(sources[node], 0, column, top, top + height - 1, from_above=True, onward=True))
        nets = _nets(layer, edges, centres)
        bottom = top + height
        below = bottom + _assign_tracks(nets)
        if number + 1 < len(layers):
            below += 1  # the row after the tracks holds the tips
        for net in nets:
            count += 1
            strokes += _drawn(net, count, sources, begins, bottom, below)
        top = below
    right = max((box.x + box.width for box in boxes.values()), default=0)
    right = max(right, max((stroke.x2 + 1 for stroke in strokes), default=0))
    return Plan(boxes, tuple(strokes), right, top, chart.aside)


def _with_pins(chart: Chart) -> tuple[list[list[Node]], dict[Node, list[Node]], dict[Node, tuple[str, ...]]]:
    """The layers with the pins of the edges that pass them, the edges cut at the pins, and for each node the scenes
    whose lines go through it."""
    layers: list[list[Node]] = [list(layer) for layer in chart.layers]
    depth = {scene: number for number, layer in enumerate(chart.layers) for scene in layer}
    edges: dict[Node, dict[Node, None]] = {}
    sources: dict[Node, tuple[str, ...]] = {scene: (scene,) for scene in depth}
    for source, target in chart.edges:
        if (source, target) in chart.aside:
            continue
        before: Node = source
        for number in range(depth[source] + 1, depth[target]):
            pin = (target, number)
            if pin not in sources:
                layers[number].append(pin)
            sources[pin] = (*sources.get(pin, ()), source)
            edges.setdefault(before, {})[pin] = None
            before = pin
        edges.setdefault(before, {})[target] = None
    return layers, {node: list(targets) for node, targets in edges.items()}, sources


def _columns(layers: list[list[Node]], edges: Mapping[Node, list[Node]], widths: Mapping[str, int]) -> dict[Node, int]:
    """The middle column of every node."""
    middles = _netext(layers, edges, widths)
    left = min((middles[node] - (widths[node] // 2 if isinstance(node, str) else 0) for node in middles), default=0)
    for layer in layers:
        layer.sort(key=middles.__getitem__)
    return {node: middle - left for node, middle in middles.items()}


def _netext(layers: list[list[Node]], edges: Mapping[Node, list[Node]], widths: Mapping[str, int]) -> dict[Node, int]:
    hook = sys.excepthook
    from netext._core import CoreGraph, LayoutDirection, Size, SugiyamaLayout

    sys.excepthook = hook  # importing netext sets Rich's own, for the whole program
    graph = CoreGraph.from_edges([(source, target) for source, targets in edges.items() for target in targets])
    one, pin = Size(1, 1), Size(1, 1)
    for layer in layers:
        for node in layer:
            if not graph.contains_node(node):
                graph.add_node(node, {}, one)
            graph.update_node_size(node, Size(widths[node] + GAP, 1) if isinstance(node, str) else pin)
    return {node: round(point.x) for node, point in SugiyamaLayout(LayoutDirection.TOP_DOWN).layout(graph)}


def _nets(layer: list[Node], edges: Mapping[Node, list[Node]], columns: Mapping[Node, int]) -> list[_Net]:
    nets: list[_Net] = []
    to_one: dict[Node, _Net] = {}
    for node in layer:
        targets = edges.get(node)
        if not targets:
            continue
        if len(targets) == 1 and targets[0] in to_one:
            to_one[targets[0]].starts[columns[node]] = node
            continue
        nets.append(_Net({columns[node]: node}, {columns[each]: isinstance(each, str) for each in targets}))
        if len(targets) == 1:
            to_one[targets[0]] = nets[-1]
    return nets


def _assign_tracks(nets: list[_Net]) -> int:
    """Give each net that goes sideways a row of its own where it would touch another. Returns how many rows.

    A net that starts in a column where another ends must stand above it, or they would run into each other there.
    """
    left = sorted((net for net in nets if not net.straight), key=lambda net: net.span)
    above: dict[int, list[_Net]] = {
        id(net): [other for other in left if other is not net and other.starts.keys() & net.ends.keys()] for net in left
    }
    track = 0
    while left:
        end = -2
        placed: list[_Net] = []
        for net in left:
            low, high = net.span
            if low > end + 1 and all(0 <= other.track < track for other in above[id(net)]):
                net.track, end = track, high
                placed.append(net)
        if not placed:  # each waits for another: two lines touch, which is better than none at all
            left[0].track = track
            placed = [left[0]]
        left = [net for net in left if net not in placed]
        track += 1
    return track


def _drawn(
    net: _Net, number: int, sources: Mapping[Node, tuple[str, ...]], begins: Mapping[int, int], bottom: int, below: int
) -> Iterable[Stroke]:
    """The strokes of a net: `begins` is the row below each start, `below` the row where the next layer stands."""
    everybody = tuple(dict.fromkeys(scene for node in net.starts.values() for scene in sources[node]))
    if net.straight:
        for column, tip in net.ends.items():
            yield _down(everybody, number, column, begins[column], below - 1, from_above=True, onward=True, tip=tip)
        return
    row = bottom + net.track
    for column, node in net.starts.items():
        yield _down(sources[node], number, column, begins[column], row, from_above=True)
        low, high = min(column, *net.ends), max(column, *net.ends)
        yield Stroke(sources[node], number, low, row, high, row)
    for column, tip in net.ends.items():
        yield _down(everybody, number, column, row, below - 1, onward=True, tip=tip)


def _down(
    sources: tuple[str, ...],
    net: int,
    x: int,
    y1: int,
    y2: int,
    *,
    from_above: bool = False,
    onward: bool = False,
    tip: bool = False,
) -> Stroke:
    return Stroke(sources, net, x, y1, x, y2, from_above, onward, tip)
