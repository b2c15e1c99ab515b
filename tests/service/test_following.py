"""A replica follows a publisher: real services, one after the other killed."""

import contextlib
import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad

from graph.query import EmbeddedEngine
from graph.release import JSON, DataDirectory, Release
from graph.replica.status import Status, read_status
from graph.template.budget import DoesNotFit
from service.ahead import Ahead
from service.app import create_app
from service.engines import Wanted
from service.following import Follower, came_over
from service.mover import Tenant
from service.settings import InvalidSetting, Settings, load_settings
from tests.graph.replica.publisher import Document, Toy, toy_publisher
from tests.service.conftest import Server, Therascape, command_environment
from tests.service.dataset import DETAILS, FIRST, publish, quads
from tests.service.test_running import LINUX, TOKEN, count, get, publish_more, running, until

FAST = ("--follow-seconds", "0.2", "--workers", "1")


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[Toy]:
    publish(tmp_path / "publisher")
    with toy_publisher(DataDirectory(tmp_path / "publisher")) as toy:
        yield toy


def health(server: Server) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(get(server, "health")[2])
    return document


def served(server: Server) -> str:
    return str(health(server)["release"])


def test_a_replica_starts_and_follows_whatever_the_publisher_does(toy: Toy, tmp_path: Path) -> None:
    toy.faults.cut = [3000]
    with running(tmp_path / "replica", "--follow", toy.address, *FAST) as replica:
        before = count(replica)
        assert toy.sent == [None, "bytes=3000-"]
        newest = publish_more(toy.data.path, 1).id
        statuses = set()
        while served(replica) != newest:
            statuses.add(get(replica, f"sparql?query=ASK%7B%7D%23{time.time()}")[0])
        assert statuses == {200}
        assert count(replica) == before + 1
        follows = health(replica)["follows"]
        assert (follows["newest"], follows["behind"], follows["error"]) == (newest, False, None)
        assert "therascape_replica_behind 0.0" in get(replica, "metrics")[2].decode()
        toy.faults.status = 503
        until(lambda: health(replica)["follows"]["failures"] > 1)
        assert count(replica) == before + 1
        code, errors = replica.stop()
    assert code == 0
    assert "goes on there; trying again" in errors
    assert errors.count("was not taken over") == 2  # once for each reason


@LINUX
def test_several_processes_follow_as_one(toy: Toy, tmp_path: Path) -> None:
    several = ("--processes", "2", "--worker-memory", "128")
    with running(tmp_path / "replica", "--follow", toy.address, *FAST, *several) as replica:
        before = count(replica)
        newest = publish_more(toy.data.path, 1).id
        # Each connection is one process's, whichever it is.
        until(lambda: all(served(replica) == newest for _ in range(20)))
        assert {count(replica) for _ in range(20)} == {before + 1}
        told = [health(replica)["follows"] for _ in range(20)]
        assert {(one["newest"], one["behind"], one["error"]) for one in told} == {
            (newest, False, None)
        }
        assert "therascape_replica_behind 0.0" in get(replica, "metrics")[2].decode()
        toy.faults.status = 503
        until(lambda: all(health(replica)["follows"]["failures"] > 1 for _ in range(20)))
        code, errors = replica.stop()
    assert code == 0
    assert errors.count("was not taken over") == 1  # one of them follows


def test_how_far_it_is_behind_is_told(toy: Toy, tmp_path: Path) -> None:
    data = DataDirectory(tmp_path / "replica")
    settings = Settings(follow=toy.address)
    follower = Follower(settings, data)
    assert 8 < follower.once() < 12
    former = data.current()
    assert former is not None
    newest = publish_more(toy.data.path, 1)
    toy.faults.gone = {newest.id}
    pauses = [follower.once() for _ in range(3)]
    assert 0.5 <= pauses[0] <= 1
    assert pauses[2] > pauses[0]
    told = follower.status.told(former.id, time.time() + 5)
    assert (told["behind"], told["newest"], told["failures"]) == (True, newest.id, 3)
    assert told["behind_seconds"] >= 5
    assert "no more" in told["error"]
    assert data.current() == former
    assert Follower(settings, data).status == follower.status  # also after a restart
    toy.faults.gone = set()
    follower.once()
    assert follower.status.told(newest.id, time.time())["behind"] is False
    assert (follower.status.error, follower.status.failures) == (None, 0)


def test_replicas_that_follow_each_other_are_told_so(tmp_path: Path) -> None:
    """They would hand two releases to and fro, or one for ever, and each would look well."""
    replicas = [DataDirectory(tmp_path / name) for name in ("one", "other")]
    with toy_publisher(DataDirectory(tmp_path / "publisher")) as toy:
        for number, data in enumerate(replicas):
            publish_more(toy.data.path, number)
            Follower(Settings(follow=toy.address), data).once()
    ids = {data.current_id() for data in replicas}
    assert len(ids) == 2
    with contextlib.ExitStack() as stack:
        toys = [stack.enter_context(toy_publisher(data)) for data in replicas]
        settings = [Settings(follow=toy.address) for toy in reversed(toys)]
        followers = [Follower(one, data) for one, data in zip(settings, replicas, strict=True)]
        for toy, one in zip(toys, settings, strict=True):
            toy.faults.offer = partial(told_over, one, toy.data)
        for _ in range(3):
            for follower in followers:
                follower.once()
        (error,) = {follower.status.error for follower in followers} - {None}
        assert "follows this service itself" in str(error)
        assert len({data.current_id() for data in replicas}) == 1
        itself = Follower(Settings(follow=toys[0].address), replicas[0])
        toys[0].faults.offer = partial(told_over, settings[0], replicas[0])
        itself.once()
        itself.once()
        assert "follows this service itself" in str(itself.status.error)


def told_over(settings: Settings, data: DataDirectory, document: Document) -> Document:
    """What a service says of its release, where that came over replicas."""
    return document | {"over": came_over(settings, data)}


def publish_written(data: Path) -> Release:
    """A release that has a graph that was written, which no store on the disk can have."""
    written: dict[str, JSON] = {"written": {"graphs": [FIRST.value], "journal": 3}}
    more = Quad(NamedNode("urn:more"), NamedNode("urn:p"), NamedNode("urn:o"), FIRST)
    return DataDirectory(data).publish([*quads(), more], {**DETAILS, **written})


@LINUX
@pytest.mark.parametrize("processes", ["1", pytest.param("2", marks=pytest.mark.exhaustive)])
def test_what_cannot_be_served_is_not_made_current(
    toy: Toy, tmp_path: Path, processes: str
) -> None:
    folder = tmp_path / "replica"
    arguments = ("--follow", toy.address, *FAST, "--store", "disk", "--processes", processes)
    with running(folder, *arguments, "--worker-memory", "128") as replica:
        former = served(replica)
        newest = publish_written(toy.data.path).id
        until(lambda: health(replica)["follows"]["failures"] > 1)
        follows = health(replica)["follows"]
        assert (follows["behind"], follows["newest"]) == (True, newest)
        assert follows["behind_seconds"] > 0
        assert follows["behind_since"] is not None
        assert "--store memory" in follows["error"]
        assert "therascape_replica_behind_seconds 0.0" not in get(replica, "metrics")[2].decode()
        assert DataDirectory(folder).current_id() == served(replica) == former
        code, errors = replica.stop()
    assert code == 0
    assert errors.count("was not taken over") == 1
    sent = len(toy.sent)
    with running(folder, *arguments, "--worker-memory", "128") as replica:
        assert served(replica) == former
        until(lambda: health(replica)["follows"]["failures"] > follows["failures"])
        assert len(toy.sent) == sent == 1  # it is not fetched for nothing
        last = publish_more(toy.data.path, 2).id
        until(lambda: served(replica) == last)
        until(lambda: health(replica)["follows"]["failures"] == 0)
        until(lambda: health(replica)["follows"]["behind_since"] is None)
        assert replica.stop()[0] == 0


def test_what_does_not_fit_is_not_made_current(toy: Toy, tmp_path: Path) -> None:
    data = DataDirectory(tmp_path / "replica")
    Follower(Settings(follow=toy.address), data).once()
    former = data.current_id()
    assert former is not None
    started: list[str] = []

    def start(wanted: Wanted) -> Tenant:
        started.append(wanted.release)
        raise DoesNotFit("more than there is; raise --total-memory")

    ahead = Ahead(start, lambda: former)
    follower = Follower(Settings(follow=toy.address), data, ahead)
    newest = publish_more(toy.data.path, 1).id
    for _ in range(3):
        follower.once()
    assert data.current_id() == former
    assert started == [newest]  # it is not loaded again and again
    assert (follower.status.failures, follower.status.behind_since is None) == (3, False)
    assert "--total-memory" in str(follower.status.error)
    last = publish_more(toy.data.path, 2).id
    follower.once()
    assert started == [newest, last]
    ahead.stop()


def test_a_first_release_that_cannot_be_served_is_told_and_another_one_awaited(
    toy: Toy, tmp_path: Path
) -> None:
    publish_written(toy.data.path)
    data = DataDirectory(tmp_path / "replica")
    follower = Follower(Settings(follow=toy.address, store="disk"), data)
    follower.once()
    assert "--store memory" in str(follower.status.error)
    assert data.current() is None
    newest = publish_more(toy.data.path, 1)
    follower.once()
    assert data.current_id() == newest.id
    # The same statements, and graphs that were written: only the manifest is another one.
    written: dict[str, JSON] = {"written": {"graphs": ["urn:empty"], "journal": 4}}
    toy.data.publish(newest.quads(), {**DETAILS, **written})
    follower.once()
    assert "--store memory" in str(follower.status.error)
    assert data.release(newest.id).written.graphs == newest.written.graphs


def test_a_first_release_that_does_not_fit_is_told_and_not_made_current(
    toy: Toy, tmp_path: Path
) -> None:
    """It would be what every later start begins with, whatever the publisher has by then."""
    data = DataDirectory(tmp_path / "replica")
    command = [sys.executable, "-m", "service", "serve", "--follow", toy.address, *FAST]
    with subprocess.Popen(
        [*command, "--port", "0", "--total-memory", "300"],
        env=command_environment(data.path),
        stderr=subprocess.PIPE,
    ) as process:
        try:
            until(lambda: (read_status(data) or Status("")).failures > 1)
            assert data.current_id() is None
        finally:
            process.terminate()
            errors = process.communicate(timeout=20)[1].decode()
    (reason,) = map(json.loads, errors.splitlines())
    assert reason["event"] == "not-followed"
    assert "--total-memory" in reason["message"]
    with running(data.path, "--follow", toy.address, *FAST) as replica:
        assert served(replica) == toy.data.current_id()
        assert toy.sent == [None]  # it was here, and is not fetched again
        assert replica.stop()[0] == 0


def test_a_first_start_says_each_reason_once_as_json(tmp_path: Path) -> None:
    """Standard error is no terminal here, and what is asked is no service."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.05)
        port = other.getsockname()[1]
        met: list[int] = []

        def answer() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, _ = other.accept()
                    with connection:
                        connection.recv(4096)
                        connection.sendall(b"SSH-2.0-OpenSSH\r\n")
                    met.append(1)

        thread = threading.Thread(target=answer)
        thread.start()
        command = [sys.executable, "-m", "service", "serve", "--port", "0"]
        command += ["--follow", f"http://127.0.0.1:{port}/"]
        environment = command_environment(tmp_path / "replica")
        environment["THERASCAPE_WRITE_TOKEN"] = TOKEN
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:
            try:
                until(lambda: len(met) == 3)
            finally:
                process.terminate()
                errors = process.communicate(timeout=20)[1].decode()
                stop.set()
                thread.join()
    token, reason = map(json.loads, errors.splitlines())
    assert "THERASCAPE_WRITE_TOKEN" in token["message"]
    assert (reason["event"], reason["level"]) == ("not-followed", "warning")
    assert "SSH-2.0-OpenSSH" in reason["message"]
    assert TOKEN not in errors


def test_writes_are_refused_and_the_publisher_named(data: Path) -> None:
    release = DataDirectory(data).current()
    assert release is not None
    settings = load_settings(
        {"follow": "http://publisher.example"}, {"THERASCAPE_WRITE_TOKEN": TOKEN}
    )
    client = create_app(EmbeddedEngine.over(release), release, settings=settings).test_client()
    answers = [
        client.post(
            "/sparql",
            data="CLEAR ALL",
            content_type="application/sparql-update",
            headers={"Authorization": f"Bearer {TOKEN}"},
        ),
        client.put("/store/x", data="", content_type="text/turtle"),
        client.post("/report-a-problem", headers={"Sec-Fetch-Site": "same-origin"}),
    ]
    for answer in answers:
        assert answer.status_code == 403
        assert "http://publisher.example/" in answer.get_json()["detail"]
    assert client.get("/health").get_json()["follows"]["newest"] is None


def test_data_of_ones_own_are_refused(therascape: Therascape, data: Path) -> None:
    done = therascape("serve", "--follow", "http://127.0.0.1:9/", "--port", "0")
    assert done.returncode == 3
    assert re.search(r"of its own.*--data", done.stderr)
    assert not (data / "replica").exists()


@pytest.mark.parametrize("address", ["publisher.example", "http://a:b@c/", "file:///etc"])
def test_an_address_that_cannot_be_followed(address: str) -> None:
    with pytest.raises(InvalidSetting, match="--follow"):
        load_settings({"follow": address}, {})
