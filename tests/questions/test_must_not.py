"""What no report says must not be in the graph, however it could be put there."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from tests.questions.expectations import holds, paragraphs, told

FOLDER = Path(__file__).parent / "must_not"
ASSERTIONS = sorted(path.stem for path in FOLDER.glob("*.rq"))
WAYS = [
    (id_, way, turtle)
    for id_ in ASSERTIONS
    for way, turtle in paragraphs((FOLDER / f"{id_}.ttl").read_text("utf-8"))
]


@pytest.fixture(scope="module")
def copy(landscape_store: Store) -> Store:
    """The statements of the store, to be added to."""
    store = Store()
    store.bulk_extend(landscape_store.quads_for_pattern(None, None, None, None))
    return store


def query(id_: str) -> str:
    return (FOLDER / f"{id_}.rq").read_text("utf-8")


def test_every_false_assertion_is_there() -> None:
    assert len(ASSERTIONS) == 50
    assert sorted(path.stem for path in FOLDER.glob("*.ttl")) == ASSERTIONS
    assert all(query(id_).startswith("# must not be asserted: ") for id_ in ASSERTIONS)


@pytest.mark.parametrize("id_", ASSERTIONS)
def test_it_is_not_asserted(landscape_store: Store, id_: str) -> None:
    assert not holds(landscape_store, query(id_))


@pytest.mark.parametrize(
    ("id_", "turtle"), [pytest.param(i, t, id=f"{i}: {way}") for i, way, t in WAYS]
)
def test_it_would_be_found_if_it_were(copy: Store, id_: str, turtle: str) -> None:
    with told(copy, turtle):
        assert holds(copy, query(id_))


def test_nothing_that_was_added_is_left(copy: Store, landscape_store: Store) -> None:
    """Else one of these could be what another one finds."""
    assert len(copy) == len(landscape_store)
