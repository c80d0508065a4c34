"""From a play to its scorecard: a fold over the chain of states, nothing else.

What a debrief shows comes from here. Nothing is kept in a store that could disagree with the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scoring import objectives, practice
from scoring.conditions import reads
from scoring.duties import Watch, Watcher, in_time, status
from scoring.rules import Duty, Line
from scoring.scorecard import (
    Breach,
    Decision,
    DistressGuess,
    DutyGuess,
    DutyResult,
    JudgementResult,
    ObjectiveResult,
    Prediction,
    Rated,
    Scorecard,
)
from scoring.shared_picture import picture
from simulator.engine import State, chain, options, speeches, step
from simulator.events import Choose, Event, Inject
from simulator.game import Game, PlayAction
from simulator.model import Action
from simulator.predictions import About, account, answer_text, clauses, whose
from simulator.speaking import event_of
from simulator.view import acts, led_here

LAW_EXCUSES = "only breaking the law could have kept it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """An answer to a private question as it stands in the log; `action` None: it was passed.

    `step`: how many moves the story had behind it when the scene began in which it was asked.
    """

    step: int
    seat: str
    of: str
    action: str | None
    about: About = "partner"


def scorecard(state: State, guesses: Sequence[Guess] = ()) -> Scorecard:
    """Weigh the play that led to `state`."""
    states = list(chain(state))
    game = state.game
    decisions = tuple(_decisions(states))
    lines = tuple(sorted(_lines(state, states), key=lambda breach: breach.step))
    duties = tuple(_duties(state, states))
    scene = game.scenario.scenes[state.scene]
    predictions = tuple(_predictions(states, guesses, lines))
    whose_duties = tuple(_whose_duties(states, guesses))
    distress = tuple(_distress(states, guesses))
    return Scorecard(
        lines=lines,
        duties=duties,
        objectives=tuple(_objectives(game, duties, lines, decisions)),
        principles=practice.describe(game.framework, game.seats, decisions),
        decisions=decisions,
        judgements=tuple(_judgements(states)),
        predictions=predictions,
        whose_duties=whose_duties,
        distress=distress,
        picture=picture(predictions, whose_duties, distress),
        both_needed=tuple(_both_needed(state)),
        ending=scene.ending.title if scene.ending is not None else None,
        ending_felt=scene.ending.felt if scene.ending is not None else None,
        finished=state.ended,
    )


def _decisions(states: Sequence[State]) -> Iterator[Decision]:
    named: set[tuple[str, str]] = set()
    for number, state in enumerate(states):
        event = state.event
        if not isinstance(event, Choose) or state.prev is None:
            continue
        before = state.prev
        scene = before.game.scenario.scenes[before.scene]
        found = [option.action for option in options(before, event.seat) if option.open]
        chosen = before.game.scenes[before.scene].actions[event.action]
        known, items = before.record.known, before.game.scenario.items
        there = before.game.attendance.at(before.scene)  # what somebody will bring along was out of everybody's reach
        others = [
            item
            for holder, item in known
            if holder != event.seat and holder in there and (event.seat, item) not in known
        ]
        unnamed = [item for item in dict.fromkeys(others) if (event.seat, item) not in named]
        named.update((event.seat, item) for item in unnamed)
        yield Decision(
            step=number,
            minute=before.now,
            scene=scene.id,
            scene_title=scene.title or scene.id,
            seat=event.seat,
            by_computer=event.by == "computer",
            chosen=_rated(chosen),
            open=tuple(_rated(action) for action in found),
            felt=chosen.action.felt,
            distress=chosen.action.distress,
            partner_knew=tuple(items[item].text for item in unnamed),
            judgement=scene.judgement is not None,
        )


def _rated(action: PlayAction) -> Rated:
    given = action.action
    return Rated(action=given.id, text=given.text, ratings=tuple(sorted(given.practice.items())), because=given.because)


def _lines(state: State, states: Sequence[State]) -> Iterator[Breach]:
    game = state.game
    steps = {at.record.step: index for index, at in enumerate(states) if not at.pending}
    for telling in state.tellings:
        if telling.step < 0:
            continue
        line = game.lines[telling.line]
        item = game.scenario.items[telling.item].text
        told = game.scenario.seats[telling.told].name
        yield _breach(
            game, line, steps[telling.step], telling.minute, telling.seat, f"{told} was told {item}: {telling.lacking}"
        )
    for key, rule in game.watchers.items():
        if not isinstance(rule.rule, Line) or not rule.played:
            continue
        for watch in state.watches[key]:
            for broken in watch.broken:
                yield _breach(game, rule.rule, steps[broken.step], broken.minute, broken.seat, "")
            if rule.rule.never is None and status(rule, watch, state.now, ended=state.ended) in (
                "missed",
                "late",
                "overdue",
            ):
                at, minute = _failed_at(watch, states, steps)
                holder = next(iter(rule.bound)) if len(rule.bound) == 1 else None
                yield _breach(game, rule.rule, at, minute, holder, "")


def _failed_at(watch: Watch, states: Sequence[State], steps: Mapping[int, int]) -> tuple[int, int]:
    """The event in which a `must` that was triggered became overdue, and the story minute; the last event if only the end did it."""
    opened = watch.opened
    assert opened is not None
    failed = []
    if watch.shut is not None:
        mark = max(watch.shut, opened, key=lambda mark: mark.step)
        failed.append((steps[mark.step], mark.minute))
    if watch.deadline is not None:
        late = next((n for n, at in enumerate(states) if not at.pending and at.now > watch.deadline), None)
        if late is not None:
            failed.append((late, watch.deadline))
    return min(failed, default=(len(states) - 1, states[-1].now))


def _breach(game: Game, line: Line, number: int, minute: int, seat: str | None, detail: str) -> Breach:
    return Breach(
        line=line.id,
        text=line.text,
        citation=line.citation,
        kind="life safety" if line.id in game.vocabulary.lines else "law",
        step=number,
        minute=minute,
        seat=seat,
        detail=detail,
    )


def _duties(state: State, states: Sequence[State]) -> Iterator[DutyResult]:
    game = state.game
    steps = {at.record.step: index for index, at in enumerate(states) if not at.pending}
    for key, rule in game.watchers.items():
        duty = rule.rule
        if not isinstance(duty, Duty):
            continue
        for index, watch in enumerate(state.watches[key] or (Watch(),)):
            if watch.settled:
                continue  # it belongs to an episode before this one
            now = status(rule, watch, state.now, ended=state.ended)
            why = ""
            if now == "excused":
                why = f"excused: {_in_words(duty, state)}"
            if now in ("late", "missed", "overdue", "open at the end"):
                excuse = _dilemma(states, duty, watch)
                if not excuse and now != "open at the end":
                    excuse = _law_excuses(states, key, rule, index)
                if excuse:
                    now, why = "excused", excuse
            if now == "met" and watch.met is not None and _kept_by_breach(states, steps.get(watch.met.step)):
                why = "kept by a step that crossed a line"
            mark = watch.broken[0] if watch.broken else watch.met or watch.shut or watch.opened
            yield DutyResult(
                duty=duty.id,
                text=duty.text,
                clause=duty.clause,
                words=duty.words,
                party=game.mou.parties[duty.party].name,
                status=now,
                opened=watch.opened.minute if watch.opened else None,
                deadline=watch.deadline,
                met=watch.met.minute if watch.met else None,
                step=steps.get(mark.step) if mark else None,
                why=why,
            )


def _in_words(duty: Duty, state: State) -> str:
    """What excused a duty: the facts of its `unless` that happened, in the vocabulary's words."""
    assert duty.unless is not None
    kinds = {**state.game.vocabulary.facts, **state.game.scenario.facts}
    names = sorted(reads(duty.unless, state.game.names).names)
    happened = [kinds[name].text.rstrip(".") for name in names if name in state.record.facts and name in kinds]
    return "; ".join(happened) or str(duty.unless)


def _kept_by_breach(states: Sequence[State], number: int | None) -> bool:
    """Whether the event that kept a duty crossed a line: one action may keep a clause and break the law; both are told."""
    return number is not None and number > 0 and _crosses(states[number - 1], states[number])


def _dilemma(states: Sequence[State], duty: Duty, watch: Watch) -> str | None:
    """Excused if it could still be kept when the play came to a judgement scene in which it collides with another rule;
    a `never`, if it was broken in such scenes only."""
    collisions = {
        at.record.step: scene.title or scene.id
        for at in states
        if (scene := at.game.scenario.scenes[at.scene]).judgement is not None
        and duty.id in scene.judgement.collide
        and (watch.opened is None or at.record.step >= watch.opened.step)
        and (watch.deadline is None or at.now <= watch.deadline)
        and (watch.shut is None or at.record.step < watch.shut.step)
    }
    if not collisions or any(broken.step - 1 not in collisions for broken in watch.broken):
        return None
    return f"dilemma: it collides with another rule in “{next(iter(collisions.values()))}”"


def pardoned(state: State) -> frozenset[tuple[str, int]]:
    """The duties still open at the end that a dilemma excused: rule, and number of the instance."""
    states = list(chain(state))
    return frozenset(
        (key, index)
        for key, rule in state.game.watchers.items()
        if isinstance(rule.rule, Duty)
        for index, watch in enumerate(state.watches[key])
        if status(rule, watch, state.now, ended=True) == "open at the end" and _dilemma(states, rule.rule, watch)
    )


def _law_excuses(states: Sequence[State], key: str, rule: Watcher, index: int) -> str | None:
    """Excused if a bound seat could have done or said something that would have kept the duty in time, and all of it crossed a line.

    Law outranks an agreement; a duty that only a breach could keep binds nobody (DESIGN, Duties). A telling without a release
    that nobody asked her for shows no such thing: asking was the lawful way.
    """
    unlawful = False
    for at in states:
        if at.ended or at.pending:
            continue
        for seat in rule.bound:
            scene = at.game.scenes[at.scene]
            if scene.seats != (seat,) or rule.rule.must is None:
                continue
            could: list[Event] = [Choose(seat=seat, action=o.action.id) for o in options(at, seat) if o.open]
            could += [event_of(each.speech) for each in speeches(at, seat) if each.speech]
            for event in could:
                after = step(at, event)
                watches = after.watches[key]
                if index >= len(watches):
                    continue
                met = watches[index].met
                before = at.watches[key]
                if index < len(before) and before[index].met is not None:
                    continue
                if met is None or not in_time(watches[index], met):
                    continue
                if not _crosses(at, after):
                    return None
                unlawful |= not any(telling.unasked for telling in after.tellings[len(at.tellings) :])
    return LAW_EXCUSES if unlawful else None


def _crosses(before: State, after: State) -> bool:
    """Whether the step from `before` to `after` crossed a line: by telling, by a `never`, or by leaving a `must` undone."""
    if len(after.tellings) > len(before.tellings):
        return True
    return any(
        _wrong(rule, after, key) > _wrong(rule, before, key)
        for key, rule in before.game.watchers.items()
        if isinstance(rule.rule, Line) and rule.played
    )


def _wrong(rule: Watcher, state: State, key: str) -> int:
    """How often a line has been crossed so far."""
    failed = ("missed", "late", "overdue")
    return sum(
        len(watch.broken) + (rule.rule.never is None and status(rule, watch, state.now, ended=state.ended) in failed)
        for watch in state.watches[key]
    )


def _objectives(
    game: Game, duties: Sequence[DutyResult], lines: Sequence[Breach], decisions: Sequence[Decision]
) -> Iterator[ObjectiveResult]:
    for objective in game.scenario.objectives.values():
        yield objectives.rate(
            objective.id,
            objective.text,
            objective.duties,
            objective.lines,
            objective.decisions,
            results=duties,
            crossed=lines,
            faced=[decision for decision in decisions if not decision.by_computer],
            framework=game.framework,
        )


def _judgements(states: Sequence[State]) -> Iterator[JudgementResult]:
    for number, state in enumerate(states):
        if state.prev is None or state.pending or isinstance(state.event, Inject):
            continue
        scene = state.game.scenario.scenes[state.prev.scene]
        if scene.judgement is None:
            continue
        yield JudgementResult(
            step=number,
            scene=scene.title or scene.id,
            scene_id=scene.id,
            question=scene.judgement.question,
            chosen=tuple((seat, action.text) for seat, action in acts(state) if seat is not None),
            both_sides=scene.judgement.both_sides,
            collide=scene.judgement.collide,
        )


def _predictions(states: Sequence[State], guesses: Sequence[Guess], lines: Sequence[Breach]) -> Iterator[Prediction]:
    for guess in guesses:
        if guess.about != "partner":
            continue
        for number in range(guess.step + 1, len(states)):
            if not isinstance(states[number].event, Choose):
                continue  # what was said on the way is no step that could be guessed
            happened = next((action for seat, action in acts(states[number]) if seat == guess.of), None)
            if happened is None:
                continue
            agreed = happened.id == guess.action
            before = states[number].prev
            assert before is not None
            scene = before.game.scenario.scenes[before.scene]
            guessed = scene.actions.get(guess.action) if guess.action is not None else None
            yield Prediction(
                step=number,
                seat=guess.seat,
                of=guess.of,
                guess=guessed.text if guessed is not None else None,
                happened=happened.text,
                agreed=agreed,
                credited=agreed and not _breach_foreseen(before, states[number], guess.of, number, lines),
            )
            break


def _breach_foreseen(before: State, after: State, of: str, number: int, lines: Sequence[Breach]) -> bool:
    """Whether the step that was foreseen crossed a line. Of a together scene's step, only what was not another seat's doing."""
    if not _crosses(before, after):
        return False
    here = [breach for breach in lines if breach.step == number]
    others = len(acts(after)) > 1 and here and all(breach.seat not in (of, None) for breach in here)
    return not others


def _whose_duties(states: Sequence[State], guesses: Sequence[Guess]) -> Iterator[DutyGuess]:
    """Answers to “whose duty is this?”, question by question; those who passed are not there."""
    asked: dict[int, dict[str, str]] = {}
    for guess in guesses:
        if guess.about == "duty" and guess.action is not None:
            asked.setdefault(guess.step, {})[guess.seat] = guess.action
    for step_asked, given in asked.items():
        at = states[step_asked]
        scene = at.game.scenario.scenes[at.scene]
        assert scene.whose_duty is not None
        right = whose(at.game, scene.whose_duty.duty)
        yield DutyGuess(
            step=step_asked,
            scene=scene.title or scene.id,
            what=scene.whose_duty.what,
            answers=tuple(
                (seat, answer_text(at.game, given[seat]), given[seat] == right)
                for seat in at.game.seats
                if seat in given
            ),
            answer=answer_text(at.game, right),
            clauses=clauses(at.game, scene.whose_duty.duty),
            same=len(set(given.values())) == 1 if len(given) > 1 else None,
        )


def _distress(states: Sequence[State], guesses: Sequence[Guess]) -> Iterator[DistressGuess]:
    for guess in guesses:
        if guess.about != "distress" or guess.action is None:
            continue
        at = states[guess.step]
        scene = at.game.scenario.scenes[at.scene]
        steps = led_here(at, guess.seat)
        known = account(steps)
        if scene.how_distressing is None or known is None:
            continue
        yield DistressGuess(
            step=guess.step,
            scene=scene.title or scene.id,
            question=scene.how_distressing.question,
            after=" ".join(step.text.strip() for step in steps if isinstance(step, Action)),
            seat=guess.seat,
            guess=int(guess.action),
            account=known,
        )


def _both_needed(state: State) -> Iterator[str]:
    """Duties that one agency's step opened and another agency's step kept: those that needed both."""
    facts, seats = state.record.facts, state.game.scenario.seats

    def agencies(fact: str) -> set[str]:
        return {seats[o.seat].employer for o in facts.get(fact, ()) if o.seat is not None}

    for key, rule in state.game.watchers.items():
        if not isinstance(rule.rule, Duty) or rule.when_fact is None or rule.goal_fact is None:
            continue
        opened, kept = agencies(rule.when_fact), agencies(rule.goal_fact)
        met = any(status(rule, w, state.now, ended=state.ended) == "met" for w in state.watches[key])
        if met and opened and kept and not opened & kept:
            yield f"clause {rule.rule.clause}: {rule.rule.text}"
