"""Words that depend on how many sit at the table: two are “both of you” and “the other seat”, more are called by name."""

from __future__ import annotations

from collections.abc import Sequence

MANY = 3  # others that are still called by name


def others_knew(seats: int, *, then: str = "", seat: str = "this one") -> str:
    """What another seat knew and `seat` did not, as the beginning of a sentence."""
    who = "the other seat" if seats <= 2 else "another seat"
    return f"What {who} knew{then} and {seat} did not: "


def took(seats: int) -> str:
    """The beginning of a duty that one agency's step opened and another's kept."""
    return "It took both of you: " if seats <= 2 else "It took more than one of you: "


def unseen(seats: int, others: Sequence[str]) -> str:
    """Who chooses unseen in a together scene. `others`: the names of those who choose there beside whoever reads this."""
    if seats <= 2:
        return "Both of you choose unseen; then both choices are shown."
    if len(others) > MANY:
        names = f"You and {len(others)} others"  # their names would push the choices off a small screen
    else:
        *first, last = ["You", *others]
        names = f"{', '.join(first)} and {last}" if first else last
    return f"{names} choose unseen; when everybody has, all choices are shown."


def everybody(seats: int) -> str:
    """All who read a debrief, as the end of a sentence."""
    return "both of you" if seats <= 2 else "all of you"
