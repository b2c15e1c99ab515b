"""Files of the release over HTTP, from a running service and from the plain application."""

import base64
import gzip
import hashlib
import http.client
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from graph.export.making import ExportUnderWay
from graph.release import Release
from service.exports import views
from tests.service.conftest import Server
from tests.service.dataset import publish


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(scope="module")
def served_release(folder: Path) -> Release:
    return publish(folder)


@pytest.fixture(scope="module")
def server(folder: Path, served_release: Release) -> Iterator[Server]:
    running = Server(folder, "--workers", "2")
    assert served_release.id
    yield running
    code, errors = running.stop()
    assert code == 0, errors
    assert "Traceback" not in errors


Answer = tuple[int, Mapping[str, str], bytes]


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return response.status, found, response.read()
    finally:
        connection.close()


def test_the_list_names_files_that_are_there(server: Server, served_release: Release) -> None:
    status, _, body = ask(server, "/exports/", Accept="application/json")
    listed = json.loads(body)
    assert (status, listed["release"]) == (200, served_release.id)
    whole = [row for row in listed["exports"] if row["graph"] is None]
    assert {"release.nq", "release.ttl"} <= {row["name"] for row in whole}
    first = [row for row in listed["exports"] if row["graph"] == "first-report"]
    for row in (whole[0], whole[1], first[0]):
        status, headers, body = ask(server, row["address"])
        assert status == 200
        assert headers["content-type"].split(";")[0] == row["media_type"]
        assert int(headers["content-length"]) == len(body) > 0
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        assert headers["repr-digest"] == f"sha-256=:{digest}:"
        assert headers["digest"] == f"SHA-256={digest}"
        assert headers["therascape-release"] == served_release.id
        assert "immutable" in headers["cache-control"]
        packed = ask(server, row["compressed"])
        assert packed[1]["content-type"] == "application/gzip"
        assert gzip.decompress(packed[2]) == body
    listed = json.loads(ask(server, "/exports/")[2])
    again = next(row for row in listed["exports"] if row["name"] == "release.nq")
    assert (again["sha256"], again["bytes"]) == (
        served_release.id,
        served_release.manifest["bytes"],
    )


def test_people_get_a_page(server: Server, served_release: Release) -> None:
    status, headers, body = ask(server, "/exports/", Accept="text/html")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f"/exports/{served_release.id}/release.nq.gz".encode() in body


def test_the_bytes_are_those_of_the_release(server: Server, served_release: Release) -> None:
    for name in (served_release.id, "current"):
        status, headers, body = ask(server, f"/exports/{name}/release.nq", Accept_Encoding="gzip")
        assert (status, body) == (200, served_release.nquads.read_bytes())
        assert "content-encoding" not in headers


def test_the_current_one_may_become_another(server: Server, served_release: Release) -> None:
    _, headers, _ = ask(server, "/exports/current/release.trig")
    assert headers["cache-control"] == "no-cache"
    assert headers["content-location"] == f"/exports/{served_release.id}/release.trig"


def test_a_head_has_the_same_length_and_no_body(server: Server) -> None:
    _, headers, body = ask(server, "/exports/current/release.ttl")
    status, head, nothing = ask(server, "/exports/current/release.ttl", "HEAD")
    assert (status, nothing) == (200, b"")
    for name in ("content-length", "etag", "repr-digest", "content-type", "accept-ranges"):
        assert head[name] == headers[name]
    assert int(head["content-length"]) == len(body)


def test_who_has_it_gets_nothing(server: Server) -> None:
    path = "/exports/current/release.ttl"
    tag = ask(server, path)[1]["etag"]
    for known in (tag, f'"x", W/{tag}', "*"):
        status, headers, body = ask(server, path, If_None_Match=known)
        assert (status, body, headers["etag"]) == (304, b"", tag)
    assert ask(server, path, If_None_Match='"x"')[0] == 200


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-9", 0, 10), ("bytes=5-5", 5, 6), ("bytes=-7", -7, None), ("bytes=20-", 20, None)],
)
def test_a_part_is_sent(server: Server, asked: str, start: int, stop: int | None) -> None:
    path = "/exports/current/release.nq"
    _, whole, body = ask(server, path)
    status, headers, part = ask(server, path, Range=asked)
    assert (status, part) == (206, body[start:stop])
    assert headers["repr-digest"] == whole["repr-digest"]
    first = start if start >= 0 else len(body) + start
    assert headers["content-range"] == f"bytes {first}-{first + len(part) - 1}/{len(body)}"
    assert ask(server, path, Range=asked, If_Range=whole["etag"])[0] == 206
    assert ask(server, path, Range=asked, If_Range='"former"')[2] == body


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "lines=0-1", "bytes=9-1", "bytes", "\xff"])
def test_other_ranges_get_the_whole(server: Server, asked: str) -> None:
    status, _, body = ask(server, "/exports/current/release.nq", Range=asked)
    assert (status, len(body)) == (
        200,
        int(ask(server, "/exports/current/release.nq", "HEAD")[1]["content-length"]),
    )


def test_a_range_beyond_the_end_is_a_problem(server: Server) -> None:
    status, headers, body = ask(server, "/exports/current/release.nq", Range="bytes=99999999-")
    assert (status, headers["content-type"]) == (416, "application/problem+json")
    size = ask(server, "/exports/current/release.nq", "HEAD")[1]["content-length"]
    assert headers["content-range"] == f"bytes */{size}"
    assert json.loads(body)["status"] == 416


@pytest.mark.parametrize(
    "path",
    [
        "/exports/current/release.xyz",
        "/exports/current/graphs/nothing.nq",
        "/exports/current/../current/release.nq",
        "/exports/current/%2e%2e%2fdata.nq",
        "/exports/current/.release.nq.json",
        "/exports/%2e%2e/release.nq",
        f"/exports/{'0' * 64}/release.nq",
        "/exports/x/release.nq",
        "/exports/current/release.nq/",
        "/exports/current/release.nq%00",
    ],
)
def test_other_addresses_have_nothing(server: Server, path: str) -> None:
    status, headers, _ = ask(server, path)
    assert (status, headers["content-type"]) == (404, "application/problem+json")


def test_a_release_that_is_not_the_current_one_keeps_its_files(
    client: FlaskClient, release: Release
) -> None:
    found = client.get(f"/exports/{release.id}/release.nq")
    assert found.data == release.nquads.read_bytes()
    assert found.headers["Therascape-Release"] == release.id
    known = client.get(
        f"/exports/{release.id}/release.nq", headers={"If-None-Match": found.headers["ETag"]}
    )
    assert (known.status_code, known.data) == (304, b"")


def test_a_file_that_is_not_ready_is_a_problem_for_now(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def later(*_: object) -> None:
        raise ExportUnderWay("release.nq")

    monkeypatch.setattr(views._MAKER, "make", later)
    found = client.get("/exports/current/release.nq")
    assert found.status_code == 503
    assert found.headers["Retry-After"] == "5"
    assert json.loads(found.data)["type"].endswith("#export-under-way")


def test_a_full_disk_is_a_problem(served_release: Release, server: Server, folder: Path) -> None:
    assert served_release.id
    ask(server, "/exports/current/release.nt")
    (exports,) = (folder / "exports").iterdir()
    blocked = exports / "graphs"
    former = list(blocked.iterdir()) if blocked.is_dir() else []
    for path in former:
        path.unlink()
    if blocked.is_dir():
        blocked.rmdir()
    blocked.write_text("in the way")
    try:
        status, headers, body = ask(server, "/exports/current/graphs/first-report.nq")
    finally:
        blocked.unlink()
    assert (status, headers["content-type"]) == (507, "application/problem+json")
    assert "graphs" in json.loads(body)["detail"]
    assert ask(server, "/exports/current/graphs/first-report.nq")[0] == 200


def test_no_file_stays_open(server: Server) -> None:
    for _ in range(20):
        ask(server, "/exports/current/release.nq")
        ask(server, "/exports/current/release.nq", "HEAD")
        ask(server, "/exports/current/release.nq", If_None_Match="*")
    processes = {server.process.pid, *server.descendants()}
    open_ = [
        link.readlink()
        for process in processes
        for link in Path(f"/proc/{process}/fd").iterdir()
        if link.is_symlink()
    ]
    assert not [path for path in open_ if "/exports/" in str(path)]
