"""Writes docs/who-may-tell-whom.md from the rights in the vocabulary: `python -m tests.tools.telling_page`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scoring.rights import Right, Signer
from scoring.rules import Vocabulary
from tests.situations import shipped
from tests.situations.table import STANDINGS, UNBOUND, Cell, roles, verdict, word

PAGE = Path(__file__).parents[2] / "docs" / "who-may-tell-whom.md"
HEAD = f"""# Who may tell whom

Made from `scenarios/vocabulary.yaml` (rights, signers, roles) and the two jurisdictions. Not legal advice: have local counsel read it.
Every cell is a test (`tests/test_telling_page.py`).

The ledger asks the rights below in this order, and the first that fits decides; a jurisdiction may put rights of its own before them. Its verdicts:

- **lawful**: allowed, by that right.
- **duty**: the law asks for it.
- **courtesy**: allowed, and owed to nobody.
- **line**: the law forbids it. Named, never offset by anything else.
- **{UNBOUND}**: the ledger knows no right, and no line here binds that role; its own code of practice does.

Helping the survivor to speak for herself is always open: what she tells herself is nobody else's telling.

What comes with a right may name the fact that shows it was done; a debrief then says whether, and before or after the telling.
"""


def page() -> str:
    """The whole page."""
    vocabulary: Vocabulary = shipped("vocabulary", "vocabulary.yaml")
    names = [f"{n} {vocabulary.roles[role].label}" for n, role in enumerate(roles(), 1)]
    numbers = [str(n) for n, _ in enumerate(names, 1)]
    parts = [
        HEAD,
        "## The rights\n",
        *_table(["right", "verdict", "asked where", "comes with it", "source"], map(_row, vocabulary.rights.values())),
    ]
    parts.append("\n## Under whose name a paper stands\n")
    signers = ([each.id, each.makes or "nothing", _switch(each), each.citation] for each in vocabulary.signers.values())
    parts += _table(["signed by", "it is", "where", "source"], signers)
    parts.append("\n## Role by role\n\nRows tell, columns are told, by their numbers.\n")
    for name, standing in STANDINGS.items():
        parts.append(f"### {standing.title}\n")
        rows = (
            [label, *(word(Cell(name, role, told)) for told in roles())]
            for role, label in zip(roles(), names, strict=True)
        )
        parts += _table(["", *numbers], rows)
        parts.append("")
        parts += [f"- {verdict}: {words}" for verdict, words in _words(name)]
        parts.append("")
    return "\n".join(parts)


def _words(name: str) -> list[tuple[str, str]]:
    """By which right each verdict of a table comes about."""
    found: dict[tuple[str, str], None] = {}
    for teller in roles():
        for told in roles():
            cell = Cell(name, teller, told)
            if word(cell) != UNBOUND:
                found[word(cell), verdict(cell).right] = None
    return list(found)


def _row(right: Right) -> list[str]:
    return [
        right.text,
        right.verdict,
        "; ".join(_where(right)) or "anywhere else",
        " ".join(owed.text if owed.fact is None else f"{owed.text} (`{owed.fact}`)" for owed in right.owes),
        right.citation,
    ]


def _switch(signer: Signer) -> str:
    return f"`law.{signer.where}`" if signer.where is not None else "everywhere" if signer.makes else ""


def _where(right: Right) -> Iterator[str]:
    """A right's conditions, in words."""
    if right.needs == "herself":
        yield "she is the one who tells"
    elif right.needs is not None:
        yield {"release": "a valid release", "order": "a court's order", "statute": "a statute that applies"}[
            right.needs
        ]
    sets = {
        "teller": right.teller, "told": right.told, "from": right.from_service, "to": right.to_service, "about": right.about,
        "kind": right.kinds, "known from": right.source, "by": right.channel,
    }  # fmt: skip
    for name, values in sets.items():
        if values:
            yield f"{name} {' or '.join(values)}"
    if right.same_employer is not None:
        yield "one agency" if right.same_employer else "two agencies"


def _table(head: list[str], rows: Iterator[list[str]]) -> list[str]:
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(f"| {' | '.join(row)} |" for row in rows)]


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"docs/{PAGE.name}: {len(STANDINGS) * len(roles()) ** 2} cells")


if __name__ == "__main__":
    main()
