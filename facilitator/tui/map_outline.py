"""The map as an outline: each scene with its actions and where they lead. Works with the keyboard alone."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from facilitator.chart import Chart
from facilitator.lenses import Lens
from facilitator.outline import entries, heading

Data = tuple[str, str]  # a scene's id, and where the line leads (empty: it is the scene itself)


class MapOutline(Tree[Data]):
    """Enter on a scene opens its card; on an action it goes to the scene that the action leads to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "unfold", "Unfold", id="map.unfold", tooltip="Show what is below this line", show=False),
        Binding("left", "fold", "Fold", id="map.fold", tooltip="Hide what is below, or go to its scene", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another scene, or on something in it. `target`: where Enter goes from there, if it
        goes anywhere; `folds`: whether Enter folds or unfolds the line."""

        def __init__(self, scene: str, target: str, folds: bool):
            super().__init__()
            self.scene, self.target, self.folds = scene, target, folds

    class Opened(Message):
        """Somebody wants to read a scene."""

        def __init__(self, scene: str):
            super().__init__()
            self.scene = scene

    def __init__(self, id: str | None = None):
        super().__init__("", id=id)
        self.show_root = False
        self.auto_expand = False
        self.guide_depth = 2
        self._places: dict[str, TreeNode[Data]] = {}

    def show(self, chart: Chart, lens: Lens) -> None:
        """List this chart, as it looks through this lens."""
        self.clear()
        self._places.clear()
        self.root.expand()
        for scene in chart.order:
            mark = lens.marks[scene].letters
            label = Text.assemble((f"{mark:<4}", "bold"), heading(chart, lens, scene))
            below = entries(chart, scene)
            node = self.root.add(label, (scene, ""), expand=True, allow_expand=bool(below))
            self._places[scene] = node
            for entry in below:
                if len(entry.targets) < 2:
                    node.add_leaf(Text(entry.text), (scene, entry.targets[0] if entry.targets else ""))
                    continue
                several = node.add(Text(entry.text), (scene, ""), expand=False)
                for target in entry.targets:
                    several.add_leaf(Text(f"→ {target}: {chart.name(target)}"), (scene, target))

    def go_to(self, scene: str) -> None:
        """Put the cursor on a scene."""
        node = self._places.get(scene)
        if node is not None:
            self.call_after_refresh(self._stand_on, node)

    def _stand_on(self, node: TreeNode[Data]) -> None:
        self.move_cursor(node)
        self.scroll_to_node(node, animate=False)

    def on_tree_node_highlighted(self, event: Tree.NodeHighlighted[Data]) -> None:
        event.stop()
        node = event.node
        if node.data is not None:
            scene, target = node.data
            self.post_message(self.Moved(scene, target, folds=not target and self._folds(node)))

    def _folds(self, node: TreeNode[Data]) -> bool:
        """Whether Enter folds this line; a scene's own line opens its card instead."""
        return node.allow_expand and node not in self._places.values()

    def on_tree_node_selected(self, event: Tree.NodeSelected[Data]) -> None:
        event.stop()
        node = event.node
        if node.data is None:
            return
        scene, target = node.data
        if target:
            self.go_to(target)
        elif self._folds(node):
            node.toggle()
        else:
            self.post_message(self.Opened(scene))

    def action_unfold(self) -> None:
        node = self.cursor_node
        if node is not None and node.allow_expand:
            node.expand()

    def action_fold(self) -> None:
        node = self.cursor_node
        if node is None:
            return
        if node.allow_expand and node.is_expanded:
            node.collapse()
        elif node.parent is not None and node.parent is not self.root:
            self.move_cursor(node.parent)
