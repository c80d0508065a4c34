"""How fast it is, as ratios to something fair, measured in the same run: `python -m tests.bench [NAME…]`.

Absolute times say more of the machine than of the program; a ratio under its target holds on any machine.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table. `ours` and `reference`: seconds for the same work; `target`: the highest ratio allowed."""

    name: str
    ours: float
    reference: float
    target: float

    @property
    def ratio(self) -> float:
        return self.ours / self.reference

    @property
    def ok(self) -> bool:
        return self.ratio <= self.target
