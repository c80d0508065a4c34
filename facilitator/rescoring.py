"""`handoff rescore`: finished sessions judged under another agreement or law, old beside new. No verdict is stored.

`--json` writes one object a line:

    setting     mou, jurisdiction: the ids judged by, null where they stay as they were played; notes
    session     one a session whose reactions are behind it: its setting, `comparable`, old and new lines, duties and objectives,
                and what changes; or the `reasons` why it cannot be compared
    together    counts over the sessions compared, and why the others were not
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from facilitator.plain_data import plain_data
from facilitator.playing import library
from facilitator.rejudged import Judge, Judged, Other, Sum
from facilitator.rescored_text import NOTES, closing, heading, one_session, together
from simulator.log import LogError, SessionRow, Store, open_store

FEW = 5  # sessions that are shown one by one; more are added up


def rescore(args: argparse.Namespace) -> int:
    """Exit code 0 whatever comes of it, 1 if there is nothing to judge or it was stopped, 2 if it is not said by what to judge."""
    if not (args.mou or args.jurisdiction):
        print("handoff: name what to judge by: --mou ID|FILE, --jurisdiction ID|FILE, or both", file=sys.stderr)
        return 2
    if args.sessions and (args.workshop is not None or args.scenario or args.since):
        print("handoff: name sessions, or choose them by --workshop, --scenario, --since; not both", file=sys.stderr)
        return 2
    other = Other(library(args), args.mou, args.jurisdiction)
    store = open_store(args.store)
    try:
        rows = _rows(store, args)
        if not rows:
            print(
                "handoff: there is no finished session to judge; “handoff review --plain” lists them all",
                file=sys.stderr,
            )
            return 1
        return _judge_all(rows, Judge(store, other), other, as_json=args.json)
    finally:
        with suppress(LogError):  # nothing was written
            store.close()


def _rows(store: Store, args: argparse.Namespace) -> list[SessionRow]:
    """The finished sessions asked for. Says of each one named that it is not finished. Raises NoSuchSession."""
    if not args.sessions:
        since = datetime.combine(args.since, datetime.min.time()) if args.since else None
        return store.sessions(workshop=args.workshop, scenario=args.scenario, since=since, finished=True)
    everything = {row.id: row for row in store.sessions()}
    found: dict[str, SessionRow] = {}
    for text in args.sessions:
        alike = [
            row for ident, row in everything.items() if ident == text or (len(text) >= 6 and ident.startswith(text))
        ]
        if len(alike) != 1:
            store.last(text)  # says that there is none
        row = alike[0]
        if row.finished:
            found[row.id] = row
        else:
            print(f"handoff: session {row.id} is not finished, so it is not judged", file=sys.stderr)
    return list(found.values())


def _judge_all(rows: Sequence[SessionRow], judge: Judge, other: Other, *, as_json: bool) -> int:
    few = len(rows) <= FEW
    total = Sum()
    progress = _Progress(len(rows), shown=sys.stderr.isatty() and not (few and not as_json))
    _say(_setting(other) if as_json else heading(other, len(rows)))
    done = 0
    try:
        for row in rows:
            judged = judge.judge(row)
            total.add(judged)
            done += 1
            if as_json and _shown(judged):
                progress.clear()
                _say(_session(judged))
                judge.note_shown(judged)
            elif few and not as_json:
                _say(one_session(judged))
                judge.note_shown(judged)
            progress.tell(done)
    except KeyboardInterrupt:
        pass
    progress.clear()
    stopped = done < len(rows)
    if as_json:
        _say({"kind": "together", "stopped": stopped, "asked": len(rows), **_together(total)})
    else:
        _say(closing(total, len(rows), done) if few else together(total, len(rows), done))
    if stopped:
        print(f"handoff: stopped after {done} of {len(rows)} sessions; nothing was changed.", file=sys.stderr)
    return 1 if stopped or len(total.unreadable) == done else 0


def _say(what: dict[str, Any] | Iterator[str]) -> None:
    if isinstance(what, dict):
        print(json.dumps(plain_data(what), ensure_ascii=False), flush=True)
    else:
        print("".join(line + "\n" for line in what), end="", flush=True)


def _shown(judged: Judged) -> bool:
    return judged.shown or judged.compared is None


def _setting(other: Other) -> dict[str, Any]:
    mou, law = other.mou, other.jurisdiction
    return {"kind": "setting", "mou": mou and mou.id, "jurisdiction": law and law.id, "notes": NOTES}


def _session(judged: Judged) -> dict[str, Any]:
    row, found = judged.row, judged.compared
    about = {
        "kind": "session",
        "session": row.id,
        "scenario": row.scenario,
        "mou": row.mou,
        "jurisdiction": row.jurisdiction,
    }
    if found is None:
        reasons: list[Any] = [each._asdict() for each in judged.asked] or [{"words": judged.words}]
        return {**about, "comparable": False, "readable": not judged.unreadable, "reasons": reasons}
    old, new = ({"lines": c.lines, "duties": c.duties, "objectives": c.objectives} for c in (found.old, found.new))
    return {**about, "comparable": True, "readable": True, "old": old, "new": new, "changes": found.change}


def _together(total: Sum) -> dict[str, Any]:
    tally = total.tally
    return {
        "compared": tally.compared,
        "changed": tally.changed,
        "not_shown": total.closed,
        "not_comparable": total.apart,
        "reasons": [
            {"scenario": scenario, "scene": scene, "reads": reads, "sessions": count}
            for (scenario, scene, reads), count in total.reasons.most_common()
        ],
        "unreadable": total.unreadable,
        "lines": list(tally.lines.values()),
        "duties": {"old": list(tally.old_duties.values()), "new": list(tally.new_duties.values())},
        "objectives": [
            {
                **{name: getattr(row, name) for name in ("scenario", "objective", "text")},
                "old": {letter or "not observed": count for letter, count in row.old.items()},
                "new": {letter or "not observed": count for letter, count in row.new.items()},
                "nothing": row.nothing,
            }
            for row in tally.objectives.values()
        ],
    }


class _Progress:
    """How many sessions so far, on stderr, in one line that is wiped at the end."""

    def __init__(self, of: int, *, shown: bool) -> None:
        self.of, self.shown, self.last = of, shown, time.monotonic()

    def tell(self, done: int) -> None:
        now = time.monotonic()
        if self.shown and now - self.last > 0.2:
            self.last = now
            print(f"\r{done:,} of {self.of:,} sessions; Ctrl-C stops ", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self.shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
