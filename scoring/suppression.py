"""Small groups in tables of agencies: what is left out so that nobody learns how a handful of people did.

A table has one figure an agency, and a total over them all. A group of 1 to 4 people is left out (*primary*); since it
could then be had by taking the others from the total, at least one more is left out with it, the smallest first, until
those left out are `SMALL_GROUP` people or more in two agencies or more, and their rest is neither nothing nor everything
(a rest of 0 of 9 tells all about each of them). Where no agency is left to do that, the total is left out.

Between views: `also` keeps an agency out of a narrower view that is left out of the wider one, so that filtering by it
does not bring back what the table kept; `known` are agencies whose figure the reader has anyway (their own), which so
protect nobody; `outside` keeps out an agency of whom only one to four people play in the wider view and not in this
one, who could be had by taking the narrower view from the wider; what is left out then must cover them as well. An
agency that is wholly in the narrower view stands in the wider one all the same, and so protects nobody either.

Not guarded, because no single table can know of it: taking two views of overlapping dates or of any two filters from
each other; two agencies that pool what they know of themselves; what somebody remembers of who came that day; people of
a small agency guessed from a seat only they can sit in, where the whole cohort is theirs: show nothing of a cohort for
which `too_small` is true.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from scoring.cohort import SMALL_GROUP, SUPPRESSED, Figure
from scoring.figures import suppressed

WITH_IT = "left out so that a smaller group cannot be worked out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One agency of a table. `people`: different persons its figure rests on.

    `outside`: how many of its people have plays in the next wider view that are not in this one; None for the widest.
    """

    agency: str
    people: int
    figure: Figure
    outside: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What may be shown: each agency's figure in the order given, those left out saying why, and the total."""

    agencies: tuple[tuple[str, Figure], ...]
    total: Figure


def too_small(people: int) -> bool:
    """Whether a cohort of so many people of one agency must show nothing at all."""
    return people < SMALL_GROUP


def suppress(rows: Sequence[Row], total: Figure, *, also: Collection[str] = (), known: Collection[str] = ()) -> Table:
    """The table without its small groups. `total` is over exactly these rows. ValueError if an agency comes twice."""
    if len({row.agency for row in rows}) < len(rows):
        raise ValueError("an agency comes twice in one table")
    out = [row for row in rows if too_small(row.people) or _few(row.outside) or row.agency in also]
    spare = sorted((row for row in rows if row not in out and row.agency not in known), key=lambda row: row.people)
    while spare and not _safe(rows, out, also, known, total):
        out.append(spare.pop(0))
    shown = total if _safe(rows, out, also, known, total) else suppressed(WITH_IT)
    return Table(agencies=tuple((row.agency, _figure(row, row in out)) for row in rows), total=shown)


def left_out(table: Table) -> frozenset[str]:
    """The agencies a table leaves out: `also` of every narrower view."""
    return frozenset(agency for agency, figure in table.agencies if figure.suppressed)


def _figure(row: Row, out: bool) -> Figure:
    if not out:
        return row.figure
    return suppressed(SUPPRESSED if too_small(row.people) else WITH_IT)


def _safe(
    rows: Sequence[Row], out: Sequence[Row], also: Collection[str], known: Collection[str], total: Figure
) -> bool:
    """Whether the total may stand beside what is shown: what is left out cannot be told apart."""
    unknown = [row for row in out if row.agency not in known]
    inside = [row.people for row in unknown if row.outside != 0 or row.agency in also or too_small(row.people)]
    beyond = [row.outside or 0 for row in unknown if row.people or row.agency in also]
    alike = any(row.people for row in out) and _all_alike([row.figure for row in rows if row not in out], total)
    return _covered(inside) and _covered(beyond) and not alike


def _few(people: int | None) -> bool:
    """Whether somebody is there, but so few that they could be told apart."""
    return people is not None and 0 < people < SMALL_GROUP


def _covered(people: Sequence[int]) -> bool:
    """Whether groups of so many hide each other: nobody at all, or two groups or more with enough people together."""
    return not any(people) or (sum(count > 0 for count in people) > 1 and sum(people) >= SMALL_GROUP)


def _all_alike(shown: Sequence[Figure], total: Figure) -> bool:
    """Whether the rest of the total is none or all: then each group in it is too. Counted as a reader would count."""
    if total.hits is None:
        return False
    whole = total.n if total.possible is None else total.possible
    hits = total.hits
    for figure in shown:
        if figure.hits is not None:
            hits -= figure.hits
            whole -= figure.n if figure.possible is None else figure.possible
    return hits <= 0 or hits >= whole
