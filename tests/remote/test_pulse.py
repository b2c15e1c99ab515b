"""Looking at a database: what is told, how often, and what a look that hangs comes to."""

import threading

import pytest

from graph.query import DeadlineExceeded, QueryError
from graph.remote import DatabaseUnavailable, Maintenance, RemoteError
from graph.remote import pulse as module
from graph.remote.pulse import Pulse, told
from graph.remote.wire import Bounds

AWAY = DatabaseUnavailable("http://db.internal/ cannot be reached", "it cannot be reached")


def looking(*found: Exception | None) -> tuple[Pulse, list[QueryError | None]]:
    """A pulse whose looks find these, one after the other, and what it tells."""
    rest, said = list(found), list[QueryError | None]()

    def look(bounds: Bounds) -> None:
        assert bounds.seconds == module.DEADLINE
        if (error := rest.pop(0)) is not None:
            raise error

    return Pulse(look, said.append), said


def test_what_changes_is_told_once() -> None:
    pulse, said = looking(None, None, AWAY, AWAY, Maintenance(), None, None, Maintenance())
    states = []
    for _ in range(8):
        pulse.once()
        states.append(pulse.wrong is None)
    assert states == [True, True, False, False, False, True, True, False]
    assert [str(one) if one else "" for one in said] == [str(AWAY), "", str(Maintenance())]


def test_whatever_fails_is_no_answer() -> None:
    pulse, said = looking(KeyError("p"))
    pulse.once()
    assert isinstance(pulse.wrong, RemoteError)
    assert len(said) == 1


def test_after_the_end_nothing_is_told() -> None:
    pulse, said = looking(AWAY)
    pulse.stop()
    pulse.once()
    assert said == []


def test_whoever_was_not_answered_has_it_look_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 60.0)
    looked = threading.Semaphore(0)
    pulse = Pulse(lambda _: looked.release(), lambda _: None)
    pulse.start()
    assert looked.acquire(timeout=10)
    pulse.soon()
    assert looked.acquire(timeout=10)
    pulse.stop()


def test_a_look_that_hangs_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.01)
    monkeypatch.setattr(module, "DEADLINE", 0.01)
    hanging, over = threading.Event(), threading.Event()

    def look(_: Bounds) -> None:
        hanging.set()
        over.wait(10)

    pulse = Pulse(look, lambda _: None)
    pulse.start()
    assert hanging.wait(10)
    over.wait(0.1)
    assert isinstance(pulse.wrong, DatabaseUnavailable)
    pulse.stop()
    over.set()


def test_others_are_told_no_address() -> None:
    assert told(AWAY) == "it cannot be reached"
    assert told(RemoteError("at db.internal: oh", "oh")) == "oh"
    assert "in time" in told(DeadlineExceeded(2))
    assert "loaded" in told(Maintenance())
