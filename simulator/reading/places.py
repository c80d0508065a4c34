"""Where each object of the model was read from. Worked out only when a problem has to be shown."""

from __future__ import annotations

from simulator.reading.source import Node, SequenceNode, Source, child


class Reading:
    """One file on its way into the model: its source, and the node each object was read from."""

    __slots__ = ("nodes", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.nodes: dict[int, Node] = {}  # id of an object of the model → its node; the model keeps the object alive

    def node(self, thing: object, *path: str | int) -> Node | None:
        """The node a model object was read from, or what stands below it at a path of keys and positions.

        A single value that stands for a list of one counts as that list.
        """
        node = self.nodes.get(id(thing))
        for step in path:
            below = child(node, step)
            if below is None and not (step == 0 and not isinstance(node, SequenceNode)):
                break
            node = below or node
        return node

    def key(self, thing: object, *path: str) -> Node | None:
        """The key under which a model object, or a field of it, is written; for a list entry, the entry."""
        node = self.node(thing, *path)
        found = self.source.keys.get(id(node), (None, None))[0] if node is not None else None
        return found or node
