"""What a host writes down: which kind of page was asked for and how it went. Never a code, a ticket, a key, a name or an address."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

_OURS = [Path(__file__).parents[2] / package for package in ("simulator", "facilitator", "scoring")]


def where(error: BaseException) -> str:
    """What went wrong and where in the program, without its words, which may be somebody's: `KeyError in seat.py, line 12`. Where it
    went wrong in a library, also the line of ours that led there."""
    frames = traceback.extract_tb(error.__traceback__)
    said = type(error).__name__
    if frames:
        said += f" in {_line(frames[-1])}"
    ours = [frame for frame in frames if any(Path(frame.filename).is_relative_to(each) for each in _OURS)]
    if ours and ours[-1] is not frames[-1]:
        said += f", called in {_line(ours[-1])}"
    return said


def _line(frame: traceback.FrameSummary) -> str:
    return f"{Path(frame.filename).name}, line {frame.lineno}"


def kind_of_page(request: web.BaseRequest) -> str:
    """The path as it stands in the table of pages: `/s/{ticket}`. Never what somebody typed."""
    info = getattr(request, "match_info", None)
    resource = getattr(getattr(info, "route", None), "resource", None)
    return resource.canonical if resource is not None else "(no such page)"


class Discreet(logging.Filter):
    """Lets through what the host itself says; of what a library says, only that there was trouble and of which kind."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith("handoff"):
            error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
            record.msg = f"trouble in {record.name}" + (f": {where(error)}" if error is not None else "")
            record.args, record.exc_info, record.exc_text, record.stack_info = None, None, None, None
        return True


@contextmanager
def written_to(file: str | None) -> Iterator[None]:
    """Write everything to `file` meanwhile; without one, only what went wrong, to the terminal. Raises OSError."""
    handler: logging.Handler = (
        logging.FileHandler(file, encoding="utf-8") if file else logging.StreamHandler(sys.stderr)
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    handler.addFilter(Discreet())
    loggers = [logging.getLogger(name) for name in ("handoff", *_LIBRARIES)]
    before = [(each.handlers, each.propagate, each.level) for each in loggers]
    for each in loggers:
        each.handlers, each.propagate = [handler], False
        each.setLevel(logging.INFO if file and each.name == "handoff" else logging.ERROR)
    try:
        yield
    finally:
        for each, (each.handlers, each.propagate, level) in zip(loggers, before, strict=True):
            each.setLevel(level)
        handler.close()


_LIBRARIES = ("aiohttp", "asyncio", "psycopg")


def said_by_the_loop(_: object, context: dict[str, Any]) -> None:
    """What asyncio has to say of a task nobody waited for."""
    error = context.get("exception")
    logging.getLogger("handoff.host").error("trouble in the background: %s", where(error) if error else "unknown")
