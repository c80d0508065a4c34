"""How each figure of a cohort is made, for the screen: the words of the reports, section by section."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from facilitator.report.document import Definitions, Items, Paragraph, Section
from facilitator.report.method import of_cohort


@cache
def method() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Headings, each with its paragraphs."""
    return tuple(_flat(of_cohort("cohort")))


def _flat(sections: tuple[Section, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for section in sections:
        yield section.heading, tuple(_words(section))
        yield from _flat(section.sections)


def _words(section: Section) -> Iterator[str]:
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Items):
            yield " ".join(block.items)
        elif isinstance(block, Definitions):
            for term, texts in block.pairs:
                yield f"{term}: {' '.join(texts)}"
