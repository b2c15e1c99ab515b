"""A template whose workers have a store on the disk."""

import json
import os
from pathlib import Path

import pytest

from graph.journal import Author
from graph.query import EngineFailure, MemoryExceeded, RemoteAccessRefused
from graph.release import DataDirectory, Release
from graph.stores.files import stored
from graph.template.client import Template, TemplateFailed
from graph.update import Update
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


def test_limits_and_the_wall_hold(start: Start) -> None:
    template = start(on_disk=True, worker_memory=128)
    with pytest.raises(MemoryExceeded):
        body(template, MEMORY_BOMB)
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
