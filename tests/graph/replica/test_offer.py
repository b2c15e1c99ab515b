"""Nothing that a publisher says is believed before it is checked."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.replica.address import publisher_address
from graph.replica.errors import OfferRefused
from graph.replica.offer import read_offer

ID, OTHER = "a" * 64, "b" * 64
DATA = {"name": "data.nq", "bytes": 10, "sha256": ID}
MANIFEST = {"name": "manifest.json", "bytes": 20, "sha256": OTHER}
SOUND = {"format": 1, "id": ID, "files": [DATA, MANIFEST]}


def read(document: object) -> Any:
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    return read_offer(text, "http://publisher.example/", 1000)


def test_a_sound_offer_is_read() -> None:
    offer = read(SOUND)
    assert (offer.id, offer.data.size, offer.manifest.sha256) == (ID, 10, OTHER)
    assert offer.over == ()
    assert read(SOUND | {"over": ["a" * 32]}).over == ("a" * 32,)
    assert offer.paths == {
        "data.nq": f"exports/{ID}/release.nq",
        "manifest.json": f"releases/{ID}/manifest.json",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"format": None},
        {"id": OTHER},
        {"id": "../../etc/passwd"},
        {"id": ID.upper()},
        {"id": f"{ID}\n"},
        {"id": None},
        {"files": []},
        {"files": [DATA]},
        {"files": [DATA, DATA]},
        {"files": [DATA, MANIFEST, MANIFEST]},
        {"files": [DATA, MANIFEST | {"name": "../current"}]},
        {"files": [DATA | {"bytes": -1}, MANIFEST]},
        {"files": [DATA | {"bytes": 1001}, MANIFEST]},
        {"files": [DATA | {"bytes": "10"}, MANIFEST]},
        {"files": [DATA | {"bytes": True}, MANIFEST]},
        {"files": [DATA | {"bytes": 1e9}, MANIFEST]},
        {"files": [DATA, MANIFEST | {"bytes": 10**12}]},
        {"files": [DATA, MANIFEST | {"sha256": "x"}]},
        {"files": [DATA, MANIFEST | {"sha256": None}]},
        {"files": {"data.nq": DATA}},
        {"files": None},
        {"over": None},
        {"over": [5]},
        {"over": ["x"]},
        {"over": ["a" * 32] * 101},
    ],
)
def test_an_offer_that_cannot_be_right_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(OfferRefused):
        read(SOUND | changes)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["format", "id", "files", "name", "bytes", "sha256"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON | st.binary())
def test_anything_else_is_refused(document: object) -> None:
    with pytest.raises(OfferRefused):
        read(document)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("https://kg.example.org/data/", "https://kg.example.org/data/"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
    ],
)
def test_an_address_ends_with_a_slash(text: str, address: str) -> None:
    assert publisher_address(text) == address
    assert publisher_address(address) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "publisher.example",
        "ftp://publisher.example/",
        "file:///etc/passwd",
        "http:///path",
        "http://user:secret@publisher.example/",
        "http://publisher.example/?x=1",
        "http://publisher.example/#x",
        "http://publisher.example/a/../b/",
        "http://publisher.example:99999/",
        "http://publisher.example/a b/",
        "http://publisher.example/\r\nHost: other/",
        "http://" + "a" * 3000,
    ],
)
def test_no_other_address_is_taken(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        publisher_address(text)
