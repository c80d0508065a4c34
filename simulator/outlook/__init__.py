"""The outlook of a game: every state it can reach, and the least loss still attainable from each. Exact, never sampled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scoring.loss import Loss
from simulator.compiled.graph import Edges, Graph, explored
from simulator.compiled.preparing import NOTHING_BROUGHT, Brought, name_of
from simulator.compiled.speaking import stands_for
from simulator.compiled.values import Values
from simulator.engine import State, chain, said
from simulator.events import Inject, Unprompted
from simulator.game import Game
from simulator.view import acts

LIMIT = 3_000_000  # states; a scenario larger than this is told so


class TooLarge(Exception):
    """The scenario has more states than the limit; what was found so far is in `graph`."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(f"more than {graph.states:,} states")
        self.graph = graph


def move_of(state: State) -> tuple[str, ...]:
    """The move that led to a state, as a graph names it: its action ids, in the order of the scene's seats.

    What is told is named by the message, whatever the channel, where no
    right tells channels apart (`compiled.speaking`).
    """
    assert state.prev is not None
    if isinstance(state.event, Inject):
        return name_of(state.event.inject)
    if isinstance(state.event, Unprompted):
        return (stands_for(state.game, state.prev.scene, said(state)),)
    seats = state.game.scenes[state.prev.scene].seats
    taken = {seat: action.id for seat, action in acts(state)}
    return tuple(taken[seat] for seat in seats) if seats else tuple(taken.values())


@dataclass(slots=True)
class Outlook:
    """What a game can still come to, from every state it can reach.

    Injects by hand are not foreseen: no value reckons with them. A play in which some were brought has an outlook of its
    own (`brought`: which, and in which scenes), whose graph also holds the states they led to.
    """

    game: Game
    graph: Graph
    values: Values

    @classmethod
    def of(
        cls,
        game: Game,
        *,
        limit: int = LIMIT,
        watch: Callable[[int], None] | None = None,
        brought: Brought = NOTHING_BROUGHT,
    ) -> Outlook:
        """Explore and value a game. `watch` hears the number of states so far. Raises TooLarge, TooIntricate, Cancelled."""
        graph = explored(game, limit=limit, watch=watch, brought=brought)
        if not graph.complete:
            raise TooLarge(graph)
        return cls(game, graph, Values(graph))

    def follow(self, state: State) -> list[tuple[int, Edges | None]]:
        """The graph's states along a play, each with the move that led to it; the first has none.

        Choices still pending in a together scene have led nowhere yet. What was said unprompted and nothing ahead can notice
        stays in its state, and has no move either.
        """
        at = self.graph.start
        way: list[tuple[int, Edges | None]] = [(at, None)]
        for each in chain(state):
            if each.prev is None or each.pending:
                continue
            taken = move_of(each)
            block = self.graph.block_of(at)
            for edges in (*block.edges, *block.by_hand):
                if edges.move.ids == taken and (to := int(edges.to[at - block.first])) >= 0:
                    at = to
                    way.append((at, edges))
                    break
            else:
                assert isinstance(each.event, Unprompted), f"the graph does not know “{', '.join(taken)}”"
                way.append((at, None))
        return way

    def __getitem__(self, state: int) -> Loss | None:
        """The least expected loss still to come from a state of the graph; None if no plan from it surely ends."""
        return self.values[state]
