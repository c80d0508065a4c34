"""Duties that no scenario opens: named only when that is certain."""

from __future__ import annotations

import pytest

from facilitator.untriggered import findings, opens, recorded, untriggered, untriggered_in
from scoring.rules import FactSpan
from simulator.library import Library

SPANS = {"visit": FactSpan(id="visit", begin="came", end="left")}


@pytest.fixture(scope="module")
def table():
    return Library().bundle("kitchen-table")


def duty(rule: str):
    """A duty of the one party `police`, from its lines of YAML."""
    text = f"""
id: m
title: M
parties: {{police: {{name: P, roles: [patrol-officer]}}}}
duties:
  d: {{party: police, clause: "1", text: T, {rule}}}
"""
    read = Library().check_text(text, "m.yaml", "mou")
    return read.draft.duties["d"]


@pytest.mark.parametrize(
    ("rule", "facts", "wanted"),
    [
        ("when: came, must: seen", {"came"}, True),
        ("when: came, must: seen", {"seen"}, False),
        ("when: came and left, must: seen", {"came"}, False),
        ("when: came or left, must: seen", {"left"}, True),
        ("when: not came, must: seen", set(), True),
        ("when: visit, must: seen", {"came"}, True),
        ("when: visit, must: seen", {"left"}, False),
        ("when: minutes_since(came) > 5, must: seen", set(), False),
        ("when: times(came) >= 1, must: seen", set(), False),
        ("when: times(came) >= 0, must: seen", set(), True),
        ("when: times(came) < 3, must: seen", set(), True),
        ("when: law.card and came, must: seen", {"came"}, True),
        ("never: came", {"came"}, True),
        ("never: came", {"left"}, False),
        ("must: seen, within: 5 min", set(), True),
    ],
)
def test_a_duty_counts_as_opened_unless_that_is_certainly_impossible(rule, facts, wanted):
    assert opens(duty(rule), frozenset(facts), SPANS) is wanted


def test_the_facts_of_protocols_and_of_the_ledger_count_as_recorded(table):
    facts = recorded(table.scenario)
    assert "screen_done" in facts and "told_without_right" in facts


def test_a_library_opens_most_of_its_own_agreement(table):
    idle = {duty.duty for duty in untriggered_in(Library(), table.mou)}
    assert idle < set(table.mou.duties) and "hotline-at-once" not in idle


def test_a_duty_is_named_with_the_fact_that_nothing_records(table):
    [found] = untriggered(
        Library()
        .check_text(
            "id: m\ntitle: M\nparties: {police: {name: P, roles: [patrol-officer]}}\nduties:\n"
            "  d: {party: police, clause: '1', text: T, when: court_order_received, must: kit_sent, within: 3 days}\n",
            "m.yaml",
            "mou",
        )
        .value,
        [table.scenario],
        table.vocabulary,
    )
    assert found.missing == ("court_order_received",) and "“court_order_received”" in found.message


def test_a_duty_of_a_party_that_nobody_sits_for_is_named(table):
    mou = (
        "id: m\ntitle: M\nparties: {clinic: {name: P, roles: [forensic-nurse]}}\nduties:\n"
        "  d: {party: clinic, clause: '1', text: T, when: high_danger_found, must: hotline_called, within: 3 days}\n"
    )
    [found] = untriggered(Library().check_text(mou, "m.yaml", "mou").value, [table.scenario], table.vocabulary)
    assert found.missing == () and "“clinic”" in found.message


def test_each_finding_points_to_its_duty_in_the_file(table):
    read = Library().check_text(
        "id: m\ntitle: M\nparties: {police: {name: P, roles: [patrol-officer]}}\nduties:\n"
        "  d: {party: police, clause: '1', text: T, when: court_order_received, must: kit_sent, within: 3 days}\n",
        "m.yaml",
        "mou",
    )
    [(node, message, hint)] = findings(read, Library())
    assert node.start_mark.line == 4 and "“court_order_received”" in message and hint.endswith("?")
