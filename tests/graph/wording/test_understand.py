"""What is understood, what is not, and that no word is ever passed over in silence."""

import time
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.landscape import UnknownEntity, read_arguments
from graph.search import Search
from graph.terms import DEFAULT_BASE
from graph.wording import Reading, understand
from graph.wording.grammar import grammar
from graph.wording.tokens import folded, tokens
from tests.examples import examples
from tests.graph.wording.conftest import Ask
from tests.graph.wording.samples import ASKED, NAMED, written

quickly = settings(
    max_examples=examples(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
OPTIONAL = (
    "with CAR T-cell therapy",
    "for lymphoma",
    "before 2025",
    "at the level of groups",
    "counting approvals or launches",
    "according to Coherent, Cellular Immunotherapy (2025)",
)


def _short(reading: Reading) -> tuple[str, dict[str, list[str]]]:
    start = len(DEFAULT_BASE)
    arguments = {
        name: [
            one[start:].removeprefix("id/") if one.startswith(DEFAULT_BASE) else one for one in v
        ]
        for name, v in reading.arguments.items()
    }
    return reading.question, arguments


ORG = "concept/org"
BRAZIL = {"place": ["place/brazil"]}
GILEAD = ["agent/gilead-sciences"]


@pytest.mark.parametrize(
    ("text", "question", "arguments"),
    [
        ("Which players are active in Brazil?", "players-in", BRAZIL),
        ("show me the companies in brazil, please", "players-in", BRAZIL),
        ("Who operates in S\u00e3o Paulo", "players-in", {"place": ["place/sao-paulo"]}),
        ("Who operates in Sao Paulo", "players-in", {"place": ["place/sao-paulo"]}),
        ("players active in place/brazil", "players-in", BRAZIL),
        ("Which groups are present in Brazil?", "players-in", {**BRAZIL, "level": ["group"]}),
        ("who manufactures in Brazil", "players-in", {**BRAZIL, "active": ["manufacturing"]}),
        ("Which hospitals are in Brazil?", "players-in", BRAZIL | {"role": [f"{ORG}-hospital"]}),
        (
            "players active in Brazil before 19 August 2025",
            "players-in",
            {**BRAZIL, "until": ["2025-08-18"]},
        ),
        (
            "players with CAR-T against lymphoma",
            "players-in",
            {"therapy": ["concept/car-t-cell-therapy"], "indication": ["concept/lymphoma"]},
        ),
        (
            "players active in Latin America [place/latin-america]",
            "players-in",
            {"place": ["place/latin-america"]},
        ),
        ("where does Kite operate?", "places-of", {"player": ["agent/kite-pharma"]}),
        ("which players are active in which countries?", "matrix", {}),
        ("Gilead's competitors", "competitors", {"company": GILEAD}),
        (
            "compare Gilead, Roche & Johnson & Johnson",
            "compare",
            {"entities": [*GILEAD, "agent/roche", "agent/johnson-and-johnson"]},
        ),
        ("How is Kymriah linked to Brazil?", "connections", {"from": ["therapy/kymriah"]}
         | {"to": ["place/brazil"]}),
        (
            "timeline of Brazil between 2024 and August 2025",
            "timeline",
            {"entity": ["place/brazil"], "from": ["2024"], "until": ["2025-08"]},
        ),
        (
            "what happened in Brazil after 2024",
            "timeline",
            {"entity": ["place/brazil"], "from": ["2025"]},
        ),
        (
            "why is Gilead active in Brazil",
            "why",
            {"subject": GILEAD, "property": ["activeIn"], "object": ["place/brazil"]},
        ),
        ("Why isn't Gilead active in Brazil?", "why-not", {"player": GILEAD, **BRAZIL}),
    ],
)  # fmt: skip
def test_questions_are_understood(
    ask: Ask, text: str, question: str, arguments: dict[str, list[str]]
) -> None:
    found = ask(text)
    assert found.status == "understood", found
    assert found.reason == ""
    assert [_short(one) for one in found.readings] == [(question, arguments)]


@pytest.mark.parametrize(
    "text",
    [
        "players not active in Brazil",
        "players active outside Brazil",
        "players active in Brazil without lymphoma",
        "players active in Latin America and the Caribbean except Brazil",
        "players -hospitals active in Brazil",
        "no players active in Brazil",
        "players that aren't active in Brazil",
        "players active in other",
        "players active in ! Brazil",
        "players active in Brazil but Roche",
    ],
)
def test_a_negation_is_never_passed_over(ask: Ask, text: str) -> None:
    found = ask(text)
    assert found.status == "not understood"
    assert found.readings == ()
    assert "no" in found.reason


def test_several_things_of_one_name_are_alternatives(ask: Ask) -> None:
    found = ask("players active in Latin America")
    assert found.status == "unsure"
    assert {_short(one)[1]["place"][0] for one in found.readings} == {
        *("place/latin-america", "place/th6287-latin-america", "place/cmi8447-latin-america")
    }


def test_a_misspelt_name_is_offered_and_never_taken(ask: Ask) -> None:
    found = ask("players active in Brasil")
    assert found.status == "unsure"
    assert _short(found.readings[0]) == ("players-in", BRAZIL)
    assert [(one.text, one.near[0]) for one in found.unknown] == [("Brasil", "Brazil")]


def test_an_unknown_name_is_said_to_be_unknown(ask: Ask) -> None:
    found = ask("players active in Wakanda")
    assert found.status == "not understood"
    assert [one.text for one in found.unknown] == ["Wakanda"]
    assert found.text[found.unknown[0].start : found.unknown[0].end] == "Wakanda"


def test_a_condition_that_a_question_does_not_take_is_left_over(ask: Ask) -> None:
    found = ask("players active in Brazil since 2024")
    assert found.status == "unsure"
    left = [found.text[one.start : one.end] for one in found.readings[0].left_over]
    assert left == ["since", "2024"]
    assert "since" in found.reason


def test_of_two_places_none_is_dropped_in_silence(ask: Ask) -> None:
    assert ask("players active in Brazil and Mexico").status == "unsure"


@pytest.mark.parametrize(
    "text", ["", " ?!", "x" * 501, "a " * 61, "Brazil", "the weather in Brazil"]
)
def test_what_is_no_question_has_a_reason(ask: Ask, text: str) -> None:
    found = ask(text)
    assert found.status == "not understood"
    assert found.reason


@quickly
@given(st.permutations(OPTIONAL), st.integers(1, len(OPTIONAL)))
def test_the_order_of_optional_parts_does_not_matter(
    ask: Ask, parts: list[str], count: int
) -> None:
    chosen = parts[:count]
    one = ask(" ".join(("players active in Brazil", *chosen)))
    two = ask(" ".join((*reversed(chosen), "players active in Brazil")))
    assert one.status == two.status == "understood", (one, two)
    assert (one.readings[0].arguments, one.readings[0].sentence) == (
        two.readings[0].arguments,
        two.readings[0].sentence,
    )


def test_every_order_of_two_parts_says_the_same(ask: Ask) -> None:
    for some in permutations(OPTIONAL, 2):
        found = ask(f"players {some[0]} active in Brazil {some[1]}")
        again = ask(f"players active in Brazil {some[1]} {some[0]}")
        assert found.readings[0].sentence == again.readings[0].sentence


@st.composite
def asked_texts(draw: st.DrawFn) -> str:
    """A question with some of its parts, from all patterns."""
    asked = draw(st.sampled_from(ASKED))
    words = [written(asked, draw(st.sampled_from(asked.patterns)), draw(st.integers(0, 3)))]
    parts = draw(st.lists(st.sampled_from(asked.parts), max_size=3)) if asked.parts else []
    patterns = [draw(st.sampled_from(part.patterns)) for part in parts]
    words += [written(asked, pattern, draw(st.integers(0, 3))) for pattern in patterns]
    return " ".join(words)


@quickly
@given(asked_texts())
def test_a_canonical_sentence_is_understood_as_its_reading(ask: Ask, text: str) -> None:
    for reading in ask(text).readings:
        again = ask(reading.sentence)
        assert again.status == "understood", (text, reading, again)
        assert _short(again.readings[0]) == _short(reading)
        assert again.readings[0].sentence == reading.sentence


@quickly
@given(asked_texts())
def test_arguments_are_what_the_question_takes(ask: Ask, names: Search, text: str) -> None:
    def resolve(name: str, iri: str, kinds: object) -> str:
        found = names.thing(iri)
        if found is None or (kinds and found.kind not in tuple(kinds)):  # type: ignore[arg-type]
            raise UnknownEntity(name, iri)
        return found.iri

    for reading in ask(text).readings:
        read_arguments(NAMED[reading.question].parameters, reading.arguments, resolve)


@quickly
@given(asked_texts(), st.data())
def test_an_unknown_word_never_leaves_a_text_understood(
    ask: Ask, text: str, data: st.DataObject
) -> None:
    words = text.split(" ")
    strange = data.draw(st.sampled_from(["xyzzy", "Wakanda", "profitable", "\u2260", "Qq77"]))
    words.insert(data.draw(st.integers(0, len(words))), strange)
    assert ask(" ".join(words)).status != "understood"


@quickly
@given(asked_texts(), st.sampled_from(sorted(grammar().negations)), st.data())
def test_a_negation_never_leaves_the_meaning(
    ask: Ask, text: str, negation: str, data: st.DataObject
) -> None:
    words = text.split(" ")
    words.insert(data.draw(st.integers(0, len(words))), negation)
    before = [_short(reading) for reading in ask(text).readings]
    assert not any(_short(one) in before for one in ask(" ".join(words)).readings)


@quickly
@given(asked_texts(), st.lists(st.sampled_from("xyzzy not in Mexico 2024 and Roche".split())))
def test_every_word_is_used_once_or_left_over(ask: Ask, text: str, more: list[str]) -> None:
    found = ask(" ".join((text, *more)))
    for reading in found.readings:
        for token in tokens(found.text):
            covering = [u for u in reading.uses if u.start <= token.start and token.end <= u.end]
            assert len(covering) == 1
        negated = [found.text[u.start : u.end] for u in reading.left_over]
        assert not {folded(word) for word in negated} & grammar().negations
        if found.status == "understood":
            assert not reading.left_over


@settings(max_examples=examples(60), deadline=None)
@given(st.text(max_size=520))
def test_any_text_has_an_understanding(names: Search, text: str) -> None:
    found = understand(text, names, list(NAMED.values()))
    assert found.status in ("understood", "unsure", "not understood")
    assert (found.status == "not understood") == (not found.readings)


@pytest.mark.parametrize(
    "text",
    [
        "players active in " + "Brazil or " * 48,
        "which " * 80,
        "compare " + "Kite and " * 50,
        "players " + "with CAR-T for lymphoma " * 20,
        "in Brazil " * 29 + "players",
        "counting approvals or launches or trials " * 9,
        "'s" * 240,
        "[place/brazil] " * 30,
        "\ud800" * 100,
        "players active in \ud800 Brazil",
    ],
)
def test_hostile_texts_take_little_time(ask: Ask, text: str) -> None:
    begun = time.process_time()
    ask(text)
    assert time.process_time() - begun < 3
