"""The one small expression language of `when`, `must`, `never`, `unless`.

    advocate_notified and trust >= 2 and minutes_since(arrived) < 30 and law.mandatory_reporter

Names: a fact (it happened at least once), a span of facts (`he_is_home`: begun and not ended), a meter (a whole
number), a status (compared with one of its values), `law.SWITCH`. Functions: `minutes_since(FACT)`, since it last
happened; `times(FACT)`; `knows(SEAT, ITEM)`; `asked(FORM)`, `refused(FORM)`, `signed(FORM)` and `revoked(FORM)` of a
release form, `valid(FORM)` right now. `and or not`, comparisons, brackets. Nothing else: what cannot be analysed cannot
be written.

A text is parsed once with `ast`, checked against the names that exist, and compiled to a plain Python function of
a `Record`. A comparison with `minutes_since` of a fact that has not happened is false.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring.record import Record

Test = Callable[[Record], bool]

NEVER_HAPPENED = float("nan")  # every comparison with it is false, except != which the checker forbids

_COMPARE = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
_FORM_TESTS = {"asked": "asked", "refused": "refused", "signed": "signed", "revoked": "revoked"}
FUNCTIONS = ("minutes_since", "times", "knows", "valid", *_FORM_TESTS)


class BadCondition(ValueError):
    """What is wrong with a condition, where in its text (0-based column), and the names that were meant perhaps."""

    def __init__(self, message: str, column: int = 0, name: str | None = None, known: tuple[str, ...] = ()):
        super().__init__(message)
        self.column, self.name, self.known = column, name, known


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed condition. `text` is the author's own; equality is by text."""

    text: str
    tree: ast.expr = field(compare=False, repr=False, hash=False)

    @classmethod
    def parse(cls, text: str) -> Condition:
        """Read a condition. Raises BadCondition when it is not of the language; names are checked by `check`."""
        source = " ".join(text.split())
        if not source:
            raise BadCondition("the condition is empty")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)  # ours says it better, and in the right place
                tree = ast.parse(source, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            column = max(0, (getattr(error, "offset", None) or 1) - 1)
            raise BadCondition("this is no condition; did a name get a space or a hyphen in it?", column) from None
        _grammar(tree)
        return cls(source, tree)

    def __str__(self) -> str:
        return self.text

    @property
    def bare_fact(self) -> str | None:
        """The one name this condition consists of, if it is nothing but a name."""
        return self.tree.id if isinstance(self.tree, ast.Name) else None


@dataclass(frozen=True, slots=True)
class Names:
    """The names a condition may use. `spans` maps a name to its (begin, end) facts; `statuses` to its values."""

    facts: frozenset[str] = frozenset()
    spans: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    meters: frozenset[str] = frozenset()
    statuses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    items: frozenset[str] = frozenset()
    seats: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    switches: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reads:
    """What a condition depends on: `names` of facts, meters, statuses; `ledger`, `clock` when it reads those."""

    names: frozenset[str]
    ledger: bool
    clock: bool


def check(condition: Condition, names: Names) -> None:
    """Every name exists and every comparison makes sense. Raises BadCondition at the first that does not."""
    _truth(condition.tree, names)


def compile_test(condition: Condition, names: Names, switches: Mapping[str, Any]) -> Test:
    """A function of a Record that answers the condition under these legal switches. `check` it first."""
    source = f"lambda r: {_code(condition.tree, names, switches)}"
    test: Test = eval(compile(source, f"<{condition.text}>", "eval"), {"__builtins__": {}, **_HELPERS})
    return test


def reads(condition: Condition, names: Names) -> Reads:
    """What the condition depends on, so that only what changed is asked again."""
    found: set[str] = set()
    ledger = clock = False
    for node in ast.walk(condition.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            clock |= node.func.id in ("minutes_since", "valid")
            ledger |= node.func.id in ("knows", "valid", *_FORM_TESTS)
        if isinstance(node, ast.Name):
            found.update(names.spans.get(node.id, (node.id,)))
    known = names.facts | names.meters | frozenset(names.statuses)
    return Reads(frozenset(found) & known, ledger, clock)


def switches_read(condition: Condition) -> frozenset[str]:
    """The legal switches that the condition asks for."""
    return frozenset(node.attr for node in ast.walk(condition.tree) if isinstance(node, ast.Attribute))


# --- the grammar, before any name is known -------------------------------------------------------------------


_DEEPEST = 40  # far below what Python's own parser and stack bear once this is compiled


def _grammar(node: ast.expr, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise BadCondition("this is nested too deeply; make it a fact or a span of its own", node.col_offset)
    match node:
        case ast.BoolOp(values=values):
            for value in values:
                _grammar(value, depth + 1)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            _grammar(operand, depth + 1)
        case ast.Compare(left=left, ops=ops, comparators=rights):
            if len(ops) != 1:
                raise BadCondition("one comparison at a time; join them with “and”", node.col_offset)
            if type(ops[0]) not in _COMPARE:
                raise BadCondition("compare with < <= > >= == or !=", node.col_offset)
            _grammar(left, depth + 1)
            _grammar(rights[0], depth + 1)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            if name not in FUNCTIONS:
                raise BadCondition(f"there is no function “{name}”", node.col_offset, name, FUNCTIONS)
            if keywords or not all(isinstance(arg, ast.Name) for arg in args):
                raise BadCondition(f"{name}(…) takes plain names", node.col_offset)
            wanted = 2 if name == "knows" else 1
            if len(args) != wanted:
                raise BadCondition(f"{name}(…) takes {wanted} name{'s' * (wanted > 1)}", node.col_offset)
        case ast.Attribute(value=ast.Name(id="law")):
            pass
        case ast.Attribute():
            raise BadCondition("only “law.” has switches", node.col_offset)
        case ast.Name():
            pass
        case ast.Constant(value=bool()) | ast.Constant(value=int()):
            pass
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))) if not isinstance(number, bool):
            pass
        case _:
            raise BadCondition("this is more than the condition language allows", getattr(node, "col_offset", 0))


# --- names and kinds -----------------------------------------------------------------------------------------


def _truth(node: ast.expr, names: Names) -> None:
    """The node answers yes or no."""
    match node:
        case ast.BoolOp(values=values):
            for value in values:
                _truth(value, names)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            _truth(operand, names)
        case ast.Compare(left=left, ops=ops, comparators=[right]):
            _comparison(left, ops[0], right, names)
        case ast.Name(id=name):
            if name in names.meters:
                raise BadCondition(f"“{name}” is a number: compare it", node.col_offset)
            if name in names.statuses:
                raise BadCondition(f"“{name}” is a status: compare it with one of its values", node.col_offset)
            if name not in names.facts and name not in names.spans:
                known = tuple(sorted({*names.facts, *names.spans, *names.meters, *names.statuses}))
                raise BadCondition(f"nothing is called “{name}”", node.col_offset, name, known)
        case ast.Call(func=ast.Name(id=function)):
            if function in ("minutes_since", "times"):
                raise BadCondition(f"{function}(…) is a number: compare it", node.col_offset)
            _arguments(node, names)
        case ast.Attribute(attr=switch):
            if switch not in names.switches:
                raise BadCondition(
                    f"no jurisdiction has a switch “law.{switch}”",
                    node.col_offset,
                    switch,
                    tuple(sorted(names.switches)),
                )
        case ast.Constant(value=bool()):
            pass
        case _:
            raise BadCondition("this answers neither yes nor no", getattr(node, "col_offset", 0))


def _comparison(left: ast.expr, op: ast.cmpop, right: ast.expr, names: Names) -> None:
    if isinstance(left, ast.Name) and left.id in names.statuses:
        values = names.statuses[left.id]
        if not isinstance(op, ast.Eq | ast.NotEq):
            raise BadCondition(f"a status is equal or not: {left.id} == {values[0]}", left.col_offset)
        if not isinstance(right, ast.Name):
            raise BadCondition(f"“{left.id}” has the values {', '.join(values)}", right.col_offset)
        if right.id not in values:
            raise BadCondition(f"“{left.id}” is never “{right.id}”", right.col_offset, right.id, values)
        return
    _number(left, names)
    _number(right, names)
    if isinstance(op, ast.NotEq) and "minutes_since" in ast.dump(left) + ast.dump(right):
        raise BadCondition("compare minutes_since(…) with < <= > or >=", left.col_offset)


def _number(node: ast.expr, names: Names) -> None:
    match node:
        case ast.Name(id=name) if name in names.meters:
            pass
        case ast.Name(id=name):
            raise BadCondition(f"“{name}” is no number", node.col_offset, name, tuple(sorted(names.meters)))
        case ast.Call(func=ast.Name(id=function)) if function in ("minutes_since", "times"):
            _arguments(node, names)
        case ast.Constant(value=bool()):
            raise BadCondition("yes or no is no number", node.col_offset)
        case ast.Constant(value=int()) | ast.UnaryOp(op=ast.USub()):
            pass
        case _:
            raise BadCondition("a whole number is wanted here", getattr(node, "col_offset", 0))


def _arguments(call: ast.Call, names: Names) -> None:
    assert isinstance(call.func, ast.Name)
    match call.func.id:
        case "knows":
            wanted: tuple[tuple[str, frozenset[str]], ...] = (("seat", names.seats), ("item", names.items))
        case "minutes_since" | "times":
            wanted = (("fact", names.facts),)
        case _:
            wanted = (("release form", names.forms),)
    for (kind, known), argument in zip(wanted, call.args, strict=True):
        assert isinstance(argument, ast.Name)
        if argument.id not in known:
            raise BadCondition(
                f"there is no {kind} “{argument.id}”", argument.col_offset, argument.id, tuple(sorted(known))
            )


# --- to Python -----------------------------------------------------------------------------------------------


def _minutes_since(r: Record, fact: str) -> float:
    times = r.facts.get(fact)
    return r.now - times[-1].minute if times else NEVER_HAPPENED


def _during(r: Record, begin: str, end: str) -> bool:
    begun, ended = r.facts.get(begin), r.facts.get(end)
    if not begun or not ended:
        return bool(begun)
    # Within one step, what a narration tells comes at its own minute; in the same minute the end has the last word.
    return (begun[-1].step, begun[-1].minute) > (ended[-1].step, ended[-1].minute)


def _valid(r: Record, form: str) -> bool:
    held = r.forms.get(form)
    return held is not None and held.valid_at(r.now)


def _form(r: Record, form: str, moment: str) -> bool:
    held = r.forms.get(form)
    return held is not None and getattr(held, moment) is not None


_HELPERS: dict[str, Any] = {
    "minutes_since": _minutes_since, "during": _during, "valid": _valid, "form": _form, "len": len,
}  # fmt: skip


def _code(node: ast.expr, names: Names, switches: Mapping[str, Any]) -> str:
    def code(part: ast.expr) -> str:
        return _code(part, names, switches)

    match node:
        case ast.BoolOp(op=op, values=values):
            return "(" + (" and " if isinstance(op, ast.And) else " or ").join(map(code, values)) + ")"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return f"(not {code(operand)})"
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"(-{code(operand)})"
        case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[ast.Name(id=value)]) if name in names.statuses:
            return f"(r.statuses[{name!r}] {_COMPARE[type(op)]} {value!r})"
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return f"({code(left)} {_COMPARE[type(op)]} {code(right)})"
        case ast.Name(id=name) if name in names.spans:
            begin, end = names.spans[name]
            return f"during(r, {begin!r}, {end!r})"
        case ast.Name(id=name) if name in names.meters:
            return f"r.meters[{name!r}]"
        case ast.Name(id=name):
            return f"({name!r} in r.facts)"
        case ast.Attribute(attr=switch):
            return repr(bool(switches.get(switch, False)))
        case ast.Call(func=ast.Name(id=function), args=args):
            given = [arg.id for arg in args if isinstance(arg, ast.Name)]
            if function == "knows":
                return f"(({given[0]!r}, {given[1]!r}) in r.known)"
            if function == "times":
                return f"len(r.facts.get({given[0]!r}, ()))"
            if function in _FORM_TESTS:
                return f"form(r, {given[0]!r}, {function!r})"
            return f"{function}(r, {given[0]!r})"
        case ast.Constant(value=value):
            return repr(value)
    raise AssertionError(ast.dump(node))
