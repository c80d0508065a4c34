"""What a scene, an action, a rule may hold together: shapes that no single field shows (HS2xx)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from scoring.rights import Right
from scoring.rules import Duty, Line, Rule, Vocabulary
from simulator.model import (
    CHANCE,
    Action,
    Consequence,
    Effects,
    Inject,
    Meter,
    ReleaseForm,
    Scenario,
    Scene,
    Seat,
    Status,
)
from simulator.problems import did_you_mean
from simulator.reading.asked import asked_shape
from simulator.reading.shelf_of_injects import inject_shape
from simulator.reading.walk import Scope

ACTORS = "actor"  # a seat, or chance: what a turn may name
_NOBODY = {"survivor", "victim", "offender", "abuser", "suspect", "perpetrator", "batterer"}


_ASKED = {
    "needs", "teller", "told", "from_service", "to_service", "same_employer", "about", "kinds", "source", "channel",
}  # fmt: skip
_EFFECTS = tuple(field.name for field in fields(Effects))
_ASKS = ("predict", "whose_duty", "how_distressing")  # what seats are asked in private, before they act

# --- scenes --------------------------------------------------------------------------------------------------


def scene_shape(scene: Scene, scope: Scope) -> None:
    """What a scene has and lacks, by the kind of scene it is."""
    effects_shape(scene, scope)
    turn = scene.turn
    _twice(scene, "turn", turn, scope)
    _twice(scene, "present", scene.present or (), scope)
    if scene.ending is not None:
        _lacks(scene, scope, "an ending", "turn", "actions", "to", "call", "judgement", *_ASKS, "distress", *_EFFECTS)
    elif scene.call is not None:
        _lacks(scene, scope, "a scene that calls a protocol", "turn", "actions", "to", "judgement", *_ASKS, "distress")
    elif not turn:
        _lacks(scene, scope, "a scene in which nobody acts", "actions", "judgement", *_ASKS)
        if not scene.to and not scope.spoiled(scene, "turn") and not scope.spoiled(scene, "to"):
            _shape(
                scope,
                scene,
                "nobody acts here, and it leads nowhere",
                "Is “turn:” missing, or “to:”, or should this be an ending?",
            )
    else:
        _acted(scene, scope)
    if scene.call is None:
        for key in ("with", "returns"):
            if scope.written(scene, key):
                _shape(
                    scope, scene, f"“{key}” belongs to a call, and no protocol is called", "Is “call:” missing?", key
                )
    _branches(scene, scope)


def _acted(scene: Scene, scope: Scope) -> None:
    """A scene somebody, or chance, decides. Its effects are its actions' own."""
    turn = scene.turn
    _lacks(scene, scope, "a scene with actions", *_EFFECTS)
    if scene.distress is not None:
        hint = "Which action was so distressing? Could it move there?"
        _shape(scope, scene, "a scene with actions has no “distress” of its own", hint, "distress")
    if not scene.actions and not scope.spoiled(scene, "actions"):
        _shape(scope, scene, "somebody acts here, and there is nothing to do", "Which actions are there?")
    if CHANCE in turn:
        if len(turn) > 1:
            _shape(scope, scene, "chance acts alone", "Should chance have a scene of its own?", "turn")
        if scene.judgement or any(getattr(scene, key) for key in _ASKS):
            given = " and ".join(f"“{key}:”" for key in ("judgement", *_ASKS) if getattr(scene, key))
            _shape(scope, scene, "nobody decides in a chance scene", f"Can {given} go?")
        for action in scene.actions.values():
            for key in ("message", "tell"):
                if getattr(action, key):
                    _seat(scope, action, f"chance has no “{key}”", "Which seat's action is it?", key)
    together = len(turn) > 1 and CHANCE not in turn
    for action in scene.actions.values():
        (_joint if together else _single)(scene, action, scope)
    if together:
        if not scene.to and not scope.spoiled(scene, "to"):
            _shape(scope, scene, "a together scene leads on itself, and “to” is missing", "Where does it lead?")
        acting = {action.seat for action in scene.actions.values()}
        for seat in turn if None not in acting else ():
            if seat not in acting and scene.actions and seat in scope.known.get("seat", ()):
                _seat(
                    scope, scene, f"“{seat}” has no action here", "What could this seat do?", "turn", turn.index(seat)
                )
    elif scene.to:
        _shape(scope, scene, "the actions lead on here, not the scene", "Should “to:” move into the actions?", "to")
    if scene.present is not None:
        for seat in turn:
            if seat not in scene.present and seat != CHANCE:
                _seat(scope, scene, f"“{seat}” acts here without being present", "Is it missing here?", "present")
    if CHANCE not in turn:
        asked_shape(scene, scope)


def _single(scene: Scene, action: Action, scope: Scope) -> None:
    if action.seat is not None:
        _seat(
            scope,
            action,
            "only one seat acts in this scene, so “seat” is not written",
            "Can the line go, or should the scene's turn name several seats?",
            "seat",
        )
    if not action.to and not scope.spoiled(action, "to"):
        node = scope.reading.key(action)
        scope.report("HS223", node, "this action leads nowhere", "To which scene does it lead (“to:”)?")


def _joint(scene: Scene, action: Action, scope: Scope) -> None:
    if not action.seat:
        _seat(scope, action, "whose action is this?", f"Is “seat:” missing: {' or '.join(scene.turn)}?")
    elif action.seat not in scene.turn and action.seat in scope.known.get("seat", ()):
        hint = did_you_mean(action.seat, scene.turn, "seat")
        _seat(scope, action, f"“{action.seat}” does not act in this scene", hint, "seat")
    if action.to:
        node = scope.reading.node(action, "to")
        scope.report(
            "HS224",
            node,
            "several act at once here, so no single action leads on",
            "Should “to:” move up to the scene, with “when:” on facts the actions record?",
        )


def action_shape(action: Action, scope: Scope) -> None:
    effects_shape(action, scope)
    _branches(action, scope)


def effects_shape(thing: Effects, scope: Scope) -> None:
    if thing.minutes and thing.until is not None:
        node = scope.reading.key(thing, "until")
        scope.report("HS226", node, "it lasts so many minutes, or until then, not both", "Which of the two can go?")
    if thing.set:
        for status, value in thing.set.items():
            values = scope.names.statuses.get(status)
            if value and values is not None and value not in values:
                node = scope.reading.node(thing, "set", status)
                scope.report("HS207", node, f"“{status}” is never “{value}”", did_you_mean(value, values, "value"))


def _branches(thing: Scene | Action, scope: Scope) -> None:
    """The first branch that holds is taken, so the last must always hold and no other may."""
    last = len(thing.to) - 1
    for at, branch in enumerate(thing.to):
        if at == last and branch.when is not None:
            node = scope.reading.node(branch)
            scope.report(
                "HS225",
                node,
                "the last way on has a condition: what if it does not hold?",
                "Where does it lead otherwise? Add a last entry without “when:”.",
            )
        elif at < last and branch.when is None and not scope.written(branch, "when"):
            node = scope.reading.node(branch)
            scope.report(
                "HS225",
                node,
                "this way is always taken, so those after it never are",
                "When is it taken? Add “when:”, or move it to the end.",
            )


# --- protocols -----------------------------------------------------------------------------------------------


def check_call(scene: Scene, scenario: Scenario, scope: Scope) -> None:
    """A call names every part and every exit of its protocol once, and nothing else."""
    protocol = scenario.protocols.get(scene.call) if scene.call else None
    if protocol is None:
        return
    for key, given, wanted, kind in (
        ("with", scene.seats, protocol.parts, "part"),
        ("returns", scene.returns, protocol.exits, "exit"),
    ):
        for name in given:
            if name not in wanted:
                node = scope.reading.key(scene, key, name)
                message = f"the protocol “{protocol.id}” has no {kind} “{name}”"
                scope.report("HS215", node, message, did_you_mean(name, wanted, kind))
        for name in wanted:
            if name not in given:
                node = scope.reading.key(scene, key) if given else scope.reading.key(scene, "call")
                question = "Which seat takes it?" if kind == "part" else "Where does it lead?"
                scope.report("HS215", node, f"the {kind} “{name}” of “{protocol.id}” is not given", question)
    _twice(scene, "with", tuple(scene.seats.values()), scope, tuple(scene.seats))


# --- the rest of a scenario ----------------------------------------------------------------------------------


def check_seats(scenario: Scenario, scope: Scope) -> None:
    """One to six seats, told apart by name; nobody plays the survivor or the offender."""
    number = len(scenario.seats)
    key, node = scope.reading.key, scope.reading.node  # asked only for a problem: the first answer maps the whole file
    if not 1 <= number <= 6 and scope.written(scenario, "seats") and not scope.spoiled(scenario, "seats"):
        scope.report(
            "HS222", key(scenario, "seats"), f"there are {number} seats", "Which one to six people are played?"
        )
    named: dict[str, Seat] = {}
    for seat in scenario.seats.values():
        for field, word in (("id", seat.id), ("role", seat.role)):
            if word in _NOBODY:
                scope.report(
                    "HS221",
                    key(seat) if field == "id" else node(seat, "role"),
                    f"nobody plays the {word}",
                    "Could this person speak through the scenes' texts, and a professional take the seat?",
                )
        if seat.name and seat.name in named:
            _seat(scope, seat, f"two seats are called “{seat.name}”", "Which name would tell them apart?", "name")
        named[seat.name] = seat


def seat_shape(seat: Seat, scope: Scope) -> None:
    if seat.id == CHANCE:
        scope.report("HS115", scope.reading.key(seat), "“chance” is what nobody decides", "Would another name do?")


def meter_shape(meter: Meter, scope: Scope) -> None:
    if any(scope.spoiled(meter, key) for key in ("from", "to", "start")):
        return
    if meter.low >= meter.high:
        node = scope.reading.node(meter, "from")
        scope.report("HS227", node, f"it runs from {meter.low} to {meter.high}", "Are “from:” and “to:” swapped?")
    elif not meter.low <= meter.start <= meter.high:
        node = scope.reading.node(meter, "start")
        message = f"it begins at {meter.start}, outside {meter.low} to {meter.high}"
        scope.report("HS227", node, message, "Where does it begin?")


def status_shape(status: Status, scope: Scope) -> None:
    if not status.values and not scope.spoiled(status, "values"):
        node = scope.reading.key(status)
        scope.report("HS207", node, f"“{status.id}” has no values", "Which values can it have?")
    if status.start and status.values and status.start not in status.values:
        node = scope.reading.node(status, "start")
        hint = did_you_mean(status.start, status.values, "value")
        scope.report("HS207", node, f"“{status.id}” is never “{status.start}”", hint)


def release_shape(form: ReleaseForm, scope: Scope) -> None:
    if form.holder and form.holder in form.recipient:
        _seat(scope, form, f"“{form.holder}” would release to itself", "Who may be told?", "recipient")


def rule_shape(rule: Rule, scope: Scope) -> None:
    """A rule asks for one thing, and `each` follows a fact."""
    node = scope.reading.key(rule)
    written = [key for key in ("must", "each", "never") if scope.written(rule, key)]
    if isinstance(rule, Line) and rule.telling is not None:
        if written:
            at = scope.reading.key(rule, written[0])
            scope.report("HS229", at, f"the ledger judges this line, so “{written[0]}” has no place", "Can it go?")
        return
    if len(written) != 1:
        found = " and ".join(f"“{key}”" for key in written) or "none of them"
        message = f"a rule has one of “must”, “each” and “never”; this has {found}"
        scope.report("HS229", node, message, "What must happen, or must never happen?")
    elif rule.each is not None:
        if rule.each.bare_fact not in scope.names.facts and rule.each.bare_fact is not None:
            return  # the condition's own problem says so
        if rule.each.bare_fact is None:
            at = scope.reading.node(rule, "each")
            scope.report("HS229", at, "“each” names one fact, nothing more", "Which fact must follow each time?")
        if rule.when is None or rule.when.bare_fact is None:
            at = scope.reading.node(rule, "when") if rule.when else node
            scope.report("HS229", at, "“each” needs a “when” that is one fact", "Which fact calls for it each time?")
    if rule.never is not None and (rule.within is not None or rule.before is not None):
        key = "within" if rule.within is not None else "before"
        at = scope.reading.key(rule, key)
        scope.report("HS229", at, f"“never” has no deadline, so “{key}” has no place", "Can it go, or is “must” meant?")


def right_shape(right: Right, scope: Scope) -> None:
    """A line says which; nothing that decides over lines and papers asks where the teller knows it from."""
    node = scope.reading.key(right)
    if (right.verdict == "line") is not (right.crosses is not None):
        message = "a right with the verdict “line” says which line it crosses, and no other does"
        scope.report("HS230", node, message, "Is it a line (“crosses:”), or not?")
    if right.needs is not None and right.crosses is not None:
        message = "a line needs nothing; what would make it lawful is a right of its own"
        scope.report("HS230", scope.reading.key(right, "needs"), message, "Can “needs:” go?")
    if right.source and (right.crosses is not None or right.needs is not None):
        message = "a line or a paper holds wherever the teller knows it from"
        scope.report("HS230", scope.reading.key(right, "source"), message, "Can “source:” go?")


def rights_shape(vocabulary: Vocabulary, scope: Scope) -> None:
    """The last right decides all that the others left."""
    if not vocabulary.rights or scope.spoiled(vocabulary, "rights"):
        return
    *_, last = vocabulary.rights.values()
    asks = any(getattr(last, field.name) not in ((), None) for field in fields(Right) if field.name in _ASKED)
    if asks:
        message = "the last right fits everything, so that every telling has a verdict"
        scope.report("HS230", scope.reading.key(last), message, "What holds where none of the others does?")


# --- saying it -----------------------------------------------------------------------------------------------


def _lacks(scene: Scene, scope: Scope, what: str, *keys: str) -> None:
    for key in keys:
        if getattr(scene, key):
            _shape(scope, scene, f"{what} has no “{key}”", f"Can “{key}:” go?", key)


def _shape(scope: Scope, scene: Scene, message: str, hint: str, key: str = "") -> None:
    node = scope.reading.key(scene, key) if key else scope.reading.key(scene)
    scope.report("HS223", node, message, hint)


def _seat(scope: Scope, thing: object, message: str, hint: str, *path: str | int) -> None:
    """Problems with who does what: HS224 in a scene's actions, HS228 where one seat stands for two."""
    node = scope.reading.node(thing, *path) if path else scope.reading.key(thing)
    code = "HS224" if isinstance(thing, Action | Scene) else "HS228"
    scope.report(code, node, message, hint)


def _twice(scene: Scene, key: str, seats: tuple[str, ...], scope: Scope, under: tuple[str, ...] = ()) -> None:
    if len(set(seats)) == len(seats):
        return
    for at, seat in enumerate(seats):
        if seat and seat in seats[:at]:
            node = scope.reading.node(scene, key, under[at] if under else at)
            scope.report("HS228", node, f"“{seat}” is there twice", "Which other seat did you mean?")


HOOKS: Mapping[type, Callable[[Any, Scope], None]] = {
    Consequence: effects_shape,
    Scene: scene_shape,
    Action: action_shape,
    Inject: inject_shape,
    Seat: seat_shape,
    Meter: meter_shape,
    Status: status_shape,
    ReleaseForm: release_shape,
    Duty: rule_shape,
    Line: rule_shape,
    Right: right_shape,
    Vocabulary: rights_shape,
}
