"""One panelist's sitting before a panel's questions, without a screen: where they are, what they chose, what is kept.

Nothing of anybody else's votes is read here, and nothing that was said in an earlier sitting: a word of one's own is no password, and
whoever guessed it would read another person's reason. What a sitting knows of before is only that there is a vote.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from facilitator.voting import clean, must_write
from scoring.panel import Vote
from simulator.library import Bundle
from simulator.log import Store
from simulator.panel import Question, panels


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is on the page of a question: an option, perhaps, and the line why. `kept`: whether the store has it so."""

    option: str | None = None
    reason: str = ""
    kept: bool = False


@dataclass
class Sitting:
    """A panelist at work. Every method that touches the store may raise LogError.

    `word`: what the store knows their votes by; drawn, and let go of at the end, if they gave none of their own.
    """

    store: Store
    bundle: Bundle
    questions: Sequence[Question]
    discipline: str = ""
    word: str = ""
    named: bool = False
    drafts: dict[int, Draft] = field(default_factory=dict)
    earlier: frozenset[int] = frozenset()  # questions this word has voted on before, not yet again

    def __post_init__(self) -> None:
        must_write(self.store)

    def begin(self, discipline: str, alias: str) -> None:
        """The panelist has said what their work is, and perhaps a word. What is kept already follows them to another."""
        own, before = clean(alias), self.word
        if not before or own != (before if self.named else ""):
            self.word = own or secrets.token_hex(8)
        changed = (self.word, discipline) != (before, self.discipline)
        self.discipline, self.named = discipline, bool(own)
        kept = {number: draft for number, draft in self.drafts.items() if draft.kept}
        if before and self.word != before:
            asked = [(self.questions[number].scene, self.questions[number].digest) for number in kept]
            self.store.take_votes_back(self.bundle.scenario.id, before, asked)
        for number, draft in kept.items():
            if changed and draft.option is not None:
                self.keep(number, draft.option, draft.reason)
        scenario = self.bundle.scenario.id
        self.earlier = frozenset(
            number
            for number, question in enumerate(self.questions)
            if self.named and self.store.has_voted(scenario, question.scene, question.digest, self.word)
        ) - {number for number, draft in self.drafts.items() if draft.kept}

    def keep(self, number: int, option: str, reason: str) -> None:
        """Keep the vote on a question, in place of the one before."""
        question, said = self.questions[number], clean(reason)
        vote = Vote(option=option, discipline=self.discipline, reason=said)
        self.store.vote(self.bundle.scenario.id, question.scene, question.digest, vote, self.word)
        self.drafts[number] = Draft(option=option, reason=said, kept=True)
        self.earlier -= {number}

    def erase(self) -> int:
        """Take back every vote of this panelist on the scenario. Returns how many."""
        count = self.store.take_votes_back(self.bundle.scenario.id, self.word)
        self.drafts, self.earlier = {}, frozenset()
        return count

    def end(self) -> None:
        """The panelist leaves. Votes without a word of their own belong to nobody from now on."""
        if self.word and not self.named:
            self.store.let_votes_go(self.word)

    @property
    def kept(self) -> int:
        """How many questions have this panelist's vote."""
        return len({number for number, draft in self.drafts.items() if draft.kept} | self.earlier)

    @property
    def missing(self) -> tuple[int, ...]:
        """The questions without one."""
        return tuple(n for n in range(len(self.questions)) if n not in self.earlier and not self.draft(n).kept)

    def draft(self, number: int) -> Draft:
        return self.drafts.get(number, Draft())

    def lacking(self) -> dict[int, str]:
        """For each question this panelist has voted on: what its panel lacks, in words; empty if it is enough."""
        found = panels(self.bundle.scenario, self.bundle.vocabulary, self.store.votes(self.bundle.scenario.id))
        return {
            number: found[question.scene, question.seat].lacks
            for number, question in enumerate(self.questions)
            if number not in self.missing
        }
