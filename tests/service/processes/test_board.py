"""Two engines over one journal, as there are while a service moves: whoever asks has each write."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from graph.journal import Author
from graph.query import EngineUnavailable, Formats, Request
from graph.release import DataDirectory
from graph.template.client import Template, start_template
from graph.template.options import Options
from graph.update import Update
from service.processes.board import Abreast, SharedBoard
from service.processes.numbers import Numbers
from service.processes.place import Announced, Place

AUTHOR = Author("somebody", "request")
COUNT = Request("SELECT (COUNT(*) AS ?n) { GRAPH <urn:g> { ?s ?p ?o } }", Formats("text/csv", None))


@pytest.fixture(scope="module")
def engines(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Template]]:
    own = shutil.copytree(data, tmp_path_factory.mktemp("own") / "data", symlinks=True)
    release = DataDirectory(own).releases()[0].id
    with ExitStack() as stack:
        found = []
        for _ in range(2):
            found.append(start_template(Options(str(own), release, "", workers=1)))
            stack.callback(found[-1].stop)
        yield found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place.made(tmp_path)


def counted(client: Abreast) -> int:
    return int(client.evaluate(COUNT).body.split()[1])


def test_a_write_to_one_engine_is_in_the_answers_of_the_other(
    engines: list[Template], place: Place
) -> None:
    numbers = Numbers(place.numbers)
    clients = [Abreast(engine.options.socket, numbers) for engine in engines]
    boards = [SharedBoard(Numbers(place.numbers), place) for _ in clients]
    for board, client in zip(boards, clients, strict=True):
        with board.moving_to(client):
            pass
    for turn in range(6):
        update = Update(f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:s> <urn:p> {turn} }} }}")
        written = boards[turn % 2].change(update, AUTHOR)
        assert {board.number for board in boards} == {written.number}
        assert [counted(client) for client in clients] == [turn + 1, turn + 1]
    for client in clients:
        client.close()


def test_an_engine_that_is_gone_hides_none_of_the_others(
    engines: list[Template], place: Place
) -> None:
    board = SharedBoard(Numbers(place.numbers), place)
    place.announce(Announced("gone", str(place.path / "no"), 0))
    place.announce(Announced("there", engines[0].options.socket, 0))
    assert board.running() == []
    assert not board.cancel("nothing")
    with pytest.raises(EngineUnavailable):
        Abreast(str(place.path / "no"), Numbers(place.numbers)).evaluate(COUNT)
