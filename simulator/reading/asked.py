"""Private questions in a scene: who is asked has to be there, and who is guessed at has to act (HS257, HS258)."""

from __future__ import annotations

from collections.abc import Iterable

from simulator.model import Scene
from simulator.problems import did_you_mean
from simulator.reading.walk import Scope


def asked_shape(scene: Scene, scope: Scope) -> None:
    """The private questions of a scene in which seats act."""
    seats = scope.known.get("seat", ())
    for guesser in scene.predict:
        node = scope.reading.node(guesser)
        if not guesser.of and scene.turn == (guesser.seat,):
            scope.report("HS257", node, f"“{guesser.seat}” would guess its own step", "Whose guess is meant?")
        for at, other in enumerate(guesser.of):
            where = scope.reading.node(guesser, "of", at)
            if other == guesser.seat:
                scope.report("HS257", where, f"“{other}” would guess its own step", "Whose step is meant?")
            elif other in seats and other not in scene.turn:
                hint = did_you_mean(other, [seat for seat in scene.turn if seat != guesser.seat], "seat")
                scope.report("HS257", where, f"“{other}” does not act in this scene", hint)
    _there(scene, scope, ((guesser.seat, (guesser, ())) for guesser in scene.predict))
    for asks in (scene.whose_duty, scene.how_distressing):
        if asks is not None:
            _there(scene, scope, ((seat, (asks, ("ask", at))) for at, seat in enumerate(asks.ask)))


def _there(scene: Scene, scope: Scope, asked: Iterable[tuple[str, tuple[object, tuple[str | int, ...]]]]) -> None:
    """Whoever is asked witnesses the scene; nobody else ever is."""
    present = scene.turn if scene.present is None else scene.present
    for seat, (thing, path) in asked:
        if seat not in present and seat in scope.known.get("seat", ()) and not scope.spoiled(scene, "turn"):
            scope.report(
                "HS258",
                scope.reading.node(thing, *path),
                f"“{seat}” does not witness this scene, and so is never asked",
                "Should “present:” name it, too?",
                severity="warning",
            )
