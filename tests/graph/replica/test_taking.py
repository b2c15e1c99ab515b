"""A release is taken over whole and verified, or not at all; transfers go on where they ended."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from graph.network.files import stored_network
from graph.release import JSON, DataDirectory, Release, ReleaseDamaged, ReleaseTooNew
from graph.release.locks import Lock
from graph.release.manifest import decode, encode
from graph.release.release import DATA, MANIFEST
from graph.replica.errors import (
    AlreadyFollowing,
    ContentDiffers,
    NotAReplica,
    OfferRefused,
    PublisherRefused,
    PublisherUnreachable,
    ReleaseWithdrawn,
    ReplicaError,
)
from graph.replica.taking import take_newest
from tests.graph.replica.publisher import Toy, toy_publisher
from tests.service.dataset import DETAILS, FIRST, quads

MOST = 10_000_000


def publish(data: DataDirectory, number: int) -> Release:
    more = Quad(NamedNode(f"urn:more:{number}"), NamedNode("urn:p"), NamedNode("urn:o"), FIRST)
    return data.publish([*quads(), more], DETAILS)


def take(toy: Toy, data: DataDirectory) -> Release:
    taken = take_newest(data, toy.address, MOST)
    return data.make_current(taken.id)


def current(data: DataDirectory) -> Release:
    found = data.current()
    assert found is not None
    return found


def leftovers(data: DataDirectory) -> list[str]:
    return sorted(path.name for path in (data.path / "replica").iterdir() if path.is_dir())


def test_the_same_bytes_are_here(toy: Toy, data: DataDirectory) -> None:
    taken = take(toy, data)
    there = current(toy.data)
    assert current(data) == taken
    for name in (DATA, MANIFEST):
        assert (taken.path / name).read_bytes() == (there.path / name).read_bytes()
    assert stored_network(data, taken) is not None
    assert leftovers(data) == []
    asked = len(toy.asked)
    assert take(toy, data) == taken
    assert len(toy.asked) == asked + 1  # nothing is fetched again


def test_what_is_taken_is_not_current_before_somebody_says_so(
    toy: Toy, data: DataDirectory
) -> None:
    first = take(toy, data)
    newest = publish(toy.data, 1)
    for _ in range(2):
        assert take_newest(data, toy.address, MOST).id == newest.id
        assert current(data) == first
    assert toy.sent == [None, None]  # the data of each once
    assert data.make_current(newest.id) == current(data)
    with pytest.raises(ReleaseDamaged):
        data.make_current("0" * 64)
    assert current(data).id == newest.id


def test_a_transfer_goes_on_where_it_ended(toy: Toy, data: DataDirectory) -> None:
    size = current(toy.data).manifest["bytes"]
    toy.faults.cut = [5000, 700]
    for _ in range(2):
        with pytest.raises(PublisherUnreachable, match="goes on"):
            take(toy, data)
        assert data.current() is None
    assert take(toy, data).id == current(toy.data).id
    assert toy.sent == [None, "bytes=5000-", "bytes=5700-"]
    assert size > 5700


def test_another_file_of_that_name_is_fetched_from_its_begin(toy: Toy, data: DataDirectory) -> None:
    toy.faults.cut = [5000]
    with pytest.raises(PublisherUnreachable):
        take(toy, data)
    toy.faults.etag = '"another"'
    assert take(toy, data).id == current(toy.data).id


def test_a_weak_validator_lets_nothing_go_on(toy: Toy, data: DataDirectory) -> None:
    toy.faults.cut, toy.faults.etag = [5000], 'W/"weak"'
    with pytest.raises(PublisherUnreachable):
        take(toy, data)
    take(toy, data)
    assert toy.sent == [None, None]


def test_what_arrived_wrong_is_fetched_anew(toy: Toy, data: DataDirectory) -> None:
    toy.faults.cut = [5000]
    with pytest.raises(PublisherUnreachable):
        take(toy, data)
    (part,) = (data.path / "replica").rglob("*.part")
    part.write_bytes(b"x" * 5000)  # a power cut
    with pytest.raises(ContentDiffers):
        take(toy, data)
    assert take(toy, data).id == current(toy.data).id
    assert toy.sent[1:] == ["bytes=5000-", None]


def test_it_goes_straight_to_the_newest(toy: Toy, data: DataDirectory) -> None:
    first = take(toy, data)
    toy.faults.cut = [100]
    publish(toy.data, 1)
    with pytest.raises(PublisherUnreachable):
        take(toy, data)
    newest = [publish(toy.data, number) for number in (2, 3)][-1]
    assert take(toy, data).id == newest.id
    assert set(data.ids()) == {first.id, newest.id}
    assert leftovers(data) == []


def test_a_release_that_is_pruned_meanwhile_is_given_up(toy: Toy, data: DataDirectory) -> None:
    first = take(toy, data)
    pruned = publish(toy.data, 1)
    toy.faults.gone = {pruned.id}
    with pytest.raises(ReleaseWithdrawn):
        take(toy, data)
    assert current(data).id == first.id
    newest = publish(toy.data, 2)
    assert take(toy, data).id == newest.id


def test_going_back_to_a_release_that_is_here_fetches_no_data(
    toy: Toy, data: DataDirectory
) -> None:
    first = take(toy, data)
    publish(toy.data, 1)
    take(toy, data)
    toy.data.publish(quads(), DETAILS)
    sent = len(toy.sent)
    assert take(toy, data) == first
    assert len(toy.sent) == sent


def test_a_damaged_release_is_replaced(toy: Toy, data: DataDirectory) -> None:
    taken = take(toy, data)
    text = taken.nquads.read_bytes()
    taken.nquads.write_bytes(text[:-1])
    with pytest.raises(ReleaseDamaged):
        data.current()
    assert take(toy, data).nquads.read_bytes() == text


def test_an_amended_manifest_is_taken_over(toy: Toy, data: DataDirectory) -> None:
    take(toy, data)
    written: dict[str, JSON] = {"written": {"graphs": ["urn:empty"], "journal": 3}}
    toy.data.publish(quads(), DETAILS | written)
    assert take(toy, data).written.journal == 3
    assert leftovers(data) == []


def test_a_replica_is_a_publisher_too(toy: Toy, data: DataDirectory, tmp_path: Path) -> None:
    take(toy, data)
    last = DataDirectory(tmp_path / "last")
    with toy_publisher(data) as middle:
        assert take(middle, last).id == current(toy.data).id


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Location": "http://192.0.2.1/"}, 302), ({}, 304), ({}, 500), ({}, 404), ({}, 206)],
)
def test_other_answers_are_refused(
    toy: Toy, data: DataDirectory, headers: dict[str, str], status: int
) -> None:
    toy.faults.status, toy.faults.headers = status, headers
    with pytest.raises(PublisherRefused):
        take(toy, data)
    assert len(toy.asked) == 1


def test_a_coded_answer_is_refused(toy: Toy, data: DataDirectory) -> None:
    toy.faults.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(PublisherRefused, match="coded"):
        take(toy, data)


def test_wrong_content_is_never_published(toy: Toy, data: DataDirectory) -> None:
    size = current(toy.data).manifest["bytes"]
    for wrong in (b"x" * size, b"x" * (size + 1), b"", b"x" * (size - 1)):
        toy.faults.data = wrong
        with pytest.raises(ReplicaError):
            take(toy, data)
        assert data.current() is None
        assert data.ids() == ()
    toy.faults.data = None
    assert take(toy, data).id == current(toy.data).id


def _with_manifest(toy: Toy, **changes: object) -> None:
    """Have the publisher offer another manifest, in a form that passes for one."""
    release = current(toy.data)
    rest = {k: v for k, v in release.manifest.items() if k != "checksum"} | changes
    checksum = hashlib.sha256(encode(rest)).hexdigest()
    manifest = encode(rest | {"checksum": checksum})
    digest = hashlib.sha256(manifest).hexdigest()
    toy.faults.manifest = manifest

    def offer(document: dict[str, object]) -> object:
        file = {"name": MANIFEST, "bytes": len(manifest), "sha256": digest}
        return document | {"files": [document["files"][0], file]}  # type: ignore[index]

    toy.faults.offer = offer


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"id": "0" * 64}, OfferRefused),
        ({"bytes": 1}, OfferRefused),
        ({"format": 99}, ReleaseTooNew),
        ({"counts": {"statements": 1, "triples": 1, "graphs": {}, "classes": {}}}, ReleaseDamaged),
    ],
)
def test_a_manifest_of_something_else_is_refused(
    toy: Toy, data: DataDirectory, changes: dict[str, object], error: type[Exception]
) -> None:
    _with_manifest(toy, **changes)
    with pytest.raises(error):
        take(toy, data)
    assert data.ids() == ()


def test_a_manifest_that_was_changed_is_refused(toy: Toy, data: DataDirectory) -> None:
    _with_manifest(toy)
    assert toy.faults.manifest is not None
    said = decode(toy.faults.manifest)
    text = json.dumps(said).encode()
    toy.faults.manifest = text
    with pytest.raises(ReplicaError):
        take(toy, data)


def test_releases_of_ones_own_are_left_alone(toy: Toy, data: DataDirectory) -> None:
    own = publish(data, 7)
    with pytest.raises(NotAReplica, match="--data"):
        take(toy, data)
    assert toy.asked == []
    assert current(data) == own


def test_writes_of_ones_own_are_left_alone(toy: Toy, data: DataDirectory) -> None:
    take(toy, data)
    data.journal.mkdir(parents=True)
    with pytest.raises(NotAReplica, match="--data"):
        take(toy, data)


def test_one_fetches_at_a_time(toy: Toy, data: DataDirectory) -> None:
    folder = data.path / "replica"
    folder.mkdir(parents=True)
    with Lock(folder / "fetch.lock").held(0), pytest.raises(AlreadyFollowing):
        take(toy, data)
    assert take(toy, data).id == current(toy.data).id


def test_a_release_beyond_the_limit_is_not_fetched(toy: Toy, data: DataDirectory) -> None:
    with pytest.raises(OfferRefused, match="--follow-max-bytes"):
        take_newest(data, toy.address, 1000)
    assert toy.sent == []


def test_as_a_program_it_ends_with_its_starter(toy: Toy, data: DataDirectory) -> None:
    command = [
        sys.executable,
        "-m",
        "graph.replica",
        "--data",
        str(data.path),
        "--most",
        "10000000",
    ]
    command += ["--publisher", toy.address]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read().decode().strip() == current(toy.data).id
        assert process.wait(20) == 0
    ended = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert ended.returncode == 1
