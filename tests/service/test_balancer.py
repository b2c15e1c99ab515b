"""A publisher and two replicas behind nginx: every answer is of one release, which it names."""

import json
import os
import shutil
import threading
import urllib.request
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote

import pytest

from graph.release import DataDirectory
from tests.service.balancer import NGINX, balancing
from tests.service.conftest import Server
from tests.service.test_following import served
from tests.service.test_running import publish_more, running, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        NGINX is None and os.environ.get("CI") != "true", reason="nginx is not installed"
    ),
]
QUERY = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
FLAGS = ("--workers", "1", "--worker-memory", "128", "--follow-seconds", "0.3")


def ask(address: str, text: str, **parameters: str) -> tuple[int, str, bytes]:
    """Status, the release that answered, and the body."""
    more = "".join(f"&{name}={value}" for name, value in parameters.items())
    request = urllib.request.Request(
        f"{address}sparql?query={quote(text)}{more}", headers={"Accept": "text/csv"}
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers["Therascape-Release"], answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers["Therascape-Release"], error.read()


def test_answers_through_a_balancer_are_of_one_release_each(data: Path, tmp_path: Path) -> None:
    own = shutil.copytree(data, tmp_path / "publisher", symlinks=True)
    with running(own, *FLAGS) as publisher:
        first = DataDirectory(own).current()
        assert first is not None
        known = {first.id: first.manifest["counts"]["triples"]}
        with running(tmp_path / "one", "--follow", publisher.address, *FLAGS) as one:
            ports = [publisher.port, one.port]
            with balancing(tmp_path / "nginx", ports, publisher.address) as address:
                # It follows through the proxy, under another path.
                through = ("--follow", f"{address}publisher/", *FLAGS)
                with running(tmp_path / "two", *through) as two:
                    _move(own, address, (publisher, one, two), known)
                    _pin(address, known, first.id, (publisher, two))


def _move(own: Path, address: str, services: tuple[Server, ...], known: dict[str, int]) -> None:
    """Make another release while clients ask."""
    wrong: list[object] = []
    seen: set[str] = set()
    stop = threading.Event()

    def load(number: int) -> None:
        turn = 0
        while not stop.wait(0.05):
            turn += 1
            status, release, body = ask(address, f"{QUERY} # {number} {turn}")
            seen.add(release)
            if status != 200 or int(body.split()[1]) != known.get(release):
                wrong.append((status, release, body))

    threads = [threading.Thread(target=load, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    try:
        release = _prepared(own, known)
        until(lambda: {served(one) for one in services} == {release}, 25)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert seen == set(known)


def _prepared(own: Path, known: dict[str, int]) -> str:
    """Publish a release with one triple more, which is known before anybody can ask for it."""
    aside = shutil.copytree(own, own.with_name("aside"), symlinks=True)
    known[publish_more(aside, 1).id] = min(known.values()) + 1
    return publish_more(own, 1).id


def _pin(address: str, known: dict[str, int], first: str, services: tuple[Server, ...]) -> None:
    """A client that names a release gets that one, or is told which there are."""
    newest = list(known)[-1]
    for turn in range(4):  # each service has a turn
        answer = ask(address, f"{QUERY} # pinned {turn}", release=newest)
        assert (answer[0], answer[1]) == (200, newest)
    publisher, late = services
    assert ask(publisher.address, QUERY, release=first)[:2] == (200, first)
    status, _, body = ask(late.address, QUERY, release="0" * 64)
    problem = json.loads(body)
    assert (status, problem["type"].rpartition("#")[2]) == (404, "release-not-found")
    assert set(problem["known"]) == set(known)
