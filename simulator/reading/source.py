"""From a text to YAML nodes that know their line and column, refusing what the file format has no use for.

`compose` through the C loader; tags are never resolved, because what a plain word means follows from what is wanted
there. That also makes it quicker than the bare parse it is measured against.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from simulator.problems import Problem, Severity

MAX_BYTES = 5_000_000
TOO_LARGE = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
MAX_DEPTH = 60
MAX_PROBLEMS = 200  # beyond that, more of them help nobody

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_REFERENCE = re.compile(
    r"(?m)(?:^|[\s\[{,:])[&*!][^\s,\]}]"
)  # may be an anchor, an alias or a tag; prose has it rarely
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPEAKING = {  # from libyaml's words to an author's; the first that occurs in the message wins
    "mapping values are not allowed": (
        "there is a colon where none can be",
        "Is the line indented too far, or does a text contain “: ” and need quotes around it?",
    ),
    "unexpected end of stream": ("a quoted text is never closed", "Is a closing quote missing here?"),
    "did not find expected ',' or ']'": ("a list in [ ] is never closed", "Is a “]” or a comma missing?"),
    "did not find expected ',' or '}'": ("an entry in { } is never closed", "Is a “}” or a comma missing?"),
    "could not find expected ':'": ("this line has no colon after its key", "Is a “:” missing, or an indentation?"),
    "did not find expected key": (
        "the line does not fit the indentation above it",
        "Does it stand as far right as its sisters, and is every quote closed?",
    ),
    "did not find expected '-' indicator": (
        "a list and named entries are mixed at one indentation",
        "Should this line begin with “- ”, or stand further left or right?",
    ),
    "unknown escape character": (
        "a text in double quotes has a backslash it cannot use",
        "Would single quotes do, or a second backslash?",
    ),
    "cannot start any token": ("a text cannot begin with this character", "Would quotes around the text help?"),
    "incompatible YAML document": ("the file names a YAML version that is not read here", "Can the %YAML line go?"),
}


_BEGINS_WITH_A_PLACEHOLDER = re.compile(r"\s*(?:- |[\w-]+: +)\{[\w.-]+\}[^,}\]]")
_UNCLOSED = ("unexpected end of stream", "expected ',' or ']'", "expected ',' or '}'")


class _TooDeep(yaml.MarkedYAMLError):
    pass


class _Untagged:
    """Loader part: resolves no tags, and stops before the C stack does."""

    depth = 0

    def resolve(self, kind: type[Node], value: str, implicit: Any) -> str | None:
        return None

    def descend_resolver(self, parent: Node | None, index: Any) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            mark = parent.start_mark if parent is not None else None
            raise _TooDeep(problem="nested too deep", problem_mark=mark)

    def ascend_resolver(self) -> None:
        self.depth -= 1


_Loader: Any
try:
    from yaml.cyaml import CParser  # type: ignore[attr-defined]

    class _CLoader(_Untagged, CParser):
        pass

    _Loader = _CLoader
except ImportError:  # a PyYAML without libyaml: slower, the same answers

    class _PureLoader(_Untagged, yaml.SafeLoader):
        pass

    _Loader = _PureLoader


class Source:
    """A file's text, its nodes, and the places in it. Positions are worked out only when somebody asks."""

    def __init__(self, text: str, file: str) -> None:
        self.original = text
        self.text = text.removeprefix("\ufeff")
        self.file = file
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._compose()

    # --- reading ---------------------------------------------------------------------------------------------

    def _compose(self) -> None:
        if len(self.text) > MAX_BYTES:
            return self.report_at("HS119", 1, 1, TOO_LARGE, "Is this really a scenario file?")
        if bad := _FORBIDDEN.search(self.text):
            line, column = self._line_and_column(bad.start())
            return self.report_at(
                "HS102",
                line,
                column,
                f"the character U+{ord(bad[0]):04X} cannot stand in a file",
                "Did it slip in by copying from another program? Delete it and type the text again.",
            )
        loader = None
        try:
            if _REFERENCE.search(self.text) and self._references():
                return None
            loader = _Loader(self.text)
            self.root = loader.get_single_node()
        except yaml.YAMLError as error:
            self._syntax(error)
        finally:
            if loader is not None:
                loader.dispose()
        if self.root is None and not self.problems:
            self.report_at("HS118", 1, 1, "the file is empty", "Do you want to start from a copy of a library file?")
        return None

    def _references(self) -> bool:
        """Report anchors, aliases and tags, seen as events before any alias is followed."""
        for event in yaml.parse(self.text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            what = None
            if isinstance(event, yaml.AliasEvent):
                what = f"“*{event.anchor}” repeats another part of the file"
            elif getattr(event, "anchor", None):
                what = f"“&{event.anchor}” names a part of the file for repeating"  # type: ignore[attr-defined]
            elif getattr(event, "tag", None):
                what = f"“{event.tag}” gives a part of the file a YAML type"  # type: ignore[attr-defined]
            mark = event.start_mark
            if what and mark is not None:
                self.report_at(
                    "HS116",
                    mark.line + 1,
                    mark.column + 1,
                    f"{what}, which is not read here",
                    "Could the text be written out, put in quotes, or the scenes become a protocol?",
                )
        return bool(self.problems)

    def _syntax(self, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = str(getattr(error, "problem", None) or error)
        context = getattr(error, "context_mark", None)
        related: tuple[tuple[int, str], ...] = ()
        if context is not None and context.line + 1 != line:
            related = ((context.line + 1, "what is not finished begins here"),)
            if any(words in said for words in _UNCLOSED):  # what was forgotten is at its beginning, not where it shows
                related = ((line, "this is where it shows"),) if self.line(line).strip() else ()
                line, column = context.line + 1, context.column + 1
        if isinstance(error, _TooDeep):
            return self.report_at(
                "HS119", line, column, f"the file is nested more than {MAX_DEPTH} levels deep", "Is a bracket doubled?"
            )
        if "another document" in said:
            return self.report_at(
                "HS117",
                line,
                column,
                "a second document begins here",
                "Should the line “---” go, or the rest move to a file of its own?",
            )
        if "tab character" in said or self.line(line)[column - 1 : column] == "\t":
            return self.report_at(
                "HS104",
                line,
                column,
                "a tab stands where only spaces can indent",
                "Does your editor insert tabs? Let it insert two spaces instead.",
            )
        if _BEGINS_WITH_A_PLACEHOLDER.match(self.line(line)):
            return self.report_at(
                "HS103",
                line,
                column,
                "YAML takes a brace at the beginning of a text for named parts",
                "Is it a placeholder? Then put all of the text in quotes, or begin it on the next line, after “>-”?",
                related,
            )
        for words, (message, hint) in _SPEAKING.items():
            if words in said:
                return self.report_at("HS103", line, column, message, hint, related)
        return self.report_at("HS103", line, column, f"this is not YAML: {said}", "", related)

    # --- places ----------------------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> list[str]:
        return _BREAK.split(self.text)

    def line(self, number: int) -> str:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        before = _BREAK.split(self.text[:offset])
        return len(before), len(before[-1]) + 1

    def find(self, *path: str | int) -> Node | None:
        """The node at a path of keys and list positions; the deepest that exists, None in an unreadable file."""
        node = self.root
        for step in path:
            below = child(node, step)
            if below is None:
                break
            node = below
        return node

    def place(self, *path: str | int) -> tuple[int, int]:
        """Line and column (from 1) of the key at a path, or of the deepest part of it that exists."""
        node = self.find(*path)
        if node is None:
            return 1, 1
        key = self.keys.get(id(node), (None, None))[0] or node
        return key.start_mark.line + 1, key.start_mark.column + 1

    @cached_property
    def keys(self) -> dict[int, tuple[Node | None, Node | None]]:
        """For each node, by identity: the key it stands under, and the node it stands in."""
        found: dict[int, tuple[Node | None, Node | None]] = {}
        queue: list[Node] = [self.root] if self.root is not None else []
        for node in queue:
            if isinstance(node, MappingNode):
                for key, value in node.value:
                    found[id(value)] = (key, node)
                    found[id(key)] = (key, node)
                    queue.append(value)
            elif isinstance(node, SequenceNode):
                for value in node.value:
                    found[id(value)] = (None, node)
                    queue.append(value)
        return found

    def path(self, node: Node) -> tuple[str, ...]:
        """The keys that lead to a node, list positions left out."""
        steps: list[str] = []
        at: Node | None = node
        while at is not None:
            key, at = self.keys.get(id(at), (None, None))
            if key is not None and isinstance(key.value, str):
                steps.append(key.value)
        return tuple(reversed(steps))

    # --- problems --------------------------------------------------------------------------------------------

    @property
    def full(self) -> bool:
        """Whether more problems would not be kept, so that nobody need look for what was meant."""
        return len(self.problems) >= MAX_PROBLEMS

    def report(
        self,
        code: str,
        node: Node | None,
        message: str,
        hint: str = "",
        *,
        severity: Severity = "error",
        related: tuple[tuple[Node, str], ...] = (),
        offset: int = 0,
        length: int | None = None,
    ) -> None:
        """Note a problem at a node, `offset` characters of its text (blanks folded) from its beginning."""
        if node is None:
            return self.report_at(code, 1, 1, message, hint, severity=severity)
        start, end = node.start_mark, node.end_mark
        line, column = start.line + 1, start.column + 1
        width = end.column - start.column if end.line == start.line else len(self.line(line)) - start.column
        if isinstance(node, MappingNode | SequenceNode) and end.line != start.line:
            width = len(self.line(line).rstrip()) - start.column
        if offset or length is not None:
            line, column = self._within(node, offset)
            width = length or 1
        about = context(self.path(node))
        return self.report_at(
            code,
            line,
            column,
            f"{about}: {message}" if about else message,
            hint,
            tuple((other.start_mark.line + 1, text) for other, text in related),
            severity=severity,
            length=max(1, width),
        )

    def report_at(
        self,
        code: str,
        line: int,
        column: int,
        message: str,
        hint: str = "",
        related: tuple[tuple[int, str], ...] = (),
        *,
        severity: Severity = "error",
        length: int = 1,
    ) -> None:
        if not self.full:
            self.problems.append(
                Problem(code, severity, message, self.file, line, column, hint, self.line(line), related, length)
            )

    def _within(self, node: Node, offset: int) -> tuple[int, int]:
        """Line and column of the character at `offset` of a scalar's text, whose blanks count as one each."""
        folded = " ".join(str(node.value).split())
        left = len(folded[:offset].replace(" ", ""))  # blanks are the only thing folding changes
        line, column = node.start_mark.line, node.start_mark.column
        style = getattr(node, "style", None)
        if style in ("'", '"'):
            column += 1
        elif style in ("|", ">"):
            line, column = line + 1, 0
        while line < len(self.lines):
            for at, character in enumerate(self.lines[line][column:], column):
                if not character.isspace():
                    if left == 0:
                        return line + 1, at + 1
                    left -= 1
            line, column = line + 1, 0
        return node.start_mark.line + 1, node.start_mark.column + 1


def child(node: Node | None, step: str | int) -> Node | None:
    """The node under a key of a mapping or at a position of a list, or None."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == step:
                return value  # type: ignore[no-any-return]
    elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]  # type: ignore[no-any-return]
    return None


_CONTAINERS = {
    "scenes": "scene", "actions": "action", "protocols": "protocol", "seats": "seat", "facts": "fact",
    "spans": "span", "meters": "meter", "statuses": "status", "items": "item", "releases": "release",
    "objectives": "objective", "parties": "party", "duties": "duty", "lines": "line", "switches": "switch",
    "compelled": "compelled report", "rights": "right", "signers": "signer", "principles": "principle", "roles": "role", "sign_offs": "sign-off",
}  # fmt: skip


def context(path: tuple[str, ...]) -> str:
    """A path in an author's words: scene “doorstep”, action “ask”."""
    parts, at = [], 0
    while at + 1 < len(path):
        if path[at] in _CONTAINERS:
            parts.append(f"{_CONTAINERS[path[at]]} “{path[at + 1]}”")
            at += 1
        at += 1
    return ", ".join(parts)


__all__ = ["MappingNode", "Node", "ScalarNode", "SequenceNode", "Source", "child", "context"]
