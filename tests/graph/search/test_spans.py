import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.search import Named, Search


def named(search: Search, text: str, *kinds: str) -> list[tuple[str, str, str]]:
    return [
        (text[span.start : span.end], span.hits[0].label, span.how)
        for span in search.spans(text, kinds)
    ]


def test_things_are_found_in_a_question(search: Search) -> None:
    assert named(search, "Which players are active in Brazil?") == [("Brazil", "Brazil", "exact")]
    assert named(search, "did Novartis AG launch Abecma in the U.S. or Japan") == [
        ("Novartis AG", "Novartis", "exact"),
        ("Abecma", "Abecma", "exact"),
        ("U.S", "United States", "exact"),
        ("Japan", "Japan", "exact"),
    ]


def test_the_longest_name_is_meant(search: Search) -> None:
    assert named(search, "Bristol-Myers Squibb K.K. in South Africa", "agent", "place") == [
        ("Bristol-Myers Squibb K.K", "Bristol-Myers Squibb K.K.", "exact"),
        ("South Africa", "South Africa", "exact"),
    ]


def test_misspelt_names_are_marked(search: Search) -> None:
    text = "trials of the Hospital Israelita Albert Einstien on multiple mieloma in Brasil"
    assert named(search, text, "agent", "place", "concept") == [
        ("Hospital Israelita Albert Einstien", "Hospital Israelita Albert Einstein", "typo"),
        ("multiple mieloma", "Multiple myeloma", "typo"),
        ("Brasil", "Brazil", "typo"),
    ]


def test_all_of_a_name_are_told(search: Search) -> None:
    (span,) = search.spans("sales in Latin America", ("place",))
    assert [hit.kind for hit in span.hits] == ["place"] * 3


@pytest.mark.parametrize(
    "text",
    ["who is it in 150 us as be", "who are in", "it is no co", "what has the who or in 2025"],
)
def test_ordinary_words_are_no_codes_and_no_abbreviations(search: Search, text: str) -> None:
    assert named(search, text, "agent", "place") == []


def test_abbreviations_in_capitals_are_meant(search: Search) -> None:
    assert named(search, "does the WHO fund trials in IN or BR", "agent", "place") == [
        ("WHO", "World Health Organization", "exact"),
        ("IN", "India", "exact"),
        ("BR", "Brazil", "exact"),
    ]
    assert named(search, "approved by the fda", "agent")[0][1].startswith("U.S. Food")


def test_an_article_is_part_of_a_name_only_where_it_is_in_it(search: Search) -> None:
    assert named(search, "the United States", "place")[0][0] == "United States"
    assert named(search, "printed in the Lancet", "agent")[0][0] == "the Lancet"


def test_a_legal_form_in_small_letters_is_a_word(search: Search) -> None:
    assert named(search, "Novartis as sponsor", "agent") == [("Novartis", "Novartis", "exact")]
    assert named(search, "Novartis AS", "agent") == [("Novartis AS", "Novartis", "exact")]


@given(st.text(max_size=80))
def test_any_text_is_read(search: Search, text: str) -> None:
    check(search, text)


@given(st.data())
def test_names_between_other_words_are_found(
    search: Search, shipped_names: tuple[Named, ...], data: st.DataObject
) -> None:
    places = [thing for thing in shipped_names if thing.kind in ("agent", "place", "therapy")]
    thing = data.draw(st.sampled_from(places))
    text = f"qqx {thing.label}, qqz"
    check(search, text)
    spans = search.spans(text, (thing.kind,))
    assert any(hit.iri == thing.iri and span.how == "exact" for span in spans for hit in span.hits)


def check(search: Search, text: str) -> None:
    spans = search.spans(text)
    assert list(spans) == sorted(spans, key=lambda span: span.start)
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        assert span.hits
        assert {hit.how for hit in span.hits} == {span.how}
        assert not any(
            other is not span and other.start <= span.start and span.end <= other.end
            for other in spans
        )
