"""A night at a hospital for four seats, two of which come in later and one of which leaves: the scenario of the tests about seats.

Every text that only one seat may see holds that seat's own word, such as NURSEWORD, so that a test can look for it.
"""

from __future__ import annotations

from pathlib import Path

from simulator.library import Library
from simulator.log import Place, Store, open_store
from simulator.session import Session

WARD = """
id: ward
title: A night at the hospital
summary: Four people meet a survivor in one night. Not all of them are there from the start.
minutes_to_play: 10
starts: 2026-01-09T22:00
advisories: [sexual violence, a hospital]
framework: trauma-informed
mou: riverside-dv
jurisdiction: model-state
objectives:
  apart: {text: Talk apart, duties: [apart-before-questions], decisions: [desk, room]}
seats:
  officer:
    role: patrol-officer
    employer: riverside-pd
    name: Officer Reyes
    brief: OFFICERWORD You drove her here.
    leaves: exam
  advocate:
    role: community-advocate
    employer: harbor-house
    name: Maya Ellison
    brief: ADVOCATEWORD You are on call.
  nurse:
    role: forensic-nurse
    employer: riverside-hospital
    name: Nurse Park
    brief: NURSEWORD Your shift begins at eleven.
    enters: room
  detective:
    role: detective
    employer: riverside-pd
    name: Detective Abara
    brief: DETECTIVEWORD You take the case in the morning.
    enters: morning
items:
  injury: {text: that her wrist hurts, about: survivor, kind: health, known_by: nurse}
  car: {text: whose car it was, about: offender, known_by: officer}
meters:
  ease: {label: How at ease Dana is (NURSEWORD), from: 0, to: 5, start: 2, shown_to: nurse}
opening: desk
scenes:
  desk:
    title: The front desk
    turn: officer
    present: [officer, advocate]
    text: DESKWORD Dana sits by the wall.
    private: {advocate: ADVOCATEWORD She looks at the door.}
    predict: advocate
    actions:
      apart:
        text: Ask for a room of her own
        minutes: 10
        records: [officer_arrived, separated_sight_and_sound]
        change: {ease: 1}
        practice: {safety: 2}
        because: A room of her own.
        report: She asked for a room.
        says: A door is opened.
        to: room
      here:
        text: Begin at the desk
        minutes: 5
        records: officer_arrived
        practice: {safety: -1}
        appeal: 3
        to: corridor
  corridor:
    title: The corridor
    text: CORRIDORWORD Somebody hurries by.
    minutes: 5
    to: room
  room:
    title: The room
    turn: [officer, advocate, nurse]
    text: The door is shut.
    actions:
      step-out: {seat: officer, text: Wait outside, practice: {choice: 2}, minutes: 5}
      stay: {seat: officer, text: Stay in the room, practice: {choice: -1}, appeal: 3, minutes: 5}
      sit: {seat: advocate, text: Sit beside her, practice: {collaboration: 1}, minutes: 5}
      explain: {seat: advocate, text: Explain what comes next, practice: {collaboration: 2}, minutes: 5}
      ask: {seat: nurse, text: Ask what she wants first, practice: {choice: 2}, minutes: 5}
      begin: {seat: nurse, text: Begin the exam, practice: {choice: -1}, appeal: 3, minutes: 5}
    to: exam
  exam:
    title: The exam
    turn: nurse
    present: [nurse, advocate]
    predict: advocate
    text: EXAMWORD A lamp, a folded sheet.
    actions:
      slow:
        text: One step at a time
        minutes: 60
        change: {ease: 1}
        practice: {choice: 2}
        case: {offered: a second visit}
        says: She nods at each.
        to: morning
      quick:
        text: As quickly as it goes
        minutes: 30
        practice: {choice: -1}
        appeal: 3
        to: morning
  morning:
    title: In the morning
    turn: detective
    present: [detective, advocate, nurse]
    text: MORNINGWORD A new day.
    actions:
      call-first:
        text: Ask the advocate whether she wants to talk
        minutes: 5
        practice: {choice: 2}
        tell: {to: advocate, items: car}
        message: {to: advocate, text: DETECTIVEWORD ADVOCATEWORD May I come by?}
        to: end
      go:
        text: Go up to the ward
        minutes: 5
        practice: {choice: -1}
        appeal: 3
        to: end
  end:
    text: ENDWORD The night is over.
    ending: {title: ENDTITLE A long night, felt: They took turns.}
"""

SEATS = ("officer", "advocate", "nurse", "detective")
WORD = {seat: f"{seat.upper()}WORD" for seat in SEATS}
MOVES = (
    ("officer", "apart"),
    ("officer", "step-out"),
    ("advocate", "explain"),
    ("nurse", "ask"),
    ("nurse", "slow"),
    ("detective", "call-first"),
)
AGENCIES = ("Riverton PD", "Safe Harbor", "St. Anne", "Riverton PD")
LONG = (
    "Officer Bartholomew Featherstonehaugh-Cholmondeley",
    "Maximiliane Wolkenstein-Trostburg of the Harbor House",
    "Nurse Anastasia Papadimitrakopoulou-Konstantinidis",
    "Detective Wilhelmina van Nieuwenhuizen-Oosterhuis",
)


def shelf(folder: Path, text: str = WARD) -> Library:
    """A library that has the ward beside what ships."""
    (folder / "shelf" / "library").mkdir(parents=True, exist_ok=True)
    (folder / "shelf" / "library" / "ward.yaml").write_text(text, encoding="utf-8")
    return Library([folder / "shelf"])


def long_names(text: str = WARD) -> str:
    """The ward with names as long as names get."""
    for short, name in zip(("Officer Reyes", "Maya Ellison", "Nurse Park", "Detective Abara"), LONG, strict=True):
        text = text.replace(short, name)
    return text


def begun(folder: Path, store: Store | None = None, text: str = WARD, **players: str) -> Session:
    """A session of the ward; every seat a person's unless `players` says otherwise. Aliases are Ana, Ben, Cleo and Dov."""
    library = shelf(folder, text)
    places = [
        Place(seat, alias if players.get(seat, "human") == "human" else "", players.get(seat, "human"), agency)
        for seat, alias, agency in zip(SEATS, ("Ana", "Ben", "Cleo", "Dov"), AGENCIES, strict=True)
    ]
    return Session.begin(store or open_store(folder / "sessions.sqlite3"), library.bundle("ward"), places, seed=7)


def played(session: Session, moves: tuple[tuple[str, str], ...] = MOVES) -> Session:
    for seat, action in moves:
        session.choose(seat, action)
    return session
