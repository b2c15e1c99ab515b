"""Every pattern is held to the questions and names that are really there."""

import pytest

from graph.landscape.catalogue import QUESTIONS
from graph.search import Search
from graph.wording.grammar import Asked, Pattern, Slot, grammar, slots_of
from tests.graph.wording.conftest import Ask
from tests.graph.wording.samples import ASKED, NAMED, written

WORDS = grammar()
PATTERNS = [(asked, pattern) for asked in ASKED for pattern in asked.patterns]
PARTS = [(asked, pattern) for asked in ASKED for part in asked.parts for pattern in part.patterns]


def test_questions_in_words_and_questions_with_a_name_are_the_same() -> None:
    assert {one.name for one in WORDS.questions} == {one.name for one in QUESTIONS}


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.name)
def test_every_slot_is_a_parameter_that_takes_as_much(asked: Asked) -> None:
    parameters = {one.name: one for one in NAMED[asked.name].parameters}
    required = {one.name for one in NAMED[asked.name].parameters if one.required}
    for pattern in asked.patterns:
        slots = slots_of(pattern)
        assert {name for slot in slots for name in slot.names} >= required
        for slot in slots:
            assert all(slot.least == 1 or parameters[name].many for name in slot.names)
    for part in asked.parts:
        for pattern in part.patterns:
            for slot in slots_of(pattern):
                kinds = {parameters[name].kind for name in slot.names}
                assert len(kinds) == 1
                assert not slot.change or kinds == {"date"}


def test_every_choice_with_words_is_one_of_some_question() -> None:
    for name, table in WORDS.choices.items():
        there = {
            value
            for one in QUESTIONS
            for parameter in one.parameters
            if name in (parameter.name, f"{one.name}.{parameter.name}")
            for value in ((*parameter.choices,) or ("true", "false"))
        }
        assert set(table) <= there, name
        phrases = [one for written in table.values() for one in written]
        assert len(phrases) == len(set(phrases)), name


def test_every_choice_that_the_words_of_a_part_lead_to_can_be_said() -> None:
    for asked in ASKED:
        slots = {n for p in asked.patterns for s in slots_of(p) for n in s.names}
        slots |= {n for one in asked.parts for s in slots_of(one.patterns[0]) for n in s.names}
        for parameter in NAMED[asked.name].parameters:
            if parameter.kind in ("choice", "boolean") and parameter.name in slots:
                assert WORDS.choices[parameter.name]


def test_lists_and_aliases_name_what_is_there(names: Search) -> None:
    lists = {hit.type_label for label in _LISTED for hit in names.find(label, (), 20)}
    assert {one for types in WORDS.types.values() for one in types} <= lists
    for table in WORDS.aliases.values():
        assert all(names.thing(address) for address in table)


_LISTED = ("CAR T-cell therapy", "CAR-T", "Lymphoma", "Oncology", "Regulator", "Manufacturing")


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.name)
def test_canonical_patterns_leave_no_choice(asked: Asked) -> None:
    canonical = (*asked.patterns[: len(asked.written)], *(p.patterns[0] for p in asked.parts))
    texts = (*asked.written, *(part.written for part in asked.parts))
    for text, pattern in zip(texts, canonical, strict=True):
        assert not set("[]<|") & set(text)
        for element in pattern:
            assert isinstance(element, Slot) or len(element.phrases) == 1


@pytest.mark.parametrize(
    ("asked", "pattern"), PATTERNS, ids=[f"{a.name}-{n}" for n, (a, _) in enumerate(PATTERNS)]
)
@pytest.mark.parametrize("pick", [0, 1])
def test_every_pattern_is_understood(ask: Ask, asked: Asked, pattern: Pattern, pick: int) -> None:
    text = written(asked, pattern, pick)
    found = ask(text)
    assert found.status == "understood", (text, found)
    assert found.readings[0].question == asked.name, (text, found)
    slots = {name for slot in slots_of(pattern) for name in slot.names}
    assert set(found.readings[0].arguments) == slots, (text, found)


@pytest.mark.parametrize(
    ("asked", "pattern"), PARTS, ids=[f"{a.name}-{n}" for n, (a, _) in enumerate(PARTS)]
)
def test_every_part_is_understood(ask: Ask, asked: Asked, pattern: Pattern) -> None:
    core = next(p for p in asked.patterns[: len(asked.written)])
    text = f"{written(asked, core)} {written(asked, pattern, 1)}"
    found = ask(text)
    assert found.status == "understood", (text, found)
    assert found.readings[0].question == asked.name
    slots = {name for part in (core, pattern) for slot in slots_of(part) for name in slot.names}
    assert set(found.readings[0].arguments) == slots, (text, found)
