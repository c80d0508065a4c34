"""From a session's log to what it adds to the figures of many: a fold, like everything that is shown.

Read models are made from these summaries and can be thrown away at any time: `bring_up_to_date` makes what is missing or
out of date, `rebuild` everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from scoring.loss import NOTHING, Loss
from scoring.scorecard import Decision, Scorecard
from scoring.summary import (
    DecisionSummary,
    DutySummary,
    GuessSummary,
    LineSummary,
    Named,
    ObjectiveSummary,
    Outside,
    SeatSummary,
    Summary,
)
from simulator.assess import scorecard
from simulator.discretion import discreet, people_of
from simulator.engine import State, chain
from simulator.events import (
    MOVES,
    BadEvent,
    Chance,
    Choose,
    Event,
    Hold,
    Inject,
    Pause,
    Resume,
    Rewind,
    Start,
    Unprompted,
)
from simulator.game import Game
from simulator.games import Games
from simulator.injecting import brought
from simulator.library import Bundle
from simulator.log import Damaged, Kept, NoSuchSession, Store
from simulator.play import Play
from simulator.problems import Unreadable
from simulator.session import Session

if TYPE_CHECKING:
    from simulator.outlook.costs import Cost

Progress = Callable[[int, int], None]  # how many sessions are done, of how many

WEIGHED = ("met", "late", "missed", "excused", "open at the end")  # the rest says nothing of what people did


def bring_up_to_date(store: Store, progress: Progress | None = None) -> int:
    """Summarise every session that has ended or gone on since it was last summarised. Returns how many. Raises LogError.

    A store that may only be read is looked at as it is.
    """
    return _summarise(store, store.behind(), progress) if store.may_write else 0


def sum_up(session: Session) -> None:
    """Bring what the figures hold of an open session up to date, once it has ended. Blocks like `hindsight`. Raises LogError."""
    if session.finished:
        session.store.keep_summary(summarise(session, session.store.read(session.id)))
        session.store.tally()


def rebuild(store: Store, progress: Progress | None = None) -> int:
    """Make every summary and every tally anew. Can be interrupted and begun again. Returns how many sessions. Raises LogError."""
    store.drop_summaries()
    return _summarise(store, store.behind(), progress)


def _summarise(store: Store, idents: Sequence[str], progress: Progress | None) -> int:
    games, done = Games(), 0
    try:
        for ident in idents:
            with suppress(NoSuchSession):  # purged meanwhile
                store.keep_summary(summary_of(store, ident, games))
                done += 1
            if progress is not None:
                progress(done, len(idents))
    finally:
        store.tally()  # also what somebody else was cut short at
    return done


def summary_of(store: Store, ident: str, games: Games | None = None) -> Summary:
    """The summary of one session. Raises LogError, but not for a session that cannot be read: its summary says so."""
    kept = store.read(ident)
    try:
        session = Session.reopen(store, ident, games=games)
    except (Damaged, Unreadable, BadEvent, ValueError):
        return _blank(store, ident, len(kept), "unreadable")
    return summarise(session, kept)


def summarise(session: Session, kept: Sequence[Kept]) -> Summary:
    """The summary of an open session whose log is `kept`. Raises LogError."""
    store = session.store
    branch = first_branch(session)
    about = store.about(session.id)
    stayed = people_of(session.events)
    people = {place.seat: place for place in store.places(session.id) if place.seat in stayed}
    if not branch.play.state.ended:
        return _blank(store, session.id, len(kept), "rewound")
    if not people:
        return _blank(store, session.id, len(kept), "nobody")
    # What a seat's people chose before they left is told as the computer's, here as everywhere else.
    left = any(player == "human" and seat not in stayed for seat, player in branch.start.seats.items())
    play = first_branch(discreet(session)).play if left else branch.play
    game = play.state.game
    card = scorecard(play.state, play.guesses)
    persons = store.people(session.id)
    costs, lost = _costs(session, play.state)
    own = [d for d in card.decisions if d.seat in people and not d.by_computer]
    return Summary(
        session=session.id,
        events=len(kept),
        outside="",
        workshop=about.workshop,
        created=about.created.isoformat(timespec="milliseconds"),
        day=about.created.astimezone().date().isoformat(),
        scenario=about.scenario,
        mou=about.mou,
        jurisdiction=about.jurisdiction,
        ending=play.state.scene,
        story_minutes=play.state.now,
        seconds=round(seconds_played(kept[: branch.ends]), 3),
        both_needed=len(card.both_needed),
        lost=lost,
        unknowable=_sum(c.loss for c in costs if c.seat is None) if lost is not None else None,
        seats=tuple(
            SeatSummary(
                seat=seat,
                role=game.scenario.seats[seat].role,
                agency=people[seat].agency.strip(),
                person=persons.get(seat, ""),
                practice=_practice(own, seat, game),
            )
            for seat in game.seats
            if seat in people
        ),
        decisions=tuple(_decisions(branch, kept, own, costs, lost is not None)),
        duties=tuple(_duties(card, game, frozenset(people))),
        lines=tuple(
            LineSummary(line=b.line, kind=b.kind, seat=b.seat or "", minute=b.minute)
            for b in card.lines
            if b.seat is None or b.seat in people
        ),
        objectives=tuple(_objectives(card, session)),
        guesses=tuple(_guesses(card, frozenset(people))),
        names=names_of(session.bundle),
    )


# --- the first branch ---------------------------------------------------------------------------------------------


class Branch:
    """A play as it stood before anything was taken back. `ends`: how many events it has; `moves`: those that moved the story."""

    def __init__(self, events: Sequence[Event], plays: Sequence[Play]) -> None:
        back = next((seq for seq, event in enumerate(events) if isinstance(event, Rewind)), len(events))
        self.ends = back
        assert isinstance(events[0], Start)
        self.start = events[0]
        self.play = plays[back - 1]
        moving = Choose | Chance | Unprompted | Inject
        self.moves = [seq for seq, event in enumerate(events[:back]) if isinstance(event, moving)]


def first_branch(session: Session) -> Branch:
    """What was played before the first rewind; the whole play if there was none. Cohorts look at this."""
    return Branch(session.events, session.plays)


def spans(kept: Sequence[Kept]) -> list[float]:
    """Real seconds from each event's predecessor to it; 0 for event 0 and wherever the play stood paused."""
    found, paused, held = [0.0], False, False
    for before, after in pairwise(kept):
        between = (datetime.fromisoformat(after.at) - datetime.fromisoformat(before.at)).total_seconds()
        found.append(0.0 if paused or held else max(0.0, between))
        kind = after.body["kind"]
        paused = kind == Pause.kind or (paused and kind != Resume.kind)
        held = bool(after.body["on"]) if kind == Hold.kind else held
    return found


def seconds_played(kept: Sequence[Kept]) -> float:
    """Real seconds from the beginning to the last move of the story, time paused left out; the debrief is not play."""
    last = max((each.seq for each in kept if each.body["kind"] in MOVES), default=0)
    return sum(spans(kept)[: last + 1])


# --- the parts ----------------------------------------------------------------------------------------------------


def _costs(session: Session, state: State) -> tuple[list[Cost], Loss | None]:
    """What each move cost whom, and the whole loss; nothing and None where the scenario has no exact outlook."""
    from simulator.outlook.costs import NoPlanEnds, account
    from simulator.outlooks import NoOutlook, outlook_of

    try:
        ready = outlook_of(session.bundle, brought(state))
        found = account(ready.outlook, state, ready.observers)
    except (NoOutlook, NoPlanEnds):
        return [], None
    return list(found.costs), found.lost


def _sum(losses: Iterable[Loss]) -> Loss:
    total = NOTHING
    for loss in losses:
        total = total.plus(loss)
    return total


def _decisions(
    branch: Branch, kept: Sequence[Kept], own: Sequence[Decision], costs: Sequence[Cost], known: bool
) -> Iterator[DecisionSummary]:
    seconds = spans(kept)
    # A joint move of a together scene is one move and several events; costs count moves.
    move_of, moves = [0], 0
    for state in list(chain(branch.play.state))[1:]:
        move_of.append(moves + 1)
        moves += not state.pending
    charged = {(cost.move, cost.seat): cost.loss for cost in costs if cost.seat is not None}
    for decision in own:
        seq = branch.moves[decision.step - 1]
        weigh = known and not decision.judgement  # a dilemma has no key
        yield DecisionSummary(
            seq=seq,
            seat=decision.seat,
            scene=decision.scene,
            action=decision.chosen.action,
            minute=decision.minute,
            seconds=round(seconds[seq], 3),
            options=len(decision.open),
            judgement=decision.judgement,
            points=() if decision.judgement else tuple(_points(decision)),
            lost=charged.get((move_of[decision.step], decision.seat), NOTHING) if weigh else None,
        )


def _points(decision: Decision) -> Iterator[tuple[str, int, int, int]]:
    ratings = [dict(option.ratings) for option in decision.open]
    for principle in sorted({name for each in ratings for name in each}):
        values = [each.get(principle, 0) for each in ratings]
        if min(values) < max(values):
            yield principle, dict(decision.chosen.ratings).get(principle, 0), min(values), max(values)


def _practice(own: Sequence[Decision], seat: str, game: Game) -> tuple[tuple[str, int, int, int], ...]:
    totals = {principle: [0, 0, 0] for principle in game.framework.principles}
    for decision in own:
        if decision.seat != seat or decision.judgement:
            continue
        for principle, chosen, worst, best in _points(decision):
            if principle in totals:
                for n, more in enumerate((chosen - worst, best - worst, 1)):
                    totals[principle][n] += more
    return tuple((name, gained, possible, n) for name, (gained, possible, n) in totals.items() if n)


def _duties(card: Scorecard, game: Game, people: frozenset[str]) -> Iterator[DutySummary]:
    for duty in card.duties:
        if duty.status in WEIGHED and game.watchers[f"duty:{duty.duty}"].bound & people:
            yield DutySummary(
                duty=duty.duty,
                clause=duty.clause,
                party=duty.party,
                status=duty.status,
                opened=duty.opened,
                deadline=duty.deadline,
                met=duty.met,
            )


def _guesses(card: Scorecard, people: frozenset[str]) -> Iterator[GuessSummary]:
    for p in card.predictions:
        if p.guess is not None and p.seat in people:
            yield GuessSummary(seat=p.seat, of=p.of, agreed=p.agreed, credited=p.credited)
    for duty in card.whose_duties:
        same = duty.same
        for seat, _, right in duty.answers:
            if seat in people:
                yield GuessSummary(seat=seat, of="", agreed=right, credited=right, about="duty", same=same)
                same = None  # told once a question
    for felt in card.distress:
        if felt.seat in people:
            apart = felt.guess - felt.account
            yield GuessSummary(
                seat=felt.seat, of="", agreed=not apart, credited=not apart, about="distress", apart=apart
            )


def _objectives(card: Scorecard, session: Session) -> Iterator[ObjectiveSummary]:
    for result in card.objectives:
        given, blind = session.play.ratings.get(result.objective), session.play.blind.get(result.objective)
        yield ObjectiveSummary(
            objective=result.objective,
            letter=result.letter,
            by_hand=(blind or given.letter) if given is not None else None,
            blind=given is None or blind is not None,
        )


def names_of(bundle: Bundle) -> tuple[Named, ...]:
    """What the ids of this bundle are called: as written, whatever was drawn, so that figures of many keep one name for each."""
    bundle = bundle.drawn({})
    scenario, mou, law, vocabulary = bundle.scenario, bundle.mou, bundle.jurisdiction, bundle.vocabulary
    own = scenario.id
    return (
        Named(kind="scenario", owner=own, id=own, text=scenario.title),
        Named(kind="mou", owner=mou.id, id=mou.id, text=mou.title),
        Named(kind="jurisdiction", owner=law.id, id=law.id, text=law.title),
        *(
            Named(kind="scene", owner=own, id=scene.id, text=scene.title or scene.id)
            for scene in scenario.scenes.values()
            if scene.turn
        ),
        *(Named(kind="seat", owner=own, id=seat.id, text=seat.name) for seat in scenario.seats.values()),
        *(Named(kind="role", owner="", id=role.id, text=role.label) for role in vocabulary.roles.values()),
        *(Named(kind="objective", owner=own, id=each.id, text=each.text) for each in scenario.objectives.values()),
        *(Named(kind="duty", owner=mou.id, id=duty.id, text=duty.text) for duty in mou.duties.values()),
        *(Named(kind="line", owner=law.id, id=line.id, text=line.text) for line in law.lines.values()),
        *(Named(kind="line", owner=law.id, id=line.id, text=line.text) for line in vocabulary.lines.values()),
        *(Named(kind="principle", owner="", id=p.id, text=p.label) for p in bundle.framework.principles.values()),
    )


def _blank(store: Store, ident: str, events: int, outside: Outside) -> Summary:
    about = store.about(ident)
    return Summary(
        session=ident,
        events=events,
        outside=outside,
        workshop=about.workshop,
        created=about.created.isoformat(timespec="milliseconds"),
        day=about.created.astimezone().date().isoformat(),
        scenario=about.scenario,
        mou=about.mou,
        jurisdiction=about.jurisdiction,
        ending="",
        story_minutes=0,
        seconds=0.0,
        both_needed=0,
        lost=None,
        unknowable=None,
        seats=(),
        decisions=(),
        duties=(),
        lines=(),
        objectives=(),
        guesses=(),
        names=(),
    )
