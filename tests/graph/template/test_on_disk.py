"""A template whose workers have a store on the disk."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from graph.journal import Author
from graph.query import EngineFailure, MemoryExceeded, RemoteAccessRefused, StoreUnreadable
from graph.release import DataDirectory, Release
from graph.stores.files import doubt, make_store, stored
from graph.template.client import Template, TemplateFailed
from graph.update import Update
from tests.graph.stores.damaging import flip
from tests.graph.template.conftest import MEMORY_BOMB, Start, asking

EVERYTHING = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } ORDER BY ?g ?s ?p ?o"


def body(template: Template, query: str) -> object:
    return json.loads(template.client.evaluate(asking(query)).body)


def test_it_answers_as_one_in_memory_does(start: Start, small: Release, tmp_path: Path) -> None:
    on_disk, in_memory = start(on_disk=True), start()
    assert body(on_disk, EVERYTHING) == body(in_memory, EVERYTHING)
    there, here = on_disk.client.status(), in_memory.client.status()
    assert (there["store"], here["store"]) == ("disk", "memory")
    assert there["statements"] == here["statements"]
    assert len(os.listdir(f"/proc/{on_disk.process_id}/task")) == 1  # noqa: PTH208
    # It was made for the first; the next one finds it, and is there at once.
    place = stored(DataDirectory(tmp_path / "data"), small)
    assert place is not None
    before = {file: file.stat() for file in place.iterdir()}
    again = start(on_disk=True)
    assert body(again, EVERYTHING) == body(in_memory, EVERYTHING)
    assert {file: file.stat().st_mtime for file in place.iterdir()} == {
        file: said.st_mtime for file, said in before.items()
    }


def test_limits_and_the_wall_hold(
    start: Start, small: Release, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    template = start(on_disk=True, worker_memory=128)
    with pytest.raises(MemoryExceeded):
        body(template, MEMORY_BOMB)
    assert told(capfd, "store-verified")
    assert stored(DataDirectory(tmp_path / "data"), small)
    for query in (
        "SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "LOAD <file:///etc/passwd> INTO GRAPH <http://e.org/g>",
    ):
        with pytest.raises(RemoteAccessRefused):
            body(template, query)
    assert body(template, "ASK {}")


def test_nothing_is_written(start: Start) -> None:
    template = start(on_disk=True)
    change = Update("INSERT DATA { GRAPH <http://e.org/g> { <http://e.org/s> a 1 } }")
    with pytest.raises(EngineFailure, match="no writes"):
        template.client.change(change, Author("me", "1"))
    assert template.client.catch_up() == 0


def test_a_release_that_cannot_be_loaded_is_not_served(start: Start, small: Release) -> None:
    text = small.nquads.read_bytes()
    small.nquads.write_bytes(text.replace(b"Alpha", b"Omega"))
    with pytest.raises(TemplateFailed, match="its hash is not the id"):
        start(on_disk=True)


def damaged(data: Path, release: Release) -> Path:
    """A store whose tables have a bit that is wrong, but for those that are read in any case."""
    place = make_store(DataDirectory(data), release)
    for table in place.glob("*.sst"):
        if table.stat().st_size > 2000:
            flip(table)
    return place


@pytest.mark.parametrize(
    "query",
    [
        'SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(STR(?s) != "x") }',
        "SELECT ?s ?o { GRAPH ?g { ?s a ?o } } ORDER BY ?s ?o",
    ],
)
def test_damage_is_told_as_such_and_mended_by_the_next_start(
    start: Start,
    small: Release,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    query: str,
) -> None:
    place = damaged(tmp_path / "data", small)
    template = start(on_disk=True)
    with pytest.raises(StoreUnreadable) as failed:
        body(template, query)
    assert str(tmp_path) not in str(failed.value)
    assert body(template, "ASK {}")
    said = told(capfd, "store-damaged")
    assert said["store"] == str(place.parent)
    assert ".sst is not what was written" in str(said["message"])
    assert "start the service anew" in str(said["message"])
    assert stored(DataDirectory(tmp_path / "data"), small) is None
    assert body(start(on_disk=True), query) == body(start(), query)


def test_a_store_that_cannot_be_opened_is_told_as_such(
    start: Start, small: Release, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place = make_store(DataDirectory(tmp_path / "data"), small)
    flip(next(place.glob("MANIFEST-*")))
    template = start(on_disk=True)
    with pytest.raises(StoreUnreadable):
        body(template, "ASK {}")
    assert "MANIFEST" in str(told(capfd, "store-damaged")["message"])


def test_a_doubt_is_kept_for_the_next_start(small: Release, tmp_path: Path) -> None:
    data = DataDirectory(tmp_path / "data")
    place = make_store(data, small)
    doubt(place)
    assert stored(data, small) == place
    assert not (place.parent / "doubted").exists()
    flip(next(place.glob("MANIFEST-*")))
    assert stored(data, small) == place
    doubt(place)
    assert stored(data, small) is None
    assert stored(data, small) is None
    assert make_store(data, small) == place
    assert stored(data, small) == place


def test_a_worker_that_died_while_it_was_idle_is_replaced(
    start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    template = start()
    assert body(template, "ASK {}")
    process = template.process_id
    workers = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    for worker in workers:
        os.kill(int(worker), signal.SIGKILL)
    time.sleep(0.2)
    begun = time.monotonic()
    assert body(template, "ASK {}")
    assert time.monotonic() - begun < 4
    assert told(capfd, "worker-died")["cause"] == "killed"


def told(capfd: pytest.CaptureFixture[str], event: str) -> dict[str, object]:
    """The line of the log with this event, which may be under way."""
    text, until = "", time.monotonic() + 5
    while time.monotonic() < until:
        text += capfd.readouterr().err
        for line in text.splitlines():
            if f'"event": "{event}"' in line:
                found: dict[str, object] = json.loads(line)
                return found
        time.sleep(0.02)
    raise AssertionError(text)
