"""`therascape publish`, and what a service says before and meanwhile."""

import json
import threading
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.release import DataDirectory
from graph.remote import Layout, one_at_a_time
from graph.written import load
from tests.graph.writing import delta, write
from tests.remote.servers import Running
from tests.remote.serving import (
    COUNT,
    asked,
    settings,
    therascape,
)
from tests.service.conftest import Server
from tests.service.dataset import publish as small_release


def test_nothing_published_yet(tmp_path: Path, databases: tuple[Running, Running]) -> None:
    small_release(tmp_path)
    done = therascape(tmp_path, "serve", "--port", "0", **settings(*databases))
    assert done.returncode == 3
    assert "run `therascape publish`" in done.stderr


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"THERASCAPE_ENGINE": "ftp://x.example/"}, "no http or https address"),
        ({"THERASCAPE_ENGINE": "http://a:b@x.example/"}, "must not hold a password"),
        ({"THERASCAPE_ENGINE": "http://x.example/ http://x.example/"}, "the same one"),
        ({"THERASCAPE_ENGINE": "http://x/ http://y/ http://z/"}, "two databases at most"),
        (
            {"THERASCAPE_ENGINE": "http://x/ http://y/", "THERASCAPE_ENGINE_STORE": "http://x/"},
            "name as many",
        ),
        ({"THERASCAPE_ENGINE_GRAPHS": "no iri"}, "the beginning of an IRI is expected"),
        ({}, "name the database"),
        ({"THERASCAPE_ENGINE": "http://127.0.0.1:1/"}, "cannot be reached"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    small_release(tmp_path)
    done = therascape(tmp_path, "publish", **variables)
    assert done.returncode in (2, 3)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert ":b@" not in done.stderr


def test_one_database_means_maintenance(
    tmp_path: Path, databases: tuple[Running, Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    release = small_release(tmp_path)
    variables = settings(databases[0])
    assert therascape(tmp_path, "publish", **variables).returncode == 0
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    server = Server(tmp_path)
    try:
        assert asked(server, COUNT)[0] == 200
        database = databases[0].database()
        database.drop_graph(Layout().state)  # as the first step of a publication does
        database.close()
        status, _, problem = asked(server, COUNT + " # not kept")
        assert (status, problem["type"].rpartition("#")[2]) == (503, "maintenance")  # type: ignore[index]
        late = therascape(tmp_path, "serve", "--port", "0", **variables)
        assert late.returncode == 3
        assert "holds no whole release: it is being loaded now" in late.stderr
        done = therascape(tmp_path, "publish", **variables)
        assert done.returncode == 0
        assert "until it is loaded, services answer 503" in done.stderr
        waited, found = threading.Event(), ""
        for _ in range(100):
            status, found, _ = asked(server, COUNT + " # not kept")
            if status == 200:
                break
            waited.wait(0.1)
        assert (status, found) == (200, release.id)
        (tmp_path / "remote.json").write_text("[")
        time.sleep(2.5)  # it is looked at each second
        assert asked(server, COUNT)[0] == 200
    finally:
        _, said = server.stop()
    assert sum("remote.json" in line for line in said.splitlines()) == 1


def test_a_data_directory_that_was_restored(
    tmp_path: Path, databases: tuple[Running, Running]
) -> None:
    release = small_release(tmp_path)
    variables = settings(databases[0])
    assert therascape(tmp_path, "publish", **variables).returncode == 0
    former = (tmp_path / "remote.json").read_bytes()
    assert therascape(tmp_path, "publish", **variables).returncode == 0
    (tmp_path / "remote.json").write_bytes(former)
    done = therascape(tmp_path, "serve", "--port", "0", **variables)
    assert done.returncode == 3
    assert f"was loaded with release {release.id}" in done.stderr
    assert "run `therascape publish`" in done.stderr


@pytest.mark.parametrize("damaged", ['{"query": ', "[" * 100_000, '{"query": 1}', "null", None])
def test_a_pointer_that_is_damaged_is_written_again(
    tmp_path: Path, databases: tuple[Running, Running], damaged: str | None
) -> None:
    small_release(tmp_path)
    if damaged is None:
        (tmp_path / "remote.json").mkdir()
    else:
        (tmp_path / "remote.json").write_text(damaged)
    variables = settings(*databases)
    if damaged == '{"query": ':
        late = therascape(tmp_path, "serve", "--port", "0", **variables)
        assert late.returncode == 3
        assert "run `therascape publish` to write it again" in late.stderr
    done = therascape(tmp_path, "publish", **variables)
    assert "Which database answers now is not known" in done.stderr
    assert "Traceback" not in done.stderr
    if damaged is None:
        assert done.returncode == 3
        assert "move it away" in done.stderr
    else:
        assert done.returncode == 0
        assert json.loads((tmp_path / "remote.json").read_text())["query"]


def test_what_stands_in_a_query_of_an_address_is_in_no_message(
    tmp_path: Path, databases: tuple[Running, Running]
) -> None:
    """Some databases take a key there."""
    small_release(tmp_path)
    variables = settings(databases[0])
    variables["THERASCAPE_ENGINE"] += "?key=geheim"
    before = therascape(tmp_path, "serve", "--port", "0", **variables)
    published = therascape(tmp_path, "publish", **variables)
    other = settings(databases[1])
    moved = therascape(tmp_path, "serve", "--port", "0", **other)
    database = databases[0].database()
    database.drop_graph(Layout().state)
    empty = therascape(tmp_path, "serve", "--port", "0", **variables)
    database.close()
    codes = [done.returncode for done in (before, published, moved, empty)]
    assert codes == [3, 0, 3, 3]
    for done in (before, published, moved, empty):
        said = done.stdout + done.stderr
        assert "/query" in said
        assert "geheim" not in said


def test_writes_that_are_in_no_release_are_told(
    tmp_path: Path, databases: tuple[Running, Running]
) -> None:
    release = small_release(tmp_path)
    data = DataDirectory(tmp_path)
    served = load(data, release, strict=True)
    quad = Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal("kept"), NamedNode("urn:mine"))
    write(data, served, delta(served.store, [quad]))
    variables = settings(*databases)
    done = therascape(tmp_path, "publish", **variables)
    assert done.returncode == 0
    assert "1 of the writes to services are in no release yet" in done.stderr
    assert therascape(tmp_path, "checkpoint").returncode == 0
    done = therascape(tmp_path, "publish", **variables)
    assert (done.returncode, "no release yet" in done.stderr) == (0, False)


def test_one_publication_at_a_time(tmp_path: Path, databases: tuple[Running, Running]) -> None:
    """The second one would load the database that the first has just made the one that answers."""
    small_release(tmp_path)
    with one_at_a_time(tmp_path):
        done = therascape(tmp_path, "publish", **settings(*databases))
    assert done.returncode == 3
    assert "is publishing" in done.stderr
    assert not (tmp_path / "remote.json").exists()
