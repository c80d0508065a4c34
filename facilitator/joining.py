"""`handoff join`: a terminal takes a seat in a room, on a store that others use too; `--new` opens the room first.

In the full-screen app; without a screen it says what else there is, for plain lines at one keyboard are `handoff play --plain`.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress

from facilitator.playing import library
from simulator.log import LogError, Store, open_store
from simulator.log.rooms import Room, new_code, new_secret, said_aloud, typed_code
from simulator.problems import did_you_mean
from simulator.seated import NoSuchCode, Seated, Seating
from simulator.tui.remembered import Remembered

OK, PROBLEMS, WRONG_USE = 0, 1, 2
_TICKET = "ticket"  # under which the last one is remembered


def join(args: argparse.Namespace) -> int:
    """Exit code 1 where no room is open under the code, 2 for options that do not fit together. Raises LogError, Unreadable."""
    if problem := _wrong_use(args):
        return _tell(problem, WRONG_USE)
    store = open_store(args.store)
    seating = Seating(library(args), store)
    try:
        return _joined(args, seating, store)
    finally:
        seating.close()
        with suppress(LogError):  # everything acknowledged is kept already
            store.close()


def _joined(args: argparse.Namespace, seating: Seating, store: Store) -> int:
    opened: Room | None = None
    invitation = ""
    try:
        if args.new:
            code = new_code()
            opened = room = _open(args, seating, code)
            invitation = (
                f"Others come in with the code {said_aloud(code)}:\nhandoff join {said_aloud(code)}{_store(args.store)}"
            )
            print(invitation)
        else:
            room = seating.room(args.code)
    except NoSuchCode as error:
        return _tell(str(error), PROBLEMS)
    if problem := _wrong_seat(args, seating, room):
        return _tell(problem, WRONG_USE)
    remembered = Remembered()
    secret = _own_ticket(remembered, seating, room)
    if not secret:
        secret = seating.admit(room, alias=args.name or "", agency=args.employer or "", wish=args.seat or "")
        remembered.keep(_TICKET, f"{room.id}:{secret}")
    _play(seating, secret, remembered, invitation)
    found = seating.find(secret)
    if isinstance(found, Seated):
        print(
            f"Your play is kept as session {found.session.id}. The same code brings you back to your seat while the room is open."
        )
        return OK
    if opened is not None:
        store.close_room(opened.id)  # nobody came; a code that leads to nobody would only be in the way
        print("Nobody joined, so the room is closed again.")
    else:
        ticket = store.ticket(secret)
        if ticket is not None:
            store.revoke(ticket.id)  # whoever left the queue is not to be waited for
    return OK


def _open(args: argparse.Namespace, seating: Seating, code: str) -> Room:
    bundle = seating.library.bundle(args.new, mou=args.mou, jurisdiction=args.jurisdiction)  # before anything is kept
    return seating.store.open_room(
        code,
        new_secret(),  # nobody holds this key: a room of two terminals has no facilitator's page
        workshop=args.workshop or "",
        scenario=_where(args.new, bundle.scenario.id),
        mou=_where(args.mou, "") if args.mou else "",
        jurisdiction=_where(args.jurisdiction, "") if args.jurisdiction else "",
    )


def _where(given: str, ident: str) -> str:
    """A file by its whole path: whoever begins the play may have been started in another folder."""
    return (
        os.path.abspath(given)
        if (os.path.exists(given) and os.path.sep in given) or given.endswith(".yaml")
        else ident or given
    )


def _own_ticket(remembered: Remembered, seating: Seating, room: Room) -> str:
    """The ticket that this computer took in the room before, if nobody sits at it now; two terminals of one computer are two people."""
    ident, _, secret = remembered.get(_TICKET).partition(":")
    ticket = seating.store.ticket(secret) if ident == room.id else None
    return secret if ticket is not None and not seating.store.connected(ticket) else ""


def _play(seating: Seating, secret: str, remembered: Remembered, invitation: str) -> None:
    from facilitator.tui.seat_app import SeatApp

    SeatApp(seating, secret, remembered=remembered, invitation=invitation).run()


def _wrong_use(args: argparse.Namespace) -> str:
    from facilitator.cli import has_screen

    if bool(args.code) == bool(args.new):
        return "say the code of a room, or --new SCENARIO to open one: handoff join K7QM2-9XW4T"
    if args.code and (args.mou or args.jurisdiction or args.workshop):
        return "the room's agreement, law and workshop stand; --mou, --jurisdiction and --workshop go with --new"
    if args.code and len(typed_code(args.code)) != 10:
        return "a code has ten letters and digits, such as K7QM2-9XW4T"
    if not has_screen():
        return "a seat of one's own needs a full-screen terminal; several at one keyboard play in lines with handoff play --plain"
    return ""


def _wrong_seat(args: argparse.Namespace, seating: Seating, room: Room) -> str:
    seats = seating.bundle(room).scenario.seats
    if args.seat and args.seat not in seats:
        return f"there is no seat “{args.seat}”; {did_you_mean(args.seat, sorted(seats), 'seat', fixed=True)}"
    return ""


def _store(store: str | None) -> str:
    return f" --store {store}" if store else ""


def _tell(text: str, code: int) -> int:
    print(f"handoff: {text}", file=sys.stderr)
    return code
