import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.search.folding import core, fold, key, singular, words

TEXTS = st.text(max_size=60) | st.text(alphabet="aBß.&'-İıÅﬁ½²́ø \u202e\u200b🧬K", max_size=20)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Novartis   AG ", "novartis ag"),
        ("São Paulo", "sao paulo"),
        ("Sa\u0303o Paulo", "sao paulo"),
        ("STRASSE Straße", "strasse strasse"),
        ("Łódź, Ærø", "lodz aero"),
        ("İstanbul", "istanbul"),
        ("Johnson & Johnson", "johnson and johnson"),
        ("Bristol-Myers Squibb K.K.", "bristol myers squibb kk"),
        ("U.S. FDA", "us fda"),
        ("Cellectis S.A.", "cellectis sa"),
        ("version 3.5", "version 3 5"),
        ("Sjögren's", "sjogrens"),
        ("Sjögren\u2019s", "sjogrens"),
        ("ﬁbrosis", "fibrosis"),
        ("anti\u00adbody", "antibody"),
        ("\u202eChile\u202c", "chile"),
        ("CAR-T\x00cells", "car t cells"),
        ("🧬 gene", "gene"),
        ("%", ""),
        ("", ""),
    ],
)
def test_case_accents_and_punctuation_fall_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(TEXTS)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert key(key(text)) == key(text)


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_the_short_way_of_plain_texts_gives_the_same(text: str) -> None:
    # An accent on a space of its own changes no word, and sends the text the long way.
    assert fold(text) == fold(f"{text} \N{COMBINING ACUTE ACCENT}")


@given(TEXTS)
def test_words_are_the_folded_text_and_lie_where_they_say(text: str) -> None:
    found = words(text)
    assert [word.text for word in found] == fold(text).split()
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    # A single character may be several words, such as a fraction; else each word is its own text.
    assert all(word.text in key(text[word.start : word.end]) for word in found)


@pytest.mark.parametrize(
    ("folded", "plain"),
    [
        ("novartis ag", "novartis"),
        ("daiichi sankyo company limited", "daiichi sankyo"),
        ("merck and co inc", "merck"),
        ("grupo bimbo sab de cv", "grupo bimbo"),
        ("the lancet", "lancet"),
        ("co", "co"),
        ("inc inc", "inc"),
        ("the", "the"),
        ("company of wolves", "company of wolves"),
    ],
)
def test_legal_forms_are_taken_off_the_end(folded: str, plain: str) -> None:
    assert core(folded) == plain


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("gene therapies", "gene therapy"),
        ("hospitals", "hospital"),
        ("virus", "virus"),
        ("sepsis", "sepsis"),
        ("illness", "illness"),
        ("us", "us"),
        ("tils", "til"),
    ],
)
def test_regular_plurals_become_singular(many: str, one: str) -> None:
    assert singular(many) == one
