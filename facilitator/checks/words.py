"""The word lists of `words.yaml`, made ready to be looked for; and how hard a text is to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_SYLLABLE = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^aeioulr]|[aeiou][lr])e$|[^aeioutd]ed$|(?:[^aeiousxzcgh]|[^cs]h)es$")
_SENTENCE = re.compile(r"[.!?]+[\"'”’)\]]*(?:\s|$)|\n")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")


@cache
def _lists() -> dict[str, Any]:
    lists: dict[str, Any] = yaml.safe_load(files("facilitator.checks").joinpath("words.yaml").read_text("utf-8"))
    return lists


def words(name: str) -> Any:
    """One of the lists, or a group of limits."""
    return _lists()[name]


@cache
def pattern(name: str) -> re.Pattern[str]:
    """A list of phrases as one pattern. In a phrase `*` is any ending and `…` up to four words."""
    return re.compile(r"(?<!\w)(?:" + "|".join(map(_phrase, words(name))) + r")(?!\w)", re.IGNORECASE)


def _phrase(phrase: str) -> str:
    steps = [r"(?:[\w'’-]+,?\s+){0,4}" if step == "…" else step.replace("*", r"\w*") for step in phrase.split()]
    return r"\s+".join(steps).replace(r"{0,4}\s+", "{0,4}")


def find(name: str, text: str) -> Iterator[re.Match[str]]:
    """Where phrases of a list stand in a text."""
    return pattern(name).finditer(text)


def kindness(text: str) -> int:
    """How many kind words a text has, less its harsh ones."""
    return sum(1 for _ in find("kind", text)) - sum(1 for _ in find("harsh", text))


def count(text: str) -> int:
    """The number of words of a text."""
    return len(_WORD.findall(text))


def grade(text: str) -> float:
    """The school grade at which a text can be read: Flesch and Kincaid's formula of 1975, syllables by their vowels."""
    found = _WORD.findall(text)
    sentences = sum(1 for part in _SENTENCE.split(text) if _WORD.search(part))
    if not found:
        return 0.0
    return 0.39 * len(found) / sentences + 11.8 * sum(map(_syllables, found)) / len(found) - 15.59


def _syllables(word: str) -> int:
    """Groups of vowels; a silent e at the end of a word, or before its d or s, is none."""
    word = re.sub("[^a-z]", "", word.lower())
    groups = len(_SYLLABLE.findall(word))
    groups -= bool(_SILENT.search(word))
    return max(1, groups)
