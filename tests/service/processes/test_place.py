"""Which engines there are, and who uses them."""

from collections.abc import Iterator

import pytest

from graph.template.folders import HeldFolder
from service.processes.place import Announced, NoEngineYet, Place

FIRST, SECOND = Announced("a", "/one", 1), Announced("b", "/two", 2)


@pytest.fixture
def place() -> Iterator[Place]:
    folder = HeldFolder("service")
    yield Place.made(folder.path)
    folder.remove()
    assert not folder.path.exists()


def test_an_engine_is_there_until_nobody_uses_it(place: Place) -> None:
    assert place.current() is None
    one = place.announce(FIRST)
    assert place.current() == one
    found, use = place.using(one)
    assert found == FIRST
    two = place.announce(SECOND)
    assert (place.current(), place.names()) == (two, {one, two})
    assert not place.forget(one)
    use.end()
    assert place.forget(one)
    assert place.forget(one)
    assert place.names() == {two}
    with pytest.raises(NoEngineYet):
        place.using(one)


def test_nobody_else_may_look(place: Place) -> None:
    assert place.path.stat().st_mode & 0o077 == 0


def test_all_engines_can_be_asked(place: Place) -> None:
    place.announce(FIRST)
    place.announce(SECOND)
    place.note_older("/three")
    assert {client.path for client in place.clients()} == {"/one", "/two", "/three"}
    place.note_older(None)
    place.note_older(None)
    assert {client.path for client in place.clients()} == {"/one", "/two"}
