"""The files at hand, as a tree: the YAML files of a folder and below it, each marked by what it is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text
from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from simulator.reading import FOLDERS, kind_of

MARKS = {"scenario": "S", "mou": "A", "jurisdiction": "J", "framework": "F", "vocabulary": "V"}
WORDS = {
    "scenario": "scenario",
    "mou": "agreement",
    "jurisdiction": "jurisdiction",
    "framework": "framework",
    "vocabulary": "vocabulary",
}
LEGEND = "S scenario · A agreement\nJ law · F framework"
MOST = 500  # files; a folder with more is no place to write in
_DEEPEST = 4
_HEAD = 1 << 18  # bytes of a file that are enough to tell what it is
_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Found:
    """A file, and what kind of file it is (None: nothing tells)."""

    path: Path
    kind: str | None


def top_of(path: Path | None) -> Path:
    """The folder to show for a file: its own, or the one its library stands in; without a file the current one."""
    if path is None:
        return Path.cwd()
    folder = path.absolute().parent
    return folder.parent if folder.name in FOLDERS.values() else folder


def find_files(top: Path) -> tuple[Found, ...]:
    """The YAML files of a folder and below it, hidden ones left out, by folder and name. Never raises."""
    found: list[Found] = []
    for folder, below, names in os.walk(top):
        deep = len(Path(folder).relative_to(top).parts)
        below[:] = sorted(name for name in below if not name.startswith(".") and deep < _DEEPEST)
        for name in sorted(names):
            if name.endswith(_ENDINGS) and not name.startswith("."):
                path = Path(folder, name)
                found.append(Found(path, _kind(path)))
                if len(found) >= MOST:
                    return tuple(found)
    return tuple(found)


def _kind(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return kind_of(str(path), file.read(_HEAD).decode("utf-8", "replace"))
    except OSError:
        return None


class Files(Tree[Path]):
    """Enter opens a file, or folds a folder."""

    class Chosen(Message):
        """A file is to be opened."""

        def __init__(self, path: Path):
            super().__init__()
            self.path = path

    def __init__(self, top: Path, id: str | None = None):
        super().__init__("", id=id)
        self.top = top
        self.show_root = False
        self.guide_depth = 2
        self._shown: tuple[Found, ...] | None = None
        self._open: tuple[Path | None, bool] = (None, False)
        self._places: dict[Path, TreeNode[Path]] = {}

    def show(self, found: Sequence[Found]) -> None:
        """List these files; what was folded and where the cursor is stays if nothing has changed."""
        found = tuple(found)
        if found == self._shown:
            return
        self._shown = found
        self.clear()
        self._places.clear()
        self.root.expand()
        folders: dict[Path, TreeNode[Path]] = {self.top: self.root}
        for each in found:
            self._places[each.path] = self._folder(each.path.parent, folders).add_leaf(self._label(each), each.path)
        self.mark(*self._open)

    def mark(self, path: Path | None, unsaved: bool) -> None:
        """Say which file is open, and whether it is saved."""
        before, self._open = self._open[0], (path, unsaved)
        for each in self._shown or ():
            if each.path in (before, path) and each.path in self._places:
                self._places[each.path].set_label(self._label(each))

    def go_to(self, path: Path) -> None:
        node = self._places.get(path)
        if node is not None:
            self.call_after_refresh(self.move_cursor, node)

    def _folder(self, folder: Path, known: dict[Path, TreeNode[Path]]) -> TreeNode[Path]:
        if folder not in known:
            above = self._folder(folder.parent, known)
            known[folder] = above.add(Text(f"{folder.name}/", "italic"), expand=True)
        return known[folder]

    def _label(self, found: Found) -> Text:
        path, unsaved = self._open
        mark = MARKS.get(found.kind or "", "·")
        sign = ("*" if unsaved else "▶") if found.path == path else " "
        style = "bold" if found.path == path else ""
        return Text.assemble((f"{sign}{mark} ", "bold"), (found.path.name, style))

    def on_tree_node_selected(self, event: Tree.NodeSelected[Path]) -> None:
        event.stop()
        if event.node.data is not None:
            self.post_message(self.Chosen(event.node.data))
