"""What every command's arguments are made of: kinds of values, and what all commands share. Nothing is imported before it runs."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from datetime import date
from typing import Any

Run = Callable[[argparse.Namespace], int]


def command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, run: Run
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    shared(parser, suppress=True)
    parser.set_defaults(run=run)
    return parser


def shared(parser: argparse.ArgumentParser, *, suppress: bool = False) -> None:
    default = argparse.SUPPRESS if suppress else None
    parser.add_argument(
        "--store",
        metavar="FILE|URL",
        default=default,
        help="where sessions are kept: a file, or postgresql://USER@HOST/DATABASE (default: your own store)",
    )
    parser.add_argument(
        "--library", metavar="FOLDER", action="append", default=default, help="a folder with scenarios of your own"
    )


def later(module: str, name: str) -> Run:
    """A command that imports its module only when it runs."""

    def run(args: argparse.Namespace) -> int:
        return int(getattr(importlib.import_module(module), name)(args))

    return run


def variant(text: str) -> tuple[str, int]:
    """A list of variants and the number of an entry, counted from 1 by people and from 0 by programs."""
    name, equals, number = text.partition("=")
    if not (name and equals and number.isascii() and number.isdigit() and int(number[:9]) > 0):
        raise argparse.ArgumentTypeError("a variant is a list and the number of its entry, such as street=2")
    return name, int(number[:9]) - 1


def seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**63:
        raise argparse.ArgumentTypeError("a seed is a whole number from 0 to 2^63-1")
    return int(text)


def minutes(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and 1 <= int(text) <= 600):
        raise argparse.ArgumentTypeError("write a whole number of minutes from 1 to 600, such as 20")
    return int(text)


def sits(text: str) -> tuple[str, str]:
    seat, _, former = text.partition("=")
    if not seat or not former:
        raise argparse.ArgumentTypeError("write the seat, “=”, and the seat its player had, such as officer=nurse")
    return seat, former


def count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("write a whole number above 0")
    return int(text)


def port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) < 65536):
        raise argparse.ArgumentTypeError("a port is a whole number from 0 to 65535")
    return int(text)


def proxies(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) == 1):
        raise argparse.ArgumentTypeError(
            "write how many proxies stand before this host, such as 1 (0: none, 9 at most)"
        )
    return int(text)


def hours(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= 168):
        raise argparse.ArgumentTypeError("write a whole number of hours from 1 to 168, such as 12")
    return int(text)


def days(text: str) -> int:
    digits = text.removesuffix("d")
    if not digits.isdecimal() or int(digits) < 1:
        raise argparse.ArgumentTypeError("write a number of days, such as 365d")
    return int(digits)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write a day as 2026-03-02: year, month, day") from None


class Version(argparse.Action):
    """Looks the version up only when it is asked for; that costs more than the rest of the parser."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            known = version("handoff-trainer")
        except PackageNotFoundError:
            known = "from source"
        parser.exit(0, f"handoff {known}\n")
