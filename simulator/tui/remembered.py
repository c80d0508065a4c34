"""The few things this computer remembers between starts: the local support line, and light or dark.

No alias and nothing about a play is kept here; those live in the store, where they can be erased.
"""

from __future__ import annotations

import json
from pathlib import Path


class Remembered:
    """A small file of settings. A file that cannot be read or written is no reason to stop anybody from playing."""

    def __init__(self, path: Path | None = None):
        self._path = path
        self._values: dict[str, str] | None = None

    @property
    def path(self) -> Path:
        if self._path is None:
            from platformdirs import user_config_path  # deferred: not needed for the first frame

            self._path = user_config_path("handoff", appauthor=False) / "settings.json"
        return self._path

    def get(self, key: str, default: str = "") -> str:
        """The value kept under `key`."""
        if self._values is None:
            try:
                read = json.loads(self.path.read_text(encoding="utf-8"))
                self._values = {str(k): str(v) for k, v in read.items()}
            except (OSError, ValueError, AttributeError):
                self._values = {}
        return self._values.get(key, default)

    def keep(self, key: str, value: str) -> bool:
        """Keep a value. False if it could not be written; it holds until the app is closed all the same."""
        self.get(key)
        assert self._values is not None
        if self._values.get(key, "") == value:
            return True
        self._values[key] = value
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(json.dumps(self._values, ensure_ascii=False, indent=1), encoding="utf-8")
        except OSError:
            return False
        return True
