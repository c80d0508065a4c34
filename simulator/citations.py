"""Citations as trainees read them."""

from __future__ import annotations

import re

_MARK = re.compile(r"\s*\[(?:V:[\d,\s]+|GK|CP)\]")


def source(citation: str) -> str:
    """A citation without the library's marks of certainty, which are for those who review it, not for trainees."""
    return _MARK.sub("", citation)
