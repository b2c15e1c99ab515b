"""Writes and questions about what runs, while engines come and go."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from graph.journal import Author
from graph.query import EngineUnavailable, Job
from graph.template.client import Running, Written
from graph.update import Change, Update
from service.switchboard import Switchboard

AUTHOR = Author("somebody", "request")
CHANGE = Update("CLEAR ALL")


class Engine:
    """A client whose writes are kept in a list that several may share."""

    def __init__(self, name: str, journal: list[str]) -> None:
        self.name = name
        self.journal = journal
        self.known = len(journal)
        self.loses_answers = False

    def change(self, change: Change, _: Author, __: Job | None = None) -> Written:
        assert isinstance(change, Update)
        self.journal.append(f"{self.name} {change.text}")
        self.known = len(self.journal)
        if self.loses_answers:
            raise EngineUnavailable("it stopped")
        return Written(None, 1, 0, self.known)

    def running(self) -> Sequence[Running]:
        return [Running(self.name, "client", "ASK {}", "running", 1.0)]

    def cancel(self, id_: str) -> bool:
        return id_ == self.name

    def catch_up(self) -> int:
        self.known = len(self.journal)
        return self.known

    def status(self) -> Mapping[str, Any]:
        return {"name": self.name}


@pytest.fixture
def journal() -> list[str]:
    return ["before"]


@pytest.fixture
def board(journal: list[str]) -> Switchboard:
    board = Switchboard()
    with board.moving_to(Engine("first", journal)):
        pass
    return board


def test_the_number_is_that_of_the_last_write(board: Switchboard, journal: list[str]) -> None:
    assert board.number == 1
    board.change(CHANGE, AUTHOR)
    assert board.number == 2
    journal.append("of another service")
    board.catch_up()
    assert board.number == 3


def test_a_write_whose_answer_is_lost_is_reckoned_with(journal: list[str]) -> None:
    engine = Engine("first", journal)
    board = Switchboard()
    with board.moving_to(engine):
        pass
    engine.loses_answers = True
    with pytest.raises(EngineUnavailable):
        board.change(CHANGE, AUTHOR)
    assert board.number == 2


def test_nothing_is_written_while_engines_change(board: Switchboard, journal: list[str]) -> None:
    second = Engine("second", journal)
    done = threading.Event()

    def write() -> None:
        board.change(CHANGE, AUTHOR)
        done.set()

    with board.moving_to(second):
        assert second.known == 1
        threading.Thread(target=write).start()
        assert not done.wait(0.1)
    assert done.wait(5)
    assert journal == ["before", "second CLEAR ALL"]
    assert board.status() == {"name": "second"}


def test_what_runs_in_a_former_engine_is_seen_until_it_is_left(
    board: Switchboard, journal: list[str]
) -> None:
    second = Engine("second", journal)
    first = board._clients[0]
    with board.moving_to(second):
        pass
    assert [one.id for one in board.running()] == ["second", "first"]
    assert board.cancel("first")
    assert not board.cancel("third")
    board.leave(first)
    assert [one.id for one in board.running()] == ["second"]


def test_an_engine_that_fails_to_catch_up_is_not_moved_to(board: Switchboard) -> None:
    class Broken(Engine):
        def catch_up(self) -> int:
            raise EngineUnavailable("it is gone")

    with pytest.raises(EngineUnavailable), board.moving_to(Broken("second", [])):
        raise AssertionError
    assert board.status() == {"name": "first"}
