"""Conditions on many states at once: the expression language of `scoring.conditions`, evaluated on a draft.

Each condition becomes a function of a `Draft`. What the draft knows for all rows alike (a fact recorded in this very step)
is folded away while it runs, so nothing is read that need not be.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scoring.conditions import Condition
from simulator.compiled.draft import Draft, Number, Truth, both, either, negate

if TYPE_CHECKING:
    from simulator.compiled.memory import Memory

Test = Callable[[Draft], Truth]
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip


def compile_truth(condition: Condition, memory: Memory) -> Test:
    """A function that says in which rows of a draft the condition holds."""
    return _truth(condition.tree, memory)


def _truth(node: ast.expr, memory: Memory) -> Test:
    match node:
        case ast.BoolOp(op=op, values=values):
            parts = [_truth(value, memory) for value in values]
            return _all(parts) if isinstance(op, ast.And) else _any(parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _truth(operand, memory)
            return lambda d: negate(inner(d))
        case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[ast.Name(id=value)]) if (
            name in memory.names.statuses
        ):
            field, wanted = memory.status(name), memory.names.statuses[name].index(value)
            equal = isinstance(op, ast.Eq)
            return lambda d: (d.get(field) == wanted) if equal else (d.get(field) != wanted)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _comparison(left, _COMPARE[type(op)], right, memory)
        case ast.Name(id=name) if name in memory.names.spans:
            span = memory.span(name)
            return lambda d: d.flag(span)
        case ast.Name(id=name):
            fact = memory.fact(name)
            return lambda d: d.flag(fact)
        case ast.Attribute(attr=switch):
            fixed = bool(memory.switches.get(switch, False))
            return lambda d: fixed
        case ast.Call(func=ast.Name(id=function), args=args):
            given = [arg.id for arg in args if isinstance(arg, ast.Name)]
            if function == "knows":
                known = memory.known(given[0], given[1])
                return lambda d: d.flag(known)
            if function == "valid":
                return memory.form(given[0]).valid
            moment = memory.form(given[0]).moment(function)
            return lambda d: d.flag(moment)
        case ast.Constant(value=bool() as value):
            return lambda d: value
    raise AssertionError(ast.dump(node))


def _all(parts: list[Test]) -> Test:
    def test(d: Draft) -> Truth:
        found: Truth = True
        for part in parts:
            found = both(found, part(d))
            if found is False:
                return False
        return found

    return test


def _any(parts: list[Test]) -> Test:
    def test(d: Draft) -> Truth:
        found: Truth = False
        for part in parts:
            found = either(found, part(d))
            if found is True:
                return True
        return found

    return test


def _comparison(left: ast.expr, compare: Callable[[Any, Any], Any], right: ast.expr, memory: Memory) -> Test:
    one, other = _number(left, memory), _number(right, memory)

    def test(d: Draft) -> Truth:
        (a, a_there), (b, b_there) = one(d), other(d)
        found = compare(a, b)
        return both(both(bool(found) if isinstance(found, bool) else found, a_there), b_there)

    return test


def _number(node: ast.expr, memory: Memory) -> Callable[[Draft], tuple[Number, Truth]]:
    """The number, and where there is one: minutes since what never happened are none."""
    match node:
        case ast.Name(id=name):
            meter, low = memory.meter(name)
            return lambda d: (d.get(meter) + low, True)
        case ast.Call(func=ast.Name(id="times"), args=[ast.Name(id=fact)]):
            times = memory.times(fact)
            return lambda d: (d.get(times), True)
        case ast.Call(func=ast.Name(id="minutes_since"), args=[ast.Name(id=fact)]):
            return memory.since(fact).read
        case ast.Constant(value=int() as value):
            return lambda d: (value, True)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return lambda d: (-value, True)
    raise AssertionError(ast.dump(node))
