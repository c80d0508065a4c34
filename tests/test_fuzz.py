"""A sample of the damaged files of `tests.fuzz`, and that it would notice a fault."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests import fuzz


def test_damaged_files_are_told_about_with_a_place(tmp_path: Path) -> None:
    tally = fuzz.fuzz(70, 20261, tmp_path, slow=float("inf"))  # how quickly is `python -m tests.fuzz`'s matter
    assert tally.faults == []
    assert tally.files == 70
    assert tally.readable >= 7  # or nothing is proven of any of them
    assert len(tally.codes) >= 20


def test_a_crash_would_be_told_with_the_seed_that_makes_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyError("scenes")

    monkeypatch.setattr(fuzz, "problems_of", crash)
    (fault,) = fuzz.fuzz(1, 5, tmp_path).faults
    assert "seed “5 0”: KeyError" in fault


def test_the_same_seed_damages_the_same_way() -> None:
    text = fuzz.FILES[0].read_text(encoding="utf-8")
    assert fuzz.mutated(text, random.Random("1 1")) == fuzz.mutated(text, random.Random("1 1")) != text
