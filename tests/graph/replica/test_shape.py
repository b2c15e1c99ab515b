"""A manifest may have its checksum and say what no release says."""

import itertools
import re
from typing import Any

import pytest

from graph.release import DataDirectory
from graph.replica.errors import OfferRefused
from graph.replica.shape import check_shape
from graph.replica.taking import take_newest
from tests.graph.replica.publisher import Toy
from tests.service.dataset import DETAILS, quads

SOUND: dict[str, Any] = {
    "base": "https://kg.example/",
    "counts": {"statements": 1, "triples": 1, "graphs": {"urn:g": 1}, "classes": {}},
    "history": ["urn:g"],
    "imported": True,
    "literal_classes": 0,
    "rules": ["active-in"],
    "sources": [{"slug": "one", "title": None, "rows": {"claims": 2}, "read_for": ["x"]}],
    "versions": {"schema": "1"},
    "written": {"graphs": ["urn:g"], "journal": 3},
    "what a later version says": [[]],
}


def test_what_a_release_says_is_taken(toy: Toy) -> None:
    check_shape(SOUND, "here")
    check_shape({"counts": SOUND["counts"]}, "here")
    current = toy.data.current()
    assert current is not None
    check_shape(current.manifest, "here")


@pytest.mark.parametrize("name", sorted(set(SOUND) - {"what a later version says"}))
@pytest.mark.parametrize("wrong", [None, 0.5, -1, 2**64, "x\x1b\n", [None], {"": []}])
def test_what_none_says_is_refused(name: str, wrong: object) -> None:
    with pytest.raises(OfferRefused, match=f"^here: its member '{re.escape(name)}'"):
        check_shape({**SOUND, name: wrong}, "here")


@pytest.mark.parametrize(
    "changes",
    [
        {"counts": {**SOUND["counts"], "graphs": {"urn:g": "1"}}},
        {"sources": [{"title": "it has no name"}]},
        {"sources": [{"slug": "one", "title": 5}]},
        {"written": {"graphs": ["no IRI"], "journal": 3}},
        {"written": {"graphs": [], "journal": 2**63}},
    ],
)
def test_what_is_wrong_further_in_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(OfferRefused):
        check_shape(SOUND | changes, "here")


def test_without_what_is_needed_it_is_refused() -> None:
    with pytest.raises(OfferRefused, match="counts"):
        check_shape({}, "here")


def test_nothing_of_it_is_stored(toy: Toy, data: DataDirectory) -> None:
    """Its checksum is right: a service would come to it, and fail at it from then on."""
    toy.data.publish(itertools.islice(quads(), 3), {**DETAILS, "sources": 5})
    with pytest.raises(OfferRefused, match="'sources'"):
        take_newest(data, toy.address, 10**6)
    assert data.ids() == ()
    assert toy.sent == []  # it was not even fetched
