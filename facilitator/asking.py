"""Questions put to somebody at a terminal, one at a time: a question, its default, and what an answer has to be."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import TextIO

Judge = Callable[[str], str | None]  # an answer → what is wrong with it, or None


class Stopped(Exception):
    """Whoever was asked stopped; nothing was written."""


class Asker:
    """Asks on two streams. Where nobody is there to ask (`interactive` false), every answer is the default."""

    def __init__(self, source: TextIO, out: TextIO, *, interactive: bool, width: int = 80) -> None:
        self.source, self.out, self.interactive, self.width = source, out, interactive, width

    def tell(self, text: str = "", *, indent: int = 0, hang: int = 0) -> None:
        """A paragraph, told only if somebody is there; `hang` more spaces from its second line on."""
        if self.interactive:
            pad = " " * indent
            self.out.write(
                textwrap.fill(
                    text, self.width, initial_indent=pad, subsequent_indent=pad + " " * hang, break_on_hyphens=False
                ).rstrip()
                + "\n"
            )

    def ask(self, question: str, default: str, judge: Judge = lambda answer: None) -> str:
        """An answer that `judge` accepts; Enter alone takes the default. Raises Stopped at the end of input."""
        while self.interactive:
            answer = self._line(f"{question} [{default}] ") or default
            wrong = judge(answer)
            if wrong is None:
                return answer
            self.tell(wrong)
        return default

    def yes(self, question: str, default: bool) -> bool:
        """A yes or a no. Raises Stopped."""
        while self.interactive:
            answer = self._line(f"{question} [{'Y/n' if default else 'y/N'}] ").lower()
            if answer in ("", "y", "yes", "n", "no"):
                return default if not answer else answer[0] == "y"
            self.tell("Type y or n, or Enter for what is offered, or q to stop without writing anything.")
        return default

    def pick(self, question: str, choices: Sequence[tuple[str, str]], default: str) -> str:
        """One of `choices` (id, label), by its number or its id; where there is only one, nobody is asked. Raises Stopped."""
        if len(choices) == 1:
            return choices[0][0]
        if self.interactive:
            self.tell()
            for number, (ident, label) in enumerate(choices, 1):
                self.tell(f"{number}. {ident}: {label}" if label else f"{number}. {ident}", indent=2)
        ids = [ident for ident, _ in choices]

        def judge(answer: str) -> str | None:
            known = answer in ids or (answer.isdecimal() and 1 <= int(answer) <= len(ids))
            return None if known else f"Type a number from 1 to {len(ids)}, or one of: {', '.join(ids)}."

        answer = self.ask(question, default, judge)
        return answer if answer in ids else ids[int(answer) - 1]

    def _line(self, prompt: str) -> str:
        self.out.write(prompt)
        self.out.flush()
        raw = self.source.readline()
        if not raw or raw.strip().lower() in ("q", "quit"):
            self.out.write("" if raw else "\n")
            raise Stopped
        return raw.strip()
