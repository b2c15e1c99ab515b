from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from graph.search.texts import Texts
from graph.search.typos import Neighbours, edits, tolerated

WORDS = st.text(alphabet="abcé", min_size=1, max_size=11)


@given(st.sets(WORDS, max_size=40), WORDS)
def test_near_words_are_those_that_measuring_each_of_them_finds(
    vocabulary: set[str], written: str
) -> None:
    ordered = sorted(vocabulary)
    expected = {}
    for number, word in enumerate(ordered):
        distance = OSA.distance(written, word)
        if 0 < distance <= tolerated(min(len(written), len(word))):
            expected[number] = distance
    assert dict(Neighbours(Texts(ordered)).near(written)) == expected


def test_short_words_and_codes_must_be_spelt_right() -> None:
    assert edits("fda", "fdb") is None
    assert edits("cmi8447", "cmi8448") is None
    assert edits("2024", "2025") is None
    assert edits("cmi8447", "cmi8447") == 0


def test_swapped_neighbours_are_one_edit() -> None:
    assert edits("novratis", "novartis") == 1
    assert edits("kiet", "kite") == 1


@given(st.lists(st.text(max_size=12), max_size=30), st.text(max_size=4))
def test_sorted_texts_are_found_by_their_beginning(texts: list[str], sought: str) -> None:
    plain = sorted(text.encode("utf-8", "replace").decode() for text in texts)
    packed = Texts(plain)
    assert [packed[number] for number in range(len(packed))] == plain
    start = sought.encode("utf-8", "replace").decode()
    assert plain[slice(*packed.beginning(sought))] == [
        text for text in plain if text.startswith(start)
    ]
    assert plain[slice(*packed.same(sought))] == [text for text in plain if text == start]
