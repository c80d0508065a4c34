"""Many plays weighed twice, added up: duties clause by clause under each agreement, lines by kind, objectives' letters.

Old and new are counted over the same plays, those that could be compared. Counts only: nothing here is an estimate, so nothing
has an interval, and none of it enters a figure of cohorts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from scoring.rescored import Rescored, Rules
from scoring.scorecard import DutyStatus, Letter, Scorecard


@dataclass(slots=True, kw_only=True)
class DutyRow:
    """One duty of one agreement. `counts`: how its instances came out; those that weigh nothing are in it, too."""

    mou: str
    duty: str
    clause: str
    text: str
    party: str
    counts: Counter[DutyStatus] = field(default_factory=Counter)


@dataclass(slots=True, kw_only=True)
class LineRow:
    """How often a line was crossed, old and new; None while no play's law had such a line."""

    line: str
    text: str
    kind: str
    old: int | None = None
    new: int | None = None


@dataclass(slots=True, kw_only=True)
class ObjectiveRow:
    """The letters of one objective of one scenario. `nothing`: what it names that the new setting lacks."""

    scenario: str
    objective: str
    text: str
    old: Counter[Letter | None] = field(default_factory=Counter)
    new: Counter[Letter | None] = field(default_factory=Counter)
    nothing: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """The plays compared so far. `changed`: how many of them come out otherwise in anything."""

    compared: int = 0
    changed: int = 0
    old_duties: dict[tuple[str, str, str], DutyRow] = field(default_factory=dict)
    new_duties: dict[tuple[str, str, str], DutyRow] = field(default_factory=dict)
    lines: dict[str, LineRow] = field(default_factory=dict)
    objectives: dict[tuple[str, str], ObjectiveRow] = field(default_factory=dict)

    def add(self, scenario: str, old: Scorecard, new: Scorecard, before: Rules, after: Rules, change: Rescored) -> None:
        """One more play."""
        self.compared += 1
        self.changed += change.changes
        _add_duties(self.old_duties, old, before)
        _add_duties(self.new_duties, new, after)
        for line, count in _crossed(old, before).items():
            row = self._line(before, line)
            row.old = (row.old or 0) + count
        for line, count in _crossed(new, after).items():
            row = self._line(after, line)
            row.new = (row.new or 0) + count
        lacking = {each.objective: each.nothing for each in change.objectives}
        for one, other in zip(old.objectives, new.objectives, strict=True):
            key = (scenario, one.objective)
            if key not in self.objectives:
                self.objectives[key] = ObjectiveRow(scenario=scenario, objective=one.objective, text=one.text)
            found = self.objectives[key]
            found.old[one.letter] += 1
            found.new[other.letter] += 1
            found.nothing.update(lacking.get(one.objective, {}))

    def _line(self, rules: Rules, line: str) -> LineRow:
        kind = "life safety" if line in rules.everywhere else "law"
        return self.lines.setdefault(line, LineRow(line=line, text=rules.lines[line].text, kind=kind))


def _add_duties(rows: dict[tuple[str, str, str], DutyRow], card: Scorecard, rules: Rules) -> None:
    agreement = rules.mou.title
    for result in card.duties:
        key = (agreement, result.duty, result.clause)
        if key not in rows:
            rows[key] = DutyRow(
                mou=agreement, duty=result.duty, clause=result.clause, text=result.text, party=result.party
            )
        rows[key].counts[result.status] += 1


def _crossed(card: Scorecard, rules: Rules) -> Counter[str]:
    """How often each line of these rules was crossed, those that nobody crossed among them."""
    count = Counter({line: 0 for line in rules.lines})
    count.update(breach.line for breach in card.lines)
    return count
