"""The three levels of an export: what each lets out of a session, and the sentences that say what it leaves out.

employer  an agency's own people; of others only that a seat was theirs
partner   the other agency in an agreement: agencies, no people
research  neither agencies nor people, but codes that mean nothing elsewhere
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from facilitator.export.groups import Telling
from facilitator.export.told import LevelName, Play, Played, Told, ToldSeat
from scoring.summary import DutySummary, SeatSummary, Summary

Teller = Callable[[Played], Told | None]
Bound = Callable[[Summary, DutySummary], frozenset[str]]  # the roles whose seats a duty binds; empty if nobody knows

EMPLOYER_TICK, RESEARCH_TICK = 0.1, 5.0  # seconds

ALWAYS = (
    "aliases, and everything that people wrote",
    "sessions that were not finished, or that no human finished: nobody can see who stepped out, or that anybody did",
    "pauses, and the numbers of events, whose gaps could show one",
    "seats that a computer played, or took over at any moment, from their first choice on",
    "the hour of anything; story time is not the clock on the wall",
)
LEFT_OUT: Mapping[LevelName, tuple[str, ...]] = {
    "employer": (
        "everybody of another agency, but for the seat and role they played: no choices, duties, lines, guesses or agency",
        "what is a pair's result together (objectives, the whole loss, duties that took both agencies), "
        "where anybody of another agency was in it",
        "duties that could be another agency's, and those of which nobody can tell whose they are",
    ),
    "partner": (
        "people: no person has an id, and two plays of one person cannot be told to be one person's",
        "the day (a month or a year is told), the workshop, real seconds, and how often somebody had played",
        "the session's own id: a code stands for it that is new in each export",
        "groups of fewer than 5 people of one agency, in one seat, setting and period, "
        "and as many more that nobody can find them by subtraction",
    ),
    "research": (
        "the names of agencies, workshops, agreements, jurisdictions and parties: codes stand for them that are new in each export",
        "people's and sessions' own ids: codes again, new in each export",
        "the day (a month or a year is told); real seconds are rounded to 5",
        "groups of fewer than 5 people of one agency, in one seat, setting and period, "
        "and as many more that nobody can find them by subtraction",
    ),
}
KEPT: Mapping[LevelName, str] = {
    "employer": "For an agency, about its own people. A person is a random id, the same in every export at this level.",
    "partner": "For the other agency of an agreement. Agencies are named; people are not.",
    "research": "For study. Agencies and people are codes, the same within this export only.",
}
STILL = (
    "Whoever sat in a play can recognise it by its choices, and through it the person beside them. A day, a rare seat or a small workshop can say "
    "as much as a name. Never give the same sessions at two levels, or in two exports that differ by a few sessions, to the same reader."
)


def coder(key: bytes) -> Callable[[str, str], str]:
    """Codes that only this key gives: 16 hexadecimal digits; nothing stays nothing."""

    def code(kind: str, text: str) -> str:
        if not text:
            return ""
        return hashlib.blake2b(f"{kind}\0{text}".encode(), key=key, digest_size=8).hexdigest()

    return code


def employer(agency: str, bound: Bound) -> Teller:
    """An agency's own people. `bound` tells which roles a duty binds."""

    def tell(played: Played) -> Told | None:
        whole, plays = played
        own = {seat.seat for seat in whole.seats if seat.agency == agency}
        if not own:
            return None
        foreign = {seat.role for seat in whole.seats if seat.seat not in own}
        ours = {seat.role for seat in whole.seats if seat.seat in own}

        def is_ours(duty: DutySummary) -> bool:
            roles = bound(whole, duty)
            return bool(roles & ours) and not roles & foreign

        alone = not foreign
        return Told(
            session=whole.session,
            workshop=whole.workshop,
            date=whole.day,
            scenario=whole.scenario,
            mou=whole.mou,
            jurisdiction=whole.jurisdiction,
            ending=whole.ending,
            story_minutes=whole.story_minutes,
            seconds=whole.seconds,
            both_needed=whole.both_needed if alone else None,
            lost=whole.lost if alone else None,
            unknowable=whole.unknowable if alone else None,
            seats=tuple(
                _seat(s, plays.get(s.seat), s.agency, s.person, s.person) for s in whole.seats if s.seat in own
            ),
            others=tuple((s.seat, s.role) for s in whole.seats if s.seat not in own),
            decisions=tuple(d for d in whole.decisions if d.seat in own),
            tick=EMPLOYER_TICK,
            duties=whole.duties if alone else tuple(filter(is_ours, whole.duties)),
            lines=tuple(line for line in whole.lines if line.seat in own or (alone and not line.seat)),
            objectives=whole.objectives if alone else (),
            guesses=tuple(guess for guess in whole.guesses if guess.seat in own),
        )

    return tell


def partner(telling: Telling, key: bytes) -> Teller:
    """Agencies by name, nobody's id. `telling`: which sessions may be told."""
    code = coder(key)

    def tell(played: Played) -> Told | None:
        whole, plays = played
        date = telling.date(whole)
        if date is None:
            return None
        session = code("session", whole.session)
        seats = (
            _seat(s, plays.get(s.seat), s.agency, "", code("play", f"{whole.session}\0{s.seat}")) for s in whole.seats
        )
        return replace(
            _all_of(whole),
            session=session,
            workshop="",
            date=date,
            seconds=None,
            tick=None,
            seats=tuple(replace(seat, nth=None) for seat in seats),
        )

    return tell


def research(telling: Telling, key: bytes) -> Teller:
    """Codes instead of agencies, people and agreements. `telling`: which sessions may be told."""
    code = coder(key)

    def tell(played: Played) -> Told | None:
        whole, plays = played
        date = telling.date(whole)
        if date is None:
            return None
        seats = []
        for seat in whole.seats:
            person = code("person", seat.person)
            seats.append(_seat(seat, plays.get(seat.seat), code("agency", seat.agency), person, person))
        return replace(
            _all_of(whole),
            session=code("session", whole.session),
            workshop=code("workshop", whole.workshop),
            date=date,
            mou=code("mou", whole.mou),
            jurisdiction=code("jurisdiction", whole.jurisdiction),
            seconds=round(whole.seconds / RESEARCH_TICK) * RESEARCH_TICK,
            tick=RESEARCH_TICK,
            seats=tuple(seats),
            duties=tuple(replace(duty, party=code("party", f"{whole.mou}\0{duty.party}")) for duty in whole.duties),
        )

    return tell


def _all_of(whole: Summary) -> Told:
    """Everything but the people, who are told level by level."""
    return Told(
        session=whole.session,
        workshop=whole.workshop,
        date=whole.day,
        scenario=whole.scenario,
        mou=whole.mou,
        jurisdiction=whole.jurisdiction,
        ending=whole.ending,
        story_minutes=whole.story_minutes,
        seconds=whole.seconds,
        both_needed=whole.both_needed,
        lost=whole.lost,
        unknowable=whole.unknowable,
        seats=(),
        others=(),
        decisions=whole.decisions,
        tick=None,
        duties=whole.duties,
        lines=whole.lines,
        objectives=whole.objectives,
        guesses=whole.guesses,
    )


def _seat(seat: SeatSummary, play: Play | None, agency: str, person: str, actor: str) -> ToldSeat:
    nth, again = play or Play(1, "first")
    return ToldSeat(
        seat=seat.seat,
        role=seat.role,
        agency=agency,
        person=person,
        actor=actor,
        nth=nth,
        again=again,
        practice=seat.practice,
    )
