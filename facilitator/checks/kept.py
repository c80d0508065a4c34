"""Proofs that are kept: in this process, and in a file each in the user's cache folder, by a digest of what they rest on.

A cache that cannot be read or written is as good as none: everything is proven again.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from facilitator.checks.proof import Proof, as_data, from_data
from facilitator.checks.setting import Setting

MOST = 200  # files; the ones used longest ago go first
MOST_AT_HAND = 64  # settings kept in this process


class Kept:
    """Proves a setting, or tells what was proven of it before. `folder` None: kept in this process only."""

    def __init__(self, folder: Path | None, limit: int, seconds: float | None = None) -> None:
        self.folder, self.limit, self.seconds = folder, limit, seconds
        self._at_hand: OrderedDict[str, Sequence[Proof]] = OrderedDict()

    def __call__(self, setting: Setting) -> Sequence[Proof]:
        name = f"{setting.key}-{self.limit}"
        found = self._at_hand.get(name)
        if found is None:
            found = self._read(name)
        if found is None:
            from facilitator.checks.proving import SECONDS, prove  # numpy is loaded only for what is not known yet

            found, hurried = prove(setting, self.limit, SECONDS if self.seconds is None else self.seconds)
            if not hurried:
                self._write(name, found)
        self._at_hand[name] = found
        self._at_hand.move_to_end(name)
        while len(self._at_hand) > MOST_AT_HAND:
            self._at_hand.popitem(last=False)
        return found

    def _read(self, name: str) -> Sequence[Proof] | None:
        if self.folder is None:
            return None
        file = self.folder / f"{name}.json"
        try:
            found = from_data(json.loads(file.read_text(encoding="utf-8")))
            os.utime(file)
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        return found

    def _write(self, name: str, proofs: Sequence[Proof]) -> None:
        if self.folder is None:
            return
        temporary: str | None = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.folder, suffix=".new")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(as_data(proofs), file, ensure_ascii=False)
            os.replace(temporary, self.folder / f"{name}.json")  # whole or not at all, whoever else writes it
            self._make_room()
        except OSError:
            if temporary is not None:
                Path(temporary).unlink(missing_ok=True)

    def _make_room(self) -> None:
        assert self.folder is not None
        files = [(file.stat().st_mtime, file) for file in self.folder.iterdir() if file.suffix in (".json", ".new")]
        for _, file in sorted(files)[:-MOST]:
            file.unlink(missing_ok=True)


def cache_folder() -> Path:
    """Where proofs are kept for this user."""
    from platformdirs import user_cache_path

    return user_cache_path("handoff", appauthor=False) / "proofs"
