"""Where in a YAML file a cursor stands: under which keys, and what is being written there.

Works on lines that are just being typed and need not be YAML yet; looks only upward, and only as far as it must.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LINE = re.compile(r"( *)((?:- +|-$)*)(?:([A-Za-z_][\w.-]*|\"[^\"]*\"|'[^']*'):(?= |$))?(.*)")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?\s*(#.*)?$")
_FARTHEST = 60  # lines that one entry in brackets may go on for


@dataclass(frozen=True, slots=True)
class Spot:
    """`path`: the keys that lead here, list positions left out. `typed`: what stands between `start` and the cursor.

    `key`: a key is being written, `value`: a value; a first word on a line of its own may become either.
    """

    path: tuple[str, ...]
    typed: str
    start: int
    key: bool
    value: bool
    siblings: frozenset[str] = frozenset()  # in brackets: the keys that are there already


@dataclass(frozen=True, slots=True)
class _Row:
    indent: int
    dash: int  # the column of the first “-”, or -1
    key: str
    value: str
    at: int  # the column where the value begins


def _row(line: str) -> _Row | None:
    """A line's parts; None for an empty line or a remark."""
    if not line.strip() or line.lstrip().startswith("#"):
        return None
    found = _LINE.match(line)
    assert found is not None
    blanks, dashes, key, rest = found.groups()
    value = rest.lstrip(" ")
    return _Row(
        len(blanks) + len(dashes),
        len(blanks) if dashes else -1,
        (key or "").strip("\"'"),
        value.split(" #", 1)[0].rstrip() if not value.startswith(("'", '"')) else value,
        len(line) - len(value),
    )


def spot(lines: Sequence[str], row: int, column: int) -> Spot | None:
    """Where the cursor stands; None in prose, in a remark, or where nothing can be said."""
    before = lines[row][:column]
    if re.search(r"(^|\s)#", before):
        return None
    inside = _in_brackets(lines, row, column)
    if inside is not None:
        return inside
    here = _row(before) or _Row(len(before), -1, "", "", len(before))
    path = _above(lines, row, here)
    if path is None:
        return None
    if here.key:
        if here.value.startswith(("'", '"', "|", ">")) or before.endswith(":"):
            return None
        return Spot((*path, here.key), before[here.at :], here.at, False, True)
    typed = before[here.indent :]
    return Spot(path, typed, here.indent, True, True, _beside(lines, row, here.indent))


def path_at(lines: Sequence[str], row: int) -> tuple[str, ...]:
    """The keys that lead to a line, its own among them."""
    while row > 0 and _row(lines[row]) is None:
        row -= 1
    here = _row(lines[row]) if lines else None
    if here is None:
        return ()
    above = _above(lines, row, here, prose=True) or ()
    return (*above, here.key) if here.key else above


def row_of(lines: Sequence[str], path: Sequence[str]) -> int | None:
    """The line on which the key at this path is written; None if there is none."""
    found, row, indent = None, 0, -1
    for step in path:
        deeper, hit = None, None
        for at in range(row, len(lines)):
            each = _row(lines[at])
            if each is None:
                continue
            if each.indent <= indent:
                break
            deeper = each.indent if deeper is None else deeper
            if each.indent == deeper and each.key == step:
                hit = at
                break
        if hit is None:
            return None
        found, row, indent = hit, hit + 1, deeper if deeper is not None else 0
    return found


def _above(lines: Sequence[str], row: int, here: _Row, *, prose: bool = False) -> tuple[str, ...] | None:
    """The keys over a line, outermost first; None if the line is the continuation of a text (unless `prose`)."""
    keys: list[str] = []
    limit, dash = here.indent, here.dash
    first = True
    for at in range(row - 1, -1, -1):
        if limit == 0 and dash < 0:
            break
        each = _row(lines[at])
        if each is None:
            continue
        if dash >= 0:
            # The entries of a list may stand as far left as the key they belong to.
            over = each.indent < dash or (each.indent == dash and each.dash < 0)
        else:
            over = each.indent < limit
        if not over:
            continue
        if first and each.value and not prose and not each.value.startswith(("{", "[")):
            return None
        if first and not each.key and not prose:
            return None
        if each.key:
            keys.append(each.key)
            first = False
        limit, dash = each.indent, each.dash
    return tuple(reversed(keys))


def _beside(lines: Sequence[str], row: int, indent: int) -> frozenset[str]:
    """The other keys of the entry that a line at this indentation belongs to."""
    found: set[str] = set()
    for step in (-1, 1):
        at = row + step
        while 0 <= at < len(lines):
            each = _row(lines[at])
            if each is not None:
                if each.indent < indent:
                    break
                if each.indent == indent:
                    if step > 0 and each.dash >= 0:
                        break
                    found.add(each.key)
                    if each.dash >= 0:
                        break
            at += step
    return frozenset(found - {""})


# --- entries in brackets -----------------------------------------------------------------------------------------


def _in_brackets(lines: Sequence[str], row: int, column: int) -> Spot | None:
    """The spot inside `{…}` or `[…]`, which may have begun on an earlier line; None if no bracket is open."""
    limit: int | None = None
    for at in range(row, max(-1, row - _FARTHEST), -1):
        each = _row(lines[at])
        if each is None or (limit is not None and each.indent >= limit):
            continue
        if each.value.startswith(("{", "[")):
            text = lines[at][each.at :] if at < row else lines[at][each.at : column]
            if at < row:
                text = "\n".join([text, *lines[at + 1 : row], lines[row][:column]])
            found = _scan(text)
            if found is not None:
                above = _above(lines, at, each) or ()
                path = (*above, each.key) if each.key else above
                steps, typed, key, value, keys = found
                return Spot((*path, *steps), typed, column - len(typed), key, value, keys)
        if _BLOCK.match(each.value):
            return None
        limit = each.indent if limit is None else min(limit, each.indent)
        if limit == 0:
            break
    return None


def _scan(text: str) -> tuple[tuple[str, ...], str, bool, bool, frozenset[str]] | None:
    """What is open at the end of a text that begins with a bracket; None if everything is closed, or in a quote."""
    stack: list[list[str]] = []  # bracket, the key that is open in it, the keys that were
    start, quote, at = 0, "", 0
    while at < len(text):
        sign = text[at]
        if quote:
            if sign == "\\" and quote == '"':
                at += 1
            elif sign == quote:
                quote = ""
        elif sign in "'\"" and not text[start:at].strip():
            quote = sign
        elif sign in "{[":
            stack.append([sign, ""])
            start = at + 1
        elif sign in "}]":
            if not stack:
                return None
            stack.pop()
            start = at + 1
        elif sign == "," and stack:
            stack[-1][1] = ""
            start = at + 1
        elif sign == ":" and stack and stack[-1][0] == "{" and text[at + 1 : at + 2] in (" ", "\n"):
            name = text[start:at].strip().strip("\"'")
            stack[-1][1] = name
            stack[-1].append(name)
            start = at + 1
        at += 1
    if not stack or quote:
        return None
    typed = text[start:].lstrip(" \n")
    if "\n" in typed:
        return None
    bracket, open_key, *keys = stack[-1]
    steps = tuple(frame[1] for frame in stack if frame[1])
    key = bracket == "{" and not open_key
    return steps, typed, key or bracket == "[", not key, frozenset(keys)
