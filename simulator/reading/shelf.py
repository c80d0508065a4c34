"""What stands beside a file when its names are looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scoring.rules import Framework, Jurisdiction, Mou, Vocabulary


def _nothing() -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True)
class Shelf:
    """The files a name may lead to. What is None is not at hand, and names that lead there are not judged.

    `switches`: the legal switches of any jurisdiction at hand. `names`: the ids at hand, by kind of file.
    `other_rules`: duties and lines of the agreements and jurisdictions that are not this scenario's own.
    """

    vocabulary: Vocabulary | None = None
    framework: Framework | None = None
    mou: Mou | None = None
    jurisdiction: Jurisdiction | None = None
    switches: frozenset[str] | None = None
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    other_rules: Callable[[], frozenset[str]] = _nothing
