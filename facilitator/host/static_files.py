"""The files that pages ask for: ours, and those that textual-serve carries. By name, from a list; nothing else can be asked for."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

_OURS = Path(__file__).with_name("static")

TYPES = {".css": "text/css", ".js": "text/javascript", ".ttf": "font/ttf"}


def static_files() -> dict[str, Path]:
    """Name in `/static/` → file."""
    spec = find_spec("textual_serve")  # not imported: it would bring its own server along
    assert spec is not None and spec.submodule_search_locations
    theirs = Path(spec.submodule_search_locations[0]) / "static"
    found = [
        *sorted(each for each in _OURS.iterdir() if each.suffix in TYPES),
        theirs / "js" / "textual.js",
        theirs / "css" / "xterm.css",
        *sorted((theirs / "fonts").glob("RobotoMono-*.ttf")),
    ]
    return {each.name: each for each in found}
