"""Tellings on many states at once: `simulator.telling` and `scoring.ledger.judge`, with what is fixed folded away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scoring.ledger import applicable
from scoring.rights import Channel
from simulator.compiled.conditions import Test, compile_truth
from simulator.compiled.draft import Draft, Truth, both, choose, counted, either, negate
from simulator.compiled.fields import Field
from simulator.compiled.memory import SCENE, SURVIVOR, Form, Memory
from simulator.compiled.rules import MISSED, is_
from simulator.game import Game
from simulator.model import Tell
from simulator.telling import askable, covering, paper_of, put


@dataclass(frozen=True, slots=True)
class Telling:
    """One item told by one seat to another. `line` None: lawful whatever else holds."""

    item: str
    told: str
    knows: Field
    told_knows: Field
    told_source: Field | None
    line: int | None  # number of the line it may cross
    counted: Field | None  # whether this breach has been counted, by whatever channel it was told
    source: Field | None  # None: the source makes no difference
    lawful_sources: tuple[int, ...]
    papers: tuple[Form, ...]
    askable: tuple[Form, ...]  # releases that she could have been asked for
    statutes: tuple[Test | None, ...]
    taken_back: Mapping[str, Test]  # per paper: her word that she takes it back

    def unasked(self, d: Draft) -> Truth:
        """Where a release that would cover it could have been asked for, and was not."""
        found: Truth = False
        for paper in self.askable:
            touched: Truth = False
            for moment in (paper.asked, paper.refused, paper.signed, paper.revoked):
                touched = either(touched, d.flag(moment))
            found = either(found, negate(touched))
        return found

    def lawful(self, d: Draft) -> Truth:
        if self.line is None:
            return True
        found: Truth = is_(d.get(self.source), *self.lawful_sources) if self.source is not None else False
        for paper in self.papers:
            word = self.taken_back.get(paper.id)
            found = either(found, paper.valid(d) if word is None else both(paper.valid(d), negate(word(d))))
        for statute in self.statutes:
            found = either(found, True if statute is None else statute(d))
        return found


class Tellings:
    """All that seats can tell each other in a game."""

    def __init__(self, game: Game, memory: Memory, line_numbers: dict[str, int]) -> None:
        self.game, self.memory, self.line_numbers = game, memory, line_numbers
        self.seats = {seat: SCENE + 1 + n for n, seat in enumerate(game.seats)}
        self._sources: dict[tuple[str, str], Field] = {}
        self._made: dict[tuple[str, str, str, Channel], Telling] = {}
        self.asking_matters = False  # whether some duty may be excused because only a breach could have kept it

    def prepare(self, seat: str, told: str, item: str, channel: Channel) -> None:
        """Make the fields that this telling needs, before any program runs."""
        key = (seat, told, item, channel)
        if told != seat and key not in self._made:
            self._made[key] = self._make(*key)

    def follow_source(self, seat: str, item: str) -> Field:
        """Remember from whom a seat knows an item: the next episode of a series asks. Before any program runs."""
        return self._source_of(seat, item)

    def source(self, seat: str, item: str) -> Field | None:
        return self._sources.get((seat, item))

    def tell(self, d: Draft, seat: str, tell: tuple[Tell, ...]) -> None:
        """The seat tells; the ledger judges; what is told is known. Records the breach fact where a line is crossed."""
        breach_fact = self.game.breach_fact
        for telling in (
            self._made[seat, told, item, t.channel] for t in tell for told in t.to for item in t.items if told != seat
        ):
            lawful = telling.lawful(d)
            knows = True if telling.line is None else d.flag(telling.knows)
            if d.never(knows):
                continue
            self._passed_on(d, telling, self.seats[seat])
            if telling.line is None:
                continue
            assert telling.counted is not None
            fresh = both(both(knows, negate(lawful)), negate(d.flag(telling.counted)))
            if d.never(fresh):
                continue
            d.set(telling.counted, choose(fresh, 1, d.get(telling.counted)))
            if self.asking_matters:
                d.unasked = either(d.unasked, both(fresh, telling.unasked(d)))
            d.charge(line=True, by=counted(fresh))
            d.emit(telling.line, MISSED, fresh)
            if breach_fact is not None:
                self.memory.record(d, breach_fact, fresh)
                self.memory.settle_spans(d, (breach_fact,))

    def changes(self, seat: str, told: str, item: str, channel: Channel) -> set[str]:
        """The fields that this telling itself can change."""
        telling = self._made.get((seat, told, item, channel))
        if telling is None:
            return {f"known {told} {item}"}
        fields = (telling.told_knows, telling.told_source, telling.counted)
        return {field.name for field in fields if field is not None}

    @staticmethod
    def _passed_on(d: Draft, telling: Telling, teller: int) -> None:
        """The hearer knows it now, and from whom if it did not before; nobody can tell what they do not know."""
        if telling.told_source is not None:
            d.purpose = telling.told_source
            learns = both(d.flag(telling.knows), negate(d.flag(telling.told_knows)))
            source = choose(learns, teller, d.get(telling.told_source))
        d.purpose = telling.told_knows
        known = choose(d.flag(telling.knows), 1, d.get(telling.told_knows))
        d.purpose = None
        if telling.told_source is not None:
            d.set(telling.told_source, source)
        d.set(telling.told_knows, known)

    def _make(self, seat: str, told: str, item: str, channel: Channel) -> Telling:
        """What can come of this telling, for each way its teller may know the item.

        The rights are walked as the ledger walks them (`scoring.ledger.applicable`). Papers and statutes are asked after in
        every case or in none, and one line at most can be crossed: rights that could tell sources apart there do not exist
        (`Right`). So what is lawful is: a source from which no line is reached, or a paper, or a statute.
        """
        game, memory = self.game, self.memory
        names = {SCENE: "scene", SURVIVOR: "survivor", **{number: other for other, number in self.seats.items()}}
        walked = {
            number: applicable(game.rights, put(game, seat, told, item, source, channel))
            for number, source in names.items()
        }
        crossing = [rights for rights in walked.values() if rights[-1].crosses is not None]
        needed = {right.needs for rights in crossing for right in rights}
        breach = crossing[0][-1].crosses if crossing else None
        line, bound = game.telling_lines.get(breach or "", (None, frozenset[str]()))
        breakable = line is not None and seat in bound
        lawful = tuple(number for number, rights in walked.items() if rights[-1].crosses is None) if breakable else ()
        source = self._source_of(seat, item) if lawful else None
        papers = [(form, paper_of(game, form)) for form in covering(game, seat, told, item)] if breakable else []
        valid = [memory.form(form.id) for form, paper in papers if paper.sound and paper.makes in needed]
        asked = [memory.form(form.id) for form, paper in papers if askable(paper) and "release" in needed]
        statutes = [
            compile_truth(rule.when, memory) if rule.when is not None else None
            for rule in game.jurisdiction.compelled.values()
            if "statute" in needed
            and seat in game.in_roles(rule.by)
            and told in game.in_roles(rule.to)
            and game.scenario.items[item].kind in rule.kinds
        ]
        return Telling(
            item=item,
            told=told,
            knows=memory.known(seat, item),
            told_knows=memory.known(told, item),
            told_source=None,
            line=self.line_numbers[line.id] if breakable and line is not None else None,
            counted=memory.layout.add(f"counted {seat} {told} {item}", 1) if breakable else None,
            source=source,
            lawful_sources=lawful,
            papers=tuple(valid),
            askable=tuple(asked),
            statutes=tuple(statutes),
            taken_back={
                form.id: compile_truth(form.taken_back, memory)
                for form in game.scenario.releases.values()
                if form.taken_back is not None and any(form.id == paper.id for paper in valid)
            },
        )

    def _source_of(self, seat: str, item: str) -> Field:
        found = self._sources[seat, item] = self.memory.source(seat, item)
        return found

    def finish(self) -> None:
        """After all were prepared: a telling also says where the hearer has it from, if that ever counts."""

        for key, telling in self._made.items():
            source = self._sources.get((telling.told, telling.item))
            if source is not None:
                self._made[key] = replace(telling, told_source=source)


def learns(d: Draft, known: Field, source: Field | None) -> None:
    """A seat learns an item from the survivor, unless it knows it already."""
    if source is not None:
        d.purpose = source
        fresh = negate(d.flag(known))
        d.set(source, choose(fresh, SURVIVOR, d.get(source)))
        d.purpose = None
    d.set(known, 1)
