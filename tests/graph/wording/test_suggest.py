import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.landscape.catalogue import QUESTIONS
from graph.search import Search
from graph.terms import DEFAULT_BASE
from graph.wording import suggest
from tests.examples import examples
from tests.graph.wording.conftest import Ask
from tests.graph.wording.samples import ASKED, written

quickly = settings(
    max_examples=examples(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _texts(names: Search, prefix: str, limit: int = 10) -> list[str]:
    return [one.text for one in suggest(prefix, names, QUESTIONS, limit)]


@pytest.mark.parametrize(
    ("prefix", "text"),
    [
        ("players active in Bra", "players active in Brazil"),
        ("Which pla", "players active in \u2026"),
        ("timeline of Ky", "timeline of Kymriah"),
        ("compare Kite and Nova", "compare Kite Pharma and Novartis"),
        ("compare Kite", "compare Kite Pharma and \u2026"),
        ("players active in Brazil with CAR T", "players active in Brazil with CAR T-cell therapy"),
        ("players active in Brazil unt", "players active in Brazil until \u2026"),
        ("how are Kymriah and Bra", "how are Kymriah and Brazil connected"),
        ("who compe", "competitors of \u2026"),
    ],
)
def test_what_is_typed_may_become_a_question(names: Search, prefix: str, text: str) -> None:
    assert text in _texts(names, prefix)[:3]


def test_a_name_becomes_itself_and_what_can_be_asked_of_it(names: Search) -> None:
    found = suggest("Braz", names, QUESTIONS)
    assert (found[0].kind, found[0].text, found[0].type_label) == ("entity", "Brazil", "Country")
    assert found[0].iri == f"{DEFAULT_BASE}id/place/brazil"
    asked = [one for one in found if one.text == "players active in Brazil"]
    assert [one.arguments for one in asked] == [{"place": [f"{DEFAULT_BASE}id/place/brazil"]}]
    assert asked[0].complete


def test_nothing_typed_offers_every_question(names: Search) -> None:
    found = suggest("", names, QUESTIONS, 100)
    assert {one.question for one in found} == {one.name for one in QUESTIONS}


def test_what_lacks_a_value_is_not_complete(names: Search) -> None:
    for one in suggest("players active in ", names, QUESTIONS):
        assert one.complete == ("\u2026" not in one.text)


@quickly
@given(st.data())
def test_a_complete_question_is_understood_as_it_is(
    names: Search, ask: Ask, data: st.DataObject
) -> None:
    one = data.draw(st.sampled_from(ASKED))
    text = written(one, data.draw(st.sampled_from(one.patterns)), data.draw(st.integers(0, 3)))
    prefix = text[: data.draw(st.integers(0, len(text)))]
    for suggestion in suggest(prefix, names, QUESTIONS):
        assert (suggestion.kind == "entity") == bool(suggestion.iri)
        if suggestion.kind == "question" and suggestion.complete:
            found = ask(suggestion.text)
            assert found.status == "understood", (prefix, suggestion, found)
            assert found.readings[0].question == suggestion.question
            assert found.readings[0].arguments == suggestion.arguments


@quickly
@given(st.text(max_size=520), st.integers(-1, 12))
def test_any_text_has_suggestions_within_the_limit(names: Search, text: str, limit: int) -> None:
    assert len(suggest(text, names, QUESTIONS, limit)) <= max(0, limit)
