"""What an author can get wrong with variants, and that no logic can hang on a draw (HS24x)."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.library import Library
from simulator.problems import Problem, explain
from simulator.reading.wording import drawable
from tests.checked import FAIR, examined

SHELF = Library([Path(__file__).parent / "fixtures" / "shelf"])
PORCH = (Path(__file__).parent / "fixtures" / "shelf" / "library" / "porch.yaml").read_text(encoding="utf-8")
STREET = "variants:\n  street: [Alder Street, Mill Road]\n"
NEIGHBOR = "variants:\n  neighbor: [{name: Ines, she: she}, {name: Teo, she: he}]\n"


def problems(text: str) -> tuple[Problem, ...]:
    return SHELF.check_text(text, "porch.yaml").problems


def porch(variants: str, *texts: str) -> list[tuple[str, str, str]]:
    """The problems of the porch with these lists, and these texts as the officer's brief and the text of the first scene."""
    changed = PORCH.replace("\nopening: porch\n", f"\n{variants}opening: porch\n")
    for old, new in zip(("brief: You arrive first.", "brief: You answer the hotline."), texts, strict=False):
        assert old in changed
        changed = changed.replace(old, f'brief: "{new}"')
    return [(problem.code, problem.message, problem.hint) for problem in problems(changed)]


def test_a_list_and_its_placeholder_are_sound() -> None:
    assert porch(STREET, "You arrive on {street}.") == []
    assert porch(NEIGHBOR, "{neighbor.name} says {neighbor.she} saw it.", "{neighbor.She} waits.") == []


@pytest.mark.parametrize(
    "variants, text, message, hint",
    [
        (STREET, "{street} {streat}", "there is no list of variants “streat”", "Did you mean “street”?"),
        (STREET, "{street} {street.name}", "“street” is drawn as one text; it has no “name”", "Did you mean {street}?"),
        (
            NEIGHBOR, "{neighbor} {neighbor.name}", "“neighbor” is drawn as several texts together",
            "Which did you mean: {neighbor.name}, {neighbor.she}?",
        ),
        (
            NEIGHBOR, "{neighbor.nam} {neighbor.name}", "the entries of “neighbor” have no “nam”",
            "Did you mean “name”?",
        ),
    ],
)  # fmt: skip
def test_a_placeholder_that_leads_nowhere_asks_what_was_meant(
    variants: str, text: str, message: str, hint: str
) -> None:
    [(code, said, asked)] = porch(variants, text)
    assert (code, said, asked) == ("HS241", f"seat “officer”: {message}", hint)


def test_the_mark_stands_under_the_placeholder() -> None:
    text = PORCH.replace("\nopening: porch\n", f"\n{STREET}opening: porch\n")
    text = text.replace(
        "brief: You arrive first.", "brief: >-\n      You arrive on {street},\n      and   see {streat}."
    )
    [problem] = problems(text)
    assert problem.source_line[problem.column - 1 :][: problem.length] == "{streat}"


@pytest.mark.parametrize(
    "text", ["On {street the light is on.", "On street} it is.", "{street} {not this}", "{street} {}"]
)
def test_a_brace_that_is_no_placeholder_is_a_warning(text: str) -> None:
    found = porch(STREET, text, "{street}")
    assert {code for code, _, _ in found} == {"HS242"}


def test_without_lists_and_placeholders_a_brace_is_only_a_brace() -> None:
    text = PORCH.replace("{asker}", "One").replace("{listener}", "another")
    changed = text.replace("brief: You arrive first.", 'brief: "A sign says {{ :-} } and {."')
    assert "{asker}" not in text and changed != text
    assert problems(changed) == ()


def test_a_placeholder_without_any_list_is_one_that_leads_nowhere() -> None:
    [(code, _, hint)] = porch("", "You arrive on {street}.")
    assert code == "HS241" and "street" in hint


def test_a_part_of_a_protocol_is_no_list_and_outside_of_it_is_nothing() -> None:
    [(code, _, _)] = porch("", "{asker} sits down.")
    assert code == "HS241"


def test_a_list_may_not_be_called_as_a_part_of_a_protocol() -> None:
    [(code, said, _)] = porch("variants:\n  asker: [one, two]\n")
    assert code == "HS218" and "part of a protocol" in said


@pytest.mark.parametrize(
    "variants, said",
    [
        ("variants:\n  street: []\n", "the list “street” is empty"),
        ("variants:\n  street: [Alder Street, '']\n", "an entry is empty, and so would be what it fills"),
        ("variants:\n  street: [Alder Street, '  ']\n", "an entry is empty, and so would be what it fills"),
        ("variants:\n  street: [Alder Street, {name: Mill Road}]\n", "one entry is a text, another has several"),
        ("variants:\n  street: [{name: a, short: b}, {name: c}]\n", "the entry has no “short”, and the first has"),
        ("variants:\n  street: [{name: a}, {name: c, short: b}]\n", "the entry has a “short”, and the first has none"),
    ],
)
def test_entries_that_do_not_match_are_refused(variants: str, said: str) -> None:
    found = porch(variants, "{street}" if "name:" not in variants else "{street.name}")
    assert ("HS244", said) in [(code, message) for code, message, _ in found]


@pytest.mark.parametrize(
    "variants, said", [(STREET, "no text draws on"), ("variants:\n  street: [one]\n", "one entry")]
)
def test_a_list_that_changes_nothing_is_a_warning(variants: str, said: str) -> None:
    text = "{street}" if "one" in variants else "Nothing."
    [(code, message, _)] = porch(variants, text)
    assert code == "HS245" and said in message


def test_a_list_that_draws_from_another_is_refused() -> None:
    [(code, said, _)] = porch(
        "variants:\n  street: [Alder Street, '{town} Road']\n  town: [a, b]\n", "{street}", "{town}"
    )
    assert code == "HS243" and "draw from another" in said


@pytest.mark.parametrize(
    "old, new",
    [
        ("title: On the porch", 'title: "On {street}"'),
        ("summary: Two people", "summary: On {street} two people"),
        ("advisories: [talk of violence]", 'advisories: ["violence on {street}"]'),
        ("employer: Riverside Police", 'employer: "{street} Police"'),
        ("role: patrol-officer", 'role: "{street}"'),
        ("starts: 2026-01-09T23:52", 'starts: "{street}"'),
        ("minutes_to_play: 10", 'minutes_to_play: "{street}"'),
        ("lasts: 3 business days", 'lasts: "{street}"'),
        ("topics: hotline", 'topics: "{street}"'),
        ("values: [unasked, yes, no]", 'values: [unasked, yes, no, "{street}"]'),
        ("known_by: [officer]", 'known_by: [officer, "{street}"]'),
        ("  truck: {text", '  "{street}": {text: another},\n  truck: {text'),
        ("kind: criminal-history", 'kind: "{street}"'),
        ("holder: advocate", 'holder: "{street}"'),
        ("duties: call-hotline", 'duties: [call-hotline, "{street}"]'),
    ],
)
def test_a_draw_stands_in_prose_or_nowhere(old: str, new: str) -> None:
    text = PORCH.replace("\nopening: porch\n", f"\n{STREET}opening: porch\n")
    text = text.replace("brief: You arrive first.", 'brief: "You arrive on {street}."')
    assert old in text
    new = new.replace("},\n", "}\n")
    found = [problem for problem in problems(text.replace(old, new, 1)) if "{street}" in problem.message]
    assert [problem.code for problem in found] == ["HS243"], problems(text.replace(old, new, 1))


def test_a_refused_draw_is_told_once() -> None:
    """Nothing follows from a name that a draw stands for: no missing scene, no broken condition, no unreachable ending."""
    text = PORCH.replace("\nopening: porch\n", f'\n{STREET}opening: "{{street}}"\n')
    text = text.replace("brief: You arrive first.", 'brief: "You arrive on {street}."')
    assert [problem.code for problem in problems(text)] == ["HS243"]


def test_what_a_draw_may_change_holds_texts_and_parts_and_no_name_of_anything() -> None:
    """The proof by construction: no id, reference, condition, number, date or span is among the fields that are filled in."""
    from simulator.model import Scenario
    from simulator.references import KEYS, VALUES, names_what

    seen: set[type] = set()
    queue: list[type] = [Scenario]
    texts = 0
    while queue:
        cls = queue.pop()
        if cls in seen:
            continue
        seen.add(cls)
        for name, _, shape in drawable(cls):
            if shape.startswith("text"):
                texts += 1
                assert name != "id" and names_what(VALUES, cls, name) is None
                # Where the keys of a mapping are names, they stay: only its values are filled in.
                assert names_what(KEYS, cls, name) in (None, "seat")
            else:
                queue += _below(cls, name)
    assert texts > 25 and len(seen) > 15


def _below(cls: type, name: str) -> list[type]:
    from typing import get_args, get_type_hints

    found: list[type] = []
    queue: list[Any] = [get_type_hints(cls)[name]]
    while queue:
        wanted = queue.pop()
        if isinstance(wanted, type) and is_dataclass(wanted):
            found.append(wanted)
        queue += get_args(wanted)
    assert found and all(fields(each) for each in found)
    return found


def test_the_words_of_a_list_are_examined_like_all_that_trainees_read() -> None:
    text = FAIR.replace(
        "\nopening:", "\nvariants:\n  guess: [it rained, she should have left him earlier]\nopening:", 1
    )
    text = text.replace("text: The center's car stands at the corner.", "text: They say {guess}.", 1)
    assert "{guess}" in text
    found = examined(text)
    assert [problem.code for problem in found] == ["HS603"]
    assert "left him" in found[0].source_line


def test_two_options_that_read_alike_in_one_draw_only_are_told_apart() -> None:
    def found(entries: str) -> list[str]:
        text = FAIR.replace("\nopening:", f"\nvariants:\n  what: {entries}\nopening:", 1)
        text = text.replace("text: Go to the kitchen together and make some tea.", 'text: "Go {what}."')
        text = text.replace(
            "text: Stay on your feet, so that you see both doors while she talks.", "text: Go and look."
        )
        return [problem.message for problem in examined(text) if problem.code == "HS608"]

    [message] = found("[home, and look]")
    assert "two options can read the same: “Go and look.”" in message
    assert found("[home, and knock]") == []


@pytest.mark.parametrize("code", ["HS241", "HS242", "HS244", "HS245"])
def test_the_examples_of_a_page_are_what_it_says(code: str) -> None:
    bad, good = (part.split("```")[0] for part in explain(code).split("```yaml\n")[1:3])
    assert {found[0] for found in _example(bad)} == {code} and not _example(good)


def _example(written: str) -> list[tuple[str, str, str]]:
    if "variants" in written:
        key = next(iter(yaml.safe_load(written)["variants"]))
        use = f"{{{key}.name}} {{{key}.her}}" if "name:" in written else f"{{{key}}}"
        return porch(written, use)
    return porch(STREET, yaml.safe_load(written)["text"], "{street}")
