"""A service asked for another release than the one it serves: a real one, with real engines."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from urllib.parse import urlencode

import pytest

from graph.pruning import prune
from graph.release import DataDirectory, Release
from tests.service.conftest import Server, gone
from tests.service.dataset import DETAILS, publish, quads

COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
SLOW = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(9)) + " }"
CSV = {"Accept": "text/csv"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Release]:
    """Three releases; the last is the current one."""
    folder = tmp_path_factory.mktemp("older")
    data = DataDirectory(folder)
    some = list(quads())
    return [data.publish(some[:-2], DETAILS), data.publish(some[:-1], DETAILS), publish(folder)]


@pytest.fixture(scope="module")
def server(made: list[Release]) -> Iterator[Server]:
    server = Server(
        made[0].path.parents[1],
        *("--workers", "2", "--worker-memory", "256", "--max-result", "8", "--cache", "8"),
        *("--deadline", "8"),
    )
    yield server
    assert server.stop()[0] == 0


def asked(
    server: Server, path: str, headers: dict[str, str] | None = None, data: bytes | None = None
) -> tuple[int, Message, bytes]:
    request = urllib.request.Request(server.address + path, data, headers or {})
    try:
        with urllib.request.urlopen(request, timeout=60) as found:
            return found.status, found.headers, found.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def number(answer: tuple[int, Message, bytes]) -> int:
    assert answer[0] == 200, answer[2]
    return int(answer[2].split()[1])


def statements(release: Release) -> int:
    return int(release.manifest["counts"]["statements"])


def test_a_page_is_kept_to_a_release(server: Server, made: list[Release]) -> None:
    browser = {"Accept": "text/html"}
    for release in made:
        for path in ("?", "search?q=alpha&", "id/agent/alpha-bio?"):
            address = f"{path}release={release.id[:12]}"
            status, heads, body = asked(server, address, browser)
            assert status == 200, body
            assert heads["Therascape-Release"] == release.id
            assert (b"This page says what release" in body) == (release is not made[2])
            assert f'href="/?release={release.id}"'.encode() in body
    status, _, body = asked(server, "?release=000000", browser)
    assert status == 404
    assert b"000000" in body
    about = asked(server, f"about?release={made[0].id}", browser)
    assert about[1]["Therascape-Release"] == made[2].id
    assert b"This page cannot be kept to a release." in about[2]


def test_a_release_is_named_in_three_ways(server: Server, made: list[Release]) -> None:
    for release in (*made, made[0]):
        query = {"query": COUNT, "release": release.id[:12]}
        ways = (
            asked(server, f"sparql?{urlencode(query)}", CSV),
            asked(server, "sparql", CSV, urlencode(query).encode()),
            asked(
                server,
                f"sparql?{urlencode({'query': COUNT})}",
                {**CSV, "Therascape-Release": release.id},
            ),
        )
        for answer in (*ways, ways[0]):
            assert number(answer) == statements(release)
            assert answer[1]["Therascape-Release"] == release.id
    assert number(asked(server, f"sparql?{urlencode({'query': COUNT})}", CSV)) == statements(
        made[2]
    )


def test_kept_answers_are_of_their_release(server: Server, made: list[Release]) -> None:
    path = f"sparql?{urlencode({'query': COUNT + ' # kept'})}"
    for _ in range(2):
        for release in (made[2], made[1]):
            headers = {**CSV, "Therascape-Release": release.id}
            assert number(asked(server, path, headers)) == statements(release)
        assert number(asked(server, path, CSV)) == statements(made[2])


def test_the_api_answers_from_it_too(server: Server, made: list[Release]) -> None:
    status, headers, _ = asked(server, f"api/v1/search?q=gamma&release={made[0].id[:10]}")
    assert (status, headers["Therascape-Release"]) == (200, made[0].id)


def test_no_write_goes_to_a_release(server: Server, made: list[Release]) -> None:
    for release in (made[0], made[2]):
        body = urlencode({"update": "CLEAR ALL", "release": release.id}).encode()
        status, _, text = asked(server, "sparql", {}, body)
        assert (status, json.loads(text)["type"].rpartition("#")[2]) == (409, "release-fixed")
        headers = {"Content-Type": "application/sparql-update", "Therascape-Release": release.id}
        assert asked(server, "sparql", headers, b"CLEAR ALL")[0] == 409


@pytest.mark.parametrize("name", ["0" * 64, "../../etc", "ab", "%00", "\u00e9" * 8, ""])
def test_an_unknown_release_is_not_found(server: Server, made: list[Release], name: str) -> None:
    query = urlencode({"query": "ASK {}", "release": name})
    status, _, text = asked(server, f"sparql?{query}")
    assert status == 404
    assert set(json.loads(text)["known"]) == {release.id for release in made}


def test_two_names_are_refused(server: Server, made: list[Release]) -> None:
    query = urlencode({"query": "ASK {}", "release": made[0].id})
    assert asked(server, f"sparql?{query}", {"Therascape-Release": made[1].id})[0] == 400


def test_its_queries_have_deadlines_and_can_be_ended(server: Server, made: list[Release]) -> None:
    query = urlencode({"query": SLOW, "release": made[0].id, "timeout": "1"})
    began = time.monotonic()
    assert asked(server, f"sparql?{query}")[0] == 504
    assert time.monotonic() - began < 20
    query = urlencode({"query": SLOW, "release": made[0].id})
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(asked, server, f"sparql?{query}", {"Query-Id": "an-older-one"})
        until = time.monotonic() + 6
        ended = 404
        while ended == 404 and time.monotonic() < until:
            request = urllib.request.Request(
                server.address + "queries/an-older-one", method="DELETE"
            )
            try:
                ended = urllib.request.urlopen(request, timeout=10).status
            except urllib.error.HTTPError as error:
                ended = error.code
                time.sleep(0.1)
        assert ended == 204
        assert answer.result()[0] == 409


def test_what_is_asked_is_not_pruned(server: Server, made: list[Release]) -> None:
    data = DataDirectory(made[0].path.parents[1])
    query = urlencode({"query": COUNT, "release": made[1].id})
    assert number(asked(server, f"sparql?{query}", CSV)) == statements(made[1])
    fates = {fate.id: fate.why for fate in prune(data, newest=0, dry_run=True)}
    assert fates[made[1].id] == "it is in use"
    assert fates[made[0].id] is None
    assert fates[made[2].id] is not None


def test_a_service_without_the_memory_says_so(made: list[Release]) -> None:
    data = made[0].path.parents[1]
    plain = Server(data, "--workers", "2", "--worker-memory", "128", "--max-result", "4")
    line = next(line for line in plain.output.splitlines() if " MiB of " in line)
    needed = int(line.rpartition(" = ")[2].split()[0])
    plain.stop()
    tight = Server(
        *(data, "--workers", "2", "--worker-memory", "128", "--max-result", "4"),
        *("--total-memory", str(needed + 40)),
    )
    try:
        query = urlencode({"query": COUNT, "release": made[0].id})
        status, _, text = asked(tight, f"sparql?{query}")
        assert (status, json.loads(text)["type"].rpartition("#")[2]) == (507, "no-room-for-release")
        assert asked(tight, f"sparql?{urlencode({'query': COUNT})}")[0] == 200
        processes = tight.descendants()
    finally:
        tight.stop()
    assert gone(processes, 5)
