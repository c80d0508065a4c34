"""`handoff panel`: ask people who do this work what they would do in a scenario's judgement scenes, and keep what they say.

A panelist reads the situation, the question and the lawful options, and nothing of what follows or of what others chose.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from facilitator.panel_data import spread_of
from facilitator.playing import library
from scoring.panel import Vote, by_discipline
from simulator.debrief import chosen_by, option_text
from simulator.library import Bundle
from simulator.log import LogError, Store, open_store
from simulator.panel import Panel, Panels, Question, disciplines, panels, questions, seated

MOST = 300  # characters of a reason: a line, not a statement
NO_NAMES = "No real people: no names, no cases that somebody could know again."
ASKED = (
    "You are asked what you would do, as somebody who does this work. Every option is lawful, and none is the right one. What you choose is "
    "counted without your name; what you write may be read in debriefs and reports, without it too."
)
WELCOME = f"{ASKED} You may skip a question (Enter) or stop (q) at any time; nobody asks why."


class Stopped(Exception):
    """The panelist has had enough, or nobody is there."""


def panel(args: argparse.Namespace) -> int:
    """Collect one panelist's votes, or with --list tell how far the panels are. Exit code 2 for a scene without judgement."""
    if refuse(args):
        return 2
    bundle = library(args).bundle(args.scenario)
    wanted = asked_for(bundle, args.scene)
    store = open_store(args.store)
    try:
        must_write(store)
        if args.list:
            found = panels(bundle.scenario, bundle.vocabulary, store.votes(bundle.scenario.id))
            return _tell(args, bundle, {key: each for key, each in found.items() if each.question in wanted})
        return _Asking(args, bundle, store).run(wanted)
    finally:
        store.close()


def asked_for(bundle: Bundle, scene: str | None) -> tuple[Question, ...]:
    """The questions of a scenario, or of one scene of it."""
    asked = questions(bundle.scenario, bundle.vocabulary)
    return tuple(question for question in asked if scene in (None, question.scene))


def must_write(store: Store) -> None:
    """Raises LogError for a login that may only look."""
    if not store.may_write:
        raise LogError(
            "A coordinator's login sees what full panels think in a debrief; a panel is run by the store's owner."
        )


def refuse(args: argparse.Namespace) -> bool:
    """Whether what is asked for is no panel; says why on stderr. Raises Unreadable."""
    bundle = library(args).bundle(args.scenario)
    problem = _wrong(args, bundle, questions(bundle.scenario, bundle.vocabulary))
    if problem:
        print(f"handoff: {problem}", file=sys.stderr)
    return problem is not None


def _wrong(args: argparse.Namespace, bundle: Bundle, asked: Sequence[Question]) -> str | None:
    scenes = list(dict.fromkeys(question.scene for question in asked))
    if not scenes:
        return f"“{bundle.scenario.title}” has no judgement scene, so there is nothing to ask a panel"
    if args.scene is not None and args.scene not in scenes:
        known = "is no judgement scene" if args.scene in bundle.scenario.scenes else "is no scene"
        return f"“{args.scene}” {known} of “{bundle.scenario.title}”; a panel can be asked about {', '.join(scenes)}"
    known_ones = disciplines(bundle.vocabulary)
    if args.discipline is not None and args.discipline not in known_ones:
        return f"“{args.discipline}” is no discipline; say {', '.join(known_ones)}"
    if args.json and not args.list and args.discipline is None:
        return f"with --json, say the panelist's discipline: --discipline, with {', '.join(known_ones)}"
    return None


class _Asking:
    """One panelist at a keyboard, or a program at a pipe."""

    def __init__(self, args: argparse.Namespace, bundle: Bundle, store: Store) -> None:
        self.args, self.bundle, self.store = args, bundle, store
        self.width = min(100, shutil.get_terminal_size((80, 24)).columns)

    def run(self, wanted: Sequence[Question]) -> int:
        kept = 0
        try:
            if not self.args.json:
                self._preamble()
            discipline = self.args.discipline or self._discipline()
            alias = self.args.alias if self.args.alias is not None else self._alias()
            for number, question in enumerate(wanted, 1):
                kept += self._one(question, f"{number} of {len(wanted)}", discipline, alias)
        except Stopped:
            if not self.args.json:
                self._line()
        if not self.args.json:
            self._line(f"{kept} vote{'s' * (kept != 1)} kept. Thank you.")
        return 0

    def _one(self, question: Question, count: str, discipline: str, alias: str) -> bool:
        """Ask one question. Returns whether a vote was kept."""
        scenario = self.bundle.scenario.id
        again = bool(alias) and self.store.has_voted(scenario, question.scene, question.digest, alias)
        self._show(question, count, alias if again else "")
        chosen = self._until(
            lambda answer: _picked(answer, question),
            "Your choice> ",
            f"Type a number from 1 to {len(question.options)}, Enter to skip, q to stop.",
        )
        if chosen is None:
            return False
        reason = self._reason()
        replaced = self.store.vote(
            scenario, question.scene, question.digest, Vote(option=chosen, discipline=discipline, reason=reason), alias
        )
        if self.args.json:
            self._emit("vote", scene=question.scene, seat=question.seat, option=chosen, replaced=replaced)
        else:
            self._line("Kept." if not replaced else "Kept, in place of the one before.")
        return True

    def _reason(self) -> str:
        prompt = "In one line, why? " + NO_NAMES
        if not self.args.json:
            self._line(prompt)
        while len(reason := clean(self._ask("> "))) > MOST:
            self._complain(f"That is {len(reason)} characters; a line has at most {MOST}. The reason again, shorter:")
        return reason

    def _discipline(self) -> str:
        known = disciplines(self.bundle.vocabulary)
        self._line("What is your work?")
        for number, name in enumerate(known, 1):
            self._line(f" {number}. {name}")
        found = self._until(
            lambda answer: _numbered(answer, known), "Your work> ", f"Type a number from 1 to {len(known)}.", skip=False
        )
        assert found is not None
        return found

    def _alias(self) -> str:
        if self.args.json:
            return ""
        self._line("A word of your own, by which you can change your vote later; not your name. Enter alone: none.")
        return clean(self._ask("A word> "))

    def _preamble(self) -> None:
        scenario = self.bundle.scenario
        self._line(scenario.title)
        self._line("=" * len(scenario.title))
        self._line(scenario.summary)
        self._line(f"Before you begin: this scenario has {', '.join(scenario.advisories)}.")
        self._line()
        self._line(WELCOME)
        self._line()

    def _show(self, question: Question, count: str, alias: str) -> None:
        if self.args.json:
            self._emit("question", **_as_json(question), voted_before=bool(alias))
            return
        self._line()
        self._line(f"{count} · {question.title}")
        self._line("-" * len(f"{count} · {question.title}"))
        self._line(f"You are in the place of {question.who}. {question.brief}")
        self._line()
        for text in question.situation:
            self._line(text)
        self._line()
        self._line(question.question)
        for number, option in enumerate(question.options, 1):
            self._line(f" {number}. {option.text}{' (not open in every play)' if option.guarded else ''}", hang=4)
        if alias:
            self._line(f"“{alias}” has voted on this before. A choice now takes that one's place; Enter leaves it.")

    # --- asking ---------------------------------------------------------------------------------------------------

    def _until(self, reads: Callable[[str], str | None], prompt: str, hint: str, *, skip: bool = True) -> str | None:
        """Ask until the answer can be read; None if it is skipped. Raises Stopped."""
        while True:
            answer = clean(self._ask(prompt))
            if answer.casefold() == "q":
                raise Stopped
            if not answer and skip:
                return None
            found = reads(answer)
            if found is not None:
                return found
            self._complain(f"“{answer}” is none of them. {hint}" if answer else hint)

    def _ask(self, prompt: str) -> str:
        if not self.args.json:
            print(prompt, end="", flush=True)
        answer = sys.stdin.readline()
        if not answer:
            raise Stopped
        return answer

    def _complain(self, text: str) -> None:
        if self.args.json:
            self._emit("again", message=text)
        else:
            self._line(text)

    def _line(self, text: str = "", hang: int = 0) -> None:
        print(textwrap.fill(text, self.width, subsequent_indent=" " * hang, break_on_hyphens=False))

    def _emit(self, kind: str, **fields: Any) -> None:
        print(json.dumps({"kind": kind, **fields}, ensure_ascii=False), flush=True)


def _picked(answer: str, question: Question) -> str | None:
    return _numbered(answer, [option.id for option in question.options])


def _numbered(answer: str, names: Sequence[str]) -> str | None:
    if answer.isascii() and answer.isdecimal() and 1 <= int(answer) <= len(names):
        return names[int(answer) - 1]
    return answer if answer in names else None


def clean(text: str) -> str:
    """One line without what a terminal would act on when it is shown again."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


# --- how far they are ---------------------------------------------------------------------------------------------


def _tell(args: argparse.Namespace, bundle: Bundle, found: Panels) -> int:
    if args.json:
        print(json.dumps([_panel_json(each) for each in found.values()], ensure_ascii=False, indent=1))
        return 0
    needed = ", ".join(sorted(seated(bundle.scenario, bundle.vocabulary)))
    print(f"{bundle.scenario.title}: panels of {needed}")
    for each in found.values():
        voted = ", ".join(f"{count} {name}" for name, count in by_discipline(each.voted)) or "nobody yet"
        print(f"\n  {each.question.scene} · {each.question.title} · {each.question.who}")
        print(f"    Voted: {voted}.")
        if not each.full:
            print(f"    Not shown in a debrief yet, since {each.lacks}.")
            continue
        print("    Enough: shown in the debrief, after both sides were argued.")
        for one in each.spread:
            print(f"    - {option_text(each, one)} {chosen_by(one)}")
        if sum(one.votes > 0 for one in each.spread) == 1:
            print(
                "    All chose the same. A question that nobody sees otherwise is perhaps a rule, and no judgement scene."
            )
    return 0


def _as_json(question: Question) -> dict[str, object]:
    return {
        "scene": question.scene,
        "seat": question.seat,
        "title": question.title,
        "who": question.who,
        "brief": question.brief,
        "situation": list(question.situation),
        "question": question.question,
        "options": [{"option": option.id, "text": option.text} for option in question.options],
    }


def _panel_json(found: Panel) -> dict[str, object]:
    return {
        **_as_json(found.question),
        "votes": dict(by_discipline(found.voted)),
        "enough": found.full,
        "lacks": found.lacks,
        "spread": spread_of(found),
    }
