"""Care and language: what a survivor in the room may have to read, and whether everybody can read it (HS6xx).

The lists are in `words.yaml`. They are short and blunt; the author may stand by a wording and say why (`allow`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from facilitator.checks.gates import Finding, Subject, rule
from facilitator.checks.texts import Prose
from facilitator.checks.words import count, find, grade, words
from simulator.model import Ending, Objective, Scenario, Scene

_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]")
_SHORT = re.compile(r"(?<![\w.&-])[A-Z][A-Z0-9]{1,5}(?=s?(?![\w&]|\.[A-Z]))")
_SENTENCES = re.compile(r"[^.!?]+[.!?]*")
_STATUTE = re.compile(r"§+ ?\d|\b\d+ U\.? ?S\.? ?C\b|\b\d+ C\.?F\.?R\b")


@rule("HS601", draft="warning", publish="error")
def no_advisory(subject: Subject) -> Iterator[Finding]:
    scenario: Scenario = subject.read.draft
    if not any(text.strip() for text in scenario.advisories):
        yield Finding(
            subject.read.reading.key(scenario, "advisories"),
            "there is no content advisory",
            "What is spoken of or shown here that somebody might want to know before they sit down?",
        )


def _marked(subject: Subject, each: Prose, found: re.Match[str], message: str, hint: str) -> Finding:
    node = subject.read.reading.node(each.thing, *each.path)
    return Finding(node, message.format(found[0]), hint, offset=found.start(), length=len(found[0]))


@rule("HS602", draft="warning", publish="error")
def graphic(subject: Subject) -> Iterator[Finding]:
    for each in subject.prose:
        for found in find("graphic", each.text):
            hint = "What does the trainee need to know of it, and can that be said without the picture?"
            yield _marked(subject, each, found, "“{}” is more than a survivor in the room should have to read", hint)


@rule("HS603", draft="warning", publish="error")
def blaming(subject: Subject) -> Iterator[Finding]:
    for each in subject.prose:
        if each.voice != "author":
            continue  # a wrong choice may sound like this, and so may shame
        own = _QUOTED.sub(lambda quote: " " * len(quote[0]), each.text)
        for found in find("blaming", own):
            hint = "What did the other person do, and what was she able to do?"
            yield _marked(subject, each, found, "“{}” lays what was done at the wrong door", hint)


@rule("HS604", draft="warning", publish="error")
def winning(subject: Subject) -> Iterator[Finding]:
    hint = "Which of her needs was met, and which was not?"
    for each in subject.prose:
        if isinstance(each.thing, Ending) and each.path == ("title",):
            for found in find("winning_titles", each.text):
                message = "an ending called “{}” counts an arrest, a conviction or her compliance as the outcome"
                yield _marked(subject, each, found, message, hint)
        elif _is_outcome(each):
            for found in find("winning", each.text):
                message = "“{}” counts an arrest, a conviction or her compliance as success"
                yield _marked(subject, each, found, message, hint)


def _is_outcome(each: Prose) -> bool:
    """Whether a text says what was reached or should be: an objective, or the scene of an ending."""
    if isinstance(each.thing, Scene):
        return each.thing.ending is not None and each.path[0] in ("title", "text")
    return isinstance(each.thing, Objective) or (isinstance(each.thing, Scenario) and each.path == ("summary",))


@rule("HS605", draft="warning", publish="warning")
def law_in_prose(subject: Subject) -> Iterator[Finding]:
    hint = "Could a switch or a line of a jurisdiction say this, with its citation, and the text only what follows?"
    for each in subject.prose:
        if each.voice == "survivor":
            continue
        for found in (*find("law", each.text), *_STATUTE.finditer(each.text), *_states(each.text)):
            yield _marked(subject, each, found, "“{}” is one place's law, and the scenario is played in many", hint)


def _states(text: str) -> Iterator[re.Match[str]]:
    for state in find("states", text):
        if not state[0][0].isupper():
            continue
        sentence = next(part for part in _SENTENCES.finditer(text) if part.start() <= state.start() < part.end())
        if any(find("law_words", sentence[0])):
            yield state


@rule("HS606", draft="warning", publish="warning")
def hard_to_read(subject: Subject) -> Iterator[Finding]:
    limits = words("reading")
    texts = subject.prose
    whole = "\n".join(subject.told(each.text) for each in texts if count(each.text) > 3)  # a title is no sentence
    hint = "Which long sentences could be two, and which long words short ones?"
    if count(whole) >= limits["whole_words"] and grade(whole) > limits["whole_grade"]:
        yield Finding(
            subject.read.reading.key(subject.read.draft, "title"),
            f"the scenario as a whole reads at grade {grade(whole):.0f}; grade {limits['whole_grade']} is enough",
            hint,
        )
    for each in texts:
        told = subject.told(each.text)
        if count(told) >= limits["text_words"] and grade(told) > limits["text_grade"]:
            node = subject.read.reading.node(each.thing, *each.path)
            yield Finding(node, f"this text reads at grade {grade(told):.0f}", hint)


@rule("HS607", draft="warning", publish="warning")
def unexplained(subject: Subject) -> Iterator[Finding]:
    texts = subject.prose
    everything = "\n".join(each.text for each in texts)
    told: set[str] = set(words("acronyms"))
    for each in texts:
        for found in _SHORT.finditer(each.text):
            short = found[0].rstrip("0123456789")
            if short in told or len(short) < 2 or _shouted(each.text, found):
                continue
            told.add(short)
            if not _explained(short, everything):
                hint = f"Would “{short} (what it stands for)” at its first place help a newcomer?"
                yield _marked(subject, each, found, f"nobody says what “{short}” stands for", hint)


def _explained(short: str, everything: str) -> bool:
    """Whether the long form stands beside the short one, in brackets or before them, at least once."""
    name = re.escape(short)
    return bool(
        re.search(rf"\b{name}s? \([^)]*[a-z]{{3}}", everything)
        or re.search(rf"[a-z]{{3}}[’”\"]? \((?:the )?{name}s?\)", everything)
        or re.search(rf"\b{name}s?,? (?:is|means|stands for|short for|that is)\b", everything)
        or re.search(rf"\b(?:{short.lower()}|{short.capitalize()})\b", everything)  # a word in capitals, as on a sign
    )


def _shouted(text: str, found: re.Match[str]) -> bool:
    """Whether a neighbour is in capitals too: then it is a sign or a shout."""
    before, after = text[: found.start()].split(), text[found.end() :].split()
    near = [*before[-1:], *after[:1]]
    return any(len(word.strip(".,:;!?“”\"'")) > 1 and word.isupper() for word in near)


RULES = (no_advisory, graphic, blaming, winning, law_in_prose, hard_to_read, unexplained)
