"""Proving in another process: whoever types here never waits for it, and what is outdated is ended at once."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress

from facilitator.checks.proof import Proof, as_data, from_data
from facilitator.checks.setting import Setting

MOST = 64  # settings whose proofs are kept


class Outdated(Exception):
    """Nobody wants this proof any more."""


class Apart:
    """Proves settings in a process each, and remembers what came of them. `seconds`: of looking at states."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit, self.seconds = limit, seconds
        self._known: OrderedDict[str, Sequence[Proof]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        """How many settings' proofs are known."""
        return len(self._known)

    def known(self, setting: Setting) -> Sequence[Proof] | None:
        """What was proven of it before."""
        with self._lock:
            found = self._known.get(setting.key)
            if found is not None:
                self._known.move_to_end(setting.key)
            return found

    def remember(self, setting: Setting, proofs: Sequence[Proof]) -> None:
        with self._lock:
            self._known[setting.key] = proofs
            while len(self._known) > MOST:
                self._known.popitem(last=False)


class Once:
    """A prover for one version of a text, for one thread; `stop` may be called from any other."""

    def __init__(self, apart: Apart) -> None:
        self._apart = apart
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def __call__(self, setting: Setting) -> Sequence[Proof]:
        """Raises Outdated if it was stopped, OSError if the other process does not do its work."""
        known = self._apart.known(setting)
        if known is not None:
            return known
        process = self._begin()
        asked = pickle.dumps((setting, self._apart.limit, self._apart.seconds))
        try:
            answer = process.communicate(asked)[0]
        except OSError:  # it ended before it had heard everything
            answer = b""
        if self._stopped:
            raise Outdated
        if process.returncode != 0:
            raise OSError("the process that proves ended before its time")
        proofs = from_data(json.loads(answer))
        self._apart.remember(setting, proofs)
        return proofs

    def _begin(self) -> subprocess.Popen[bytes]:
        paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
        with self._lock:
            if self._stopped:
                raise Outdated
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # the screen is not for its words
                env=os.environ | {"PYTHONPATH": paths},
            )
            return self._process

    @property
    def begun(self) -> bool:
        """Whether the other process is at work."""
        process = self._process
        return process is not None and process.poll() is None

    def stop(self) -> None:
        """End it; also before it has begun."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()


def main() -> None:
    """The other process: a setting comes in, proofs go out."""
    with suppress(AttributeError, OSError):
        os.nice(10)  # not every system has it; whoever types goes first
    setting, limit, seconds = pickle.load(sys.stdin.buffer)
    from facilitator.checks.proving import prove

    print(json.dumps(as_data(prove(setting, limit, seconds).proofs)))


if __name__ == "__main__":
    main()
