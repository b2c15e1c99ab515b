"""The competency questions against answers that were read from the reports."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from graph.questions import Question, questions
from ontology.namespaces import XSD
from tests.questions.expectations import (
    Answered,
    Expected,
    answer,
    differences,
    expectations,
    told,
)

WOULD_ANSWER = Path(__file__).parent / "would_answer"
IDS = [question.id for question in questions()]
LETTERS = {"CMI8447": "C", "6287": "T"}
#: What is renamed to make another report of each.
COPIES = {
    "coherent-cellular-immunotherapy": "other",
    "cmi8447": "other",
    "towards-latin-america-cell-gene-therapy": "another",
    "th6287": "another",
}
EMPTY = sorted(expected.id for expected in expectations().values() if not expected.rows)


@pytest.fixture(scope="module")
def by_id() -> dict[str, Question]:
    return {question.id: question for question in questions()}


Answer = Callable[[str], Answered]
"""The answer to a question by its id."""


@pytest.fixture(scope="module")
def answer_to(landscape_store: Store, by_id: dict[str, Question]) -> Answer:
    """Each question is asked once, whichever tests look at what is answered."""
    return cache(lambda id_: answer(landscape_store, by_id[id_].query))


@pytest.fixture(scope="module")
def labels(landscape_store: Store) -> Mapping[str, str]:
    """The label of each section by its locator."""
    query = """
      SELECT ?code ?section ?label WHERE {
        ?section a kg:Section ; dct:isPartOf/dct:identifier ?code ; rdfs:label ?label .
      }
    """
    return {
        f"{LETTERS[row['code']]}:{row['section'].partition('#')[2]}": row["label"]
        for row in answer(landscape_store, query).rows
    }


@pytest.fixture(scope="module")
def shuffled(landscape_store: Store) -> Store:
    """The same statements, stored in another order."""
    store = Store()
    for quad in reversed(list(landscape_store.quads_for_pattern(None, None, None))):
        store.add(quad)
    return store


@pytest.fixture(scope="module")
def more_reports(landscape_store: Store) -> Store:
    """The default graph, and each report once more as another report, differently worded."""
    store = Store()
    quads = list(landscape_store.quads_for_pattern(None, None, None, DefaultGraph()))
    store.bulk_extend([*quads, *_as_another_report(quads)])
    return store


def test_every_question_has_an_expectation_and_every_expectation_a_question() -> None:
    assert set(IDS) == set(expectations())


@pytest.mark.parametrize("id_", IDS)
def test_the_answer_is_what_the_reports_say(answer_to: Answer, id_: str) -> None:
    expected = expectations()[id_]
    found = answer_to(id_)
    assert set(expected.columns) <= set(found.columns)
    assert differences(expected, found.only(expected.columns)) == []


@pytest.mark.parametrize("id_", IDS)
def test_the_answer_rests_on_the_right_sections(
    landscape_store: Store, answer_to: Answer, labels: Mapping[str, str], id_: str
) -> None:
    found = answer_to(id_)
    assert {"section", "sections"} & set(found.columns)
    assert all(row.get("section") or row.get("sections") for row in found.rows)
    expected = expectations()[id_]
    if not found.rows and not expected.headings:
        assert expected.sections <= set(labels)  # those that were searched
    elif expected.headings:
        assert _short(found.sections(), expected, landscape_store) == expected.sections
    else:
        assert found.sections() == {labels[locator] for locator in expected.sections}


@pytest.mark.parametrize("id_", IDS)
def test_the_order_of_rows_and_values_is_always_the_same(
    answer_to: Answer, shuffled: Store, by_id: dict[str, Question], id_: str
) -> None:
    query = by_id[id_].query
    assert "ORDER BY" in query
    assert answer_to(id_) == answer(shuffled, query)


@pytest.mark.parametrize("id_", IDS)
def test_another_report_on_the_same_things_changes_no_answer(
    answer_to: Answer, more_reports: Store, by_id: dict[str, Question], id_: str
) -> None:
    assert answer_to(id_) == answer(more_reports, by_id[id_].query)


@pytest.mark.parametrize("id_", EMPTY)
def test_an_empty_answer_would_be_filled_if_a_report_said_so(
    shuffled: Store, by_id: dict[str, Question], id_: str
) -> None:
    with told(shuffled, (WOULD_ANSWER / f"{id_}.ttl").read_text("utf-8")):
        assert len(answer(shuffled, by_id[id_].query).rows) == 1


def test_the_questions_are_not_mere_look_ups() -> None:
    kinds = [question.kind for question in questions()]
    assert len(kinds) >= 80
    assert kinds.count("lookup") * 4 <= len(kinds)
    assert kinds.count("negative") >= 15
    assert kinds.count("decision") >= 15


@pytest.mark.parametrize("id_", IDS)
def test_a_question_is_asked_in_one_query_without_declarations(
    by_id: dict[str, Question], id_: str
) -> None:
    question = by_id[id_]
    assert question.title.endswith("?")
    lines = question.query.splitlines()
    assert not any(line.lstrip().upper().startswith(("PREFIX", "BASE", "FROM")) for line in lines)
    assert max(map(len, lines)) <= 100


def _as_another_report(quads: list[Quad]) -> Iterator[Quad]:
    for quad in quads:
        subject, object_ = quad.subject, quad.object
        if isinstance(subject, NamedNode):
            subject = _renamed(subject)
        if isinstance(object_, NamedNode):
            object_ = _renamed(object_)
        elif isinstance(object_, Literal) and subject != quad.subject:
            if object_.language:
                object_ = Literal(f"{object_.value} (said elsewhere)", language=object_.language)
            elif object_.datatype == XSD.string and "/source/" in str(subject):
                object_ = Literal(f"{object_.value} (elsewhere)")
        if subject != quad.subject or object_ != quad.object:
            yield Quad(subject, quad.predicate, object_)


def _renamed(node: NamedNode) -> NamedNode:
    """Claims, segments, sections, places and derived statements of a report; no shared thing."""
    iri = node.value
    for own, other in COPIES.items():
        iri = iri.replace(own, other)
    return NamedNode(f"{iri}-other" if "/id/statement/" in iri else iri)


def _short(sections: set[str], expected: Expected, store: Store) -> set[str]:
    """The short headings that sections stand in."""
    wider = _wider_sections(store)
    named = set()
    for section in sections:
        level = section
        while level not in expected.headings:
            level = wider[level]
        named.add(expected.headings[level])
    return named


def _wider_sections(store: Store) -> dict[str, str]:
    query = """
      SELECT ?section ?wider WHERE {
        ?part kg:parentSection ?whole ; rdfs:label ?section .
        ?part dct:isPartOf/dct:identifier "CMI8447" .
        ?whole rdfs:label ?wider .
      }
    """
    return {row["section"]: row["wider"] for row in answer(store, query).rows}
