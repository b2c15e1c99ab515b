import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.delta import Delta
from graph.journal import Author, Entry
from graph.journal.entry import InvalidLine, decode, encode_entry, entry_of, now
from tests.graph.journal.samples import text
from tests.graph.release.samples import lists

_words = st.text(st.one_of(st.sampled_from('\n\r\0"\\\u0085\u2028\u2029\ud800'), st.characters()))
_iris = st.lists(st.sampled_from(["urn:g", "https://example.org/ä"]), max_size=2).map(tuple)
deltas = st.builds(Delta, lists.map(text), lists.map(text), _iris, _iris)
entries = st.builds(
    Entry,
    st.integers(1, 10**12),
    st.just("2026-01-02T03:04:05.678Z"),
    st.builds(Author, _words, _words),
    st.sampled_from(["update", "PUT", "POST", "DELETE"]),
    deltas,
)


@given(entries)
def test_an_entry_is_one_line_and_comes_back_the_same(entry: Entry) -> None:
    line = encode_entry(entry)
    assert line.decode("ascii").splitlines(keepends=True) == [line.decode("ascii")]
    assert entry_of(decode(line)) == entry


@given(entries, st.data())
def test_half_a_line_is_none(entry: Entry, data: st.DataObject) -> None:
    line = encode_entry(entry)
    end = data.draw(st.integers(0, len(line) - 1))
    with pytest.raises(InvalidLine):
        decode(line[:end])


@given(entries, st.data())
def test_another_byte_anywhere_is_noticed(entry: Entry, data: st.DataObject) -> None:
    line = bytearray(encode_entry(entry))
    place = data.draw(st.integers(0, len(line) - 1))
    line[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(InvalidLine):
        decode(bytes(line))


def test_a_line_can_be_read_with_common_tools() -> None:
    entry = Entry(
        7, "2026-01-02T03:04:05.678Z", Author("lab", "q-1"), "PUT", Delta(b"", b"", ("g",))
    )
    content = json.loads(encode_entry(entry))
    checksum = content.pop("checksum")
    assert len(checksum) == 64
    assert content == {
        "number": 7,
        "time": "2026-01-02T03:04:05.678Z",
        "author": {"name": "lab", "request": "q-1"},
        "kind": "PUT",
        "delta": {"inserted": "", "deleted": "", "created": ["g"], "dropped": []},
    }


def test_the_time_is_utc_to_the_millisecond() -> None:
    assert len(now()) == len("2026-01-02T03:04:05.678Z")
    assert now().endswith("Z")


@pytest.mark.parametrize("content", [{}, {"number": 1}, {"number": "x", "delta": None}])
def test_a_line_of_something_else_is_no_entry(content: dict[str, object]) -> None:
    with pytest.raises(InvalidLine, match="no entry"):
        entry_of(content)
