"""Releases over HTTP and on the command line: listed, described, cited, compared."""

import csv
import hashlib
import io
import json

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient

from graph.diff import apply_patch, read_patch
from graph.diff.patch import read_lines
from graph.query import EmbeddedEngine
from graph.release import DataDirectory, Release
from graph.replica.offer import read_offer
from service.app import create_app
from tests.service.conftest import Therascape
from tests.service.dataset import DETAILS, HOSTILE, publish, quads

HOSTILE_IDS = (
    "..%2F..%2Fetc",
    "%2e%2e",
    "abcde",
    "g" * 64,
    "é" * 10,
    "\uff10" * 12,  # digits of another script
    "%00",
    "A" * 64,
    "0" * 65,
    "deadbeef\n",
)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, Release]:
    """A former release, and the current one, which says one thing less."""
    folder = tmp_path_factory.mktemp("pair")
    return publish(folder), DataDirectory(folder).publish(list(quads())[1:], DETAILS)


@pytest.fixture(scope="module")
def both(pair: tuple[Release, Release]) -> Flask:
    return create_app(EmbeddedEngine.over(pair[1]), pair[1])


@pytest.fixture
def asking(both: Flask) -> FlaskClient:
    return both.test_client()


def test_a_replica_is_told_what_is_served(
    asking: FlaskClient, pair: tuple[Release, Release]
) -> None:
    answer = asking.get("/releases/current.json")
    offer = read_offer(answer.data, "http://localhost/", 10**6)
    assert offer.id == pair[1].id
    for file in (offer.data, offer.manifest):
        body = asking.get(f"/{offer.paths[file.name]}").data
        assert (len(body), hashlib.sha256(body).hexdigest()) == (file.size, file.sha256)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert asking.get("/health").get_json()["follows"] is None


def test_the_list_has_every_release(asking: FlaskClient, pair: tuple[Release, Release]) -> None:
    found = asking.get("/releases").get_json()["releases"]
    assert {one["id"] for one in found} == {one.id for one in pair}
    assert [one["id"] for one in found if one["current"]] == [pair[1].id]
    page = asking.get("/releases", headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    assert pair[0].id in page.text
    again = asking.get(
        "/releases", headers={"If-None-Match": asking.get("/releases").headers["ETag"]}
    )
    assert again.status_code == 304


def test_a_release_is_described_with_digests(
    asking: FlaskClient, pair: tuple[Release, Release]
) -> None:
    for release in pair:
        found = asking.get(f"/releases/{release.id}").get_json()
        assert found["manifest"] == dict(release.manifest)
        for file in found["files"]:
            data = (release.path / file["name"]).read_bytes()
            assert file["bytes"] == len(data)
            assert file["sha256"] == hashlib.sha256(data).hexdigest()
        manifest = asking.get(f"/releases/{release.id}/manifest.json")
        assert manifest.data == (release.path / "manifest.json").read_bytes()
        page = asking.get(f"/releases/{release.id}", headers={"Accept": "text/html"}).text
        assert "First Report on Cell Therapy &lt;2025&gt;" in page


def test_what_an_id_begins_with_leads_to_it(
    asking: FlaskClient, pair: tuple[Release, Release]
) -> None:
    before, after = pair
    for path in ("", "/manifest.json", "/CITATION.cff", "/citation.bib"):
        found = asking.get(f"/releases/{before.id[:8]}{path}")
        assert found.status_code == 302
        assert found.headers["Location"] == f"/releases/{before.id}{path}"
    found = asking.get(f"/releases/{before.id[:8]}/diff/{after.id[:9]}?format=csv")
    assert found.headers["Location"] == f"/releases/{before.id}/diff/{after.id}?format=csv"


@pytest.mark.parametrize("id_", HOSTILE_IDS)
def test_what_is_no_release_is_not_found(asking: FlaskClient, id_: str) -> None:
    for path in ("", "/CITATION.cff", "/manifest.json", "/diff/current"):
        found = asking.get(f"/releases/{id_}{path}")
        assert found.status_code == 404
        assert found.content_type == "application/problem+json"
    problem = asking.get(f"/releases/{'0' * 64}").get_json()
    assert problem["type"].endswith("#release-not-found")
    assert len(problem["known"]) == 2


def test_the_citation_has_what_its_format_requires(
    asking: FlaskClient, pair: tuple[Release, Release]
) -> None:
    found = asking.get(f"/releases/{pair[0].id}/CITATION.cff")
    document = yaml.safe_load(found.text)
    assert document["version"] == pair[0].id
    assert document["url"] == f"http://localhost/releases/{pair[0].id}"
    titles = [one["title"] for one in document["references"]]
    assert titles == ["First Report on Cell Therapy <2025>", "Second Report"]
    bib = asking.get(f"/releases/{pair[0].id}/citation.bib").text
    assert f"version = {{{pair[0].id}}}" in bib


def test_differences_come_in_every_format(
    asking: FlaskClient, pair: tuple[Release, Release]
) -> None:
    before, after = pair
    address = f"/releases/{before.id}/diff/{after.id}"
    document = asking.get(address).get_json()
    assert (document["before"], document["after"]) == (before.id, after.id)
    assert document["removed"] == 1
    assert document["added"] == 0
    (change,) = document["changes"]
    assert change["cause"] == "transcription-corrected"
    patch = read_patch(asking.get(address, query_string={"format": "triples"}).text)
    lines = apply_patch(read_lines(before.nquads), patch)
    assert lines == list(read_lines(after.nquads))
    table = list(csv.reader(io.StringIO(asking.get(address + "?format=csv").text)))
    assert len(table) == 2
    assert table[1][6] == "transcription-corrected"
    assert asking.get(address + "?format=sentences").mimetype == "text/plain"
    page = asking.get(address, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "1 statements went" in page.text
    assert HOSTILE not in page.text


@pytest.mark.parametrize("query", ["format=exe", "format=csv&format=json", "x=1", "_external=1"])
def test_other_parameters_are_refused(
    asking: FlaskClient, pair: tuple[Release, Release], query: str
) -> None:
    address = f"/releases/{pair[0].id}/diff/{pair[1].id}?{query}"
    assert asking.get(address).status_code == 400


def test_a_format_that_there_is_not_is_not_acceptable(
    asking: FlaskClient, pair: tuple[Release, Release]
) -> None:
    address = f"/releases/{pair[0].id}/diff/{pair[1].id}"
    assert asking.get(address, headers={"Accept": "image/png"}).status_code == 406


def test_too_many_differences_are_left_to_the_command_line(
    asking: FlaskClient, pair: tuple[Release, Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.releases_pages._MOST_DIFFERENCES", 0)
    found = asking.get(f"/releases/{pair[1].id}/diff/{pair[0].id}")
    assert found.status_code == 507
    assert "therascape diff" in found.get_json()["detail"]


def test_the_commands(in_this_process: Therascape, pair: tuple[Release, Release]) -> None:
    before, after = pair
    data = str(before.path.parents[1])

    def run(*arguments: str) -> str:
        done = in_this_process(*arguments, "--data", data)
        assert done.returncode == 0, done.stderr
        return done.stdout

    listed = json.loads(run("releases", "--format", "json"))["releases"]
    assert {one["id"] for one in listed} == {before.id, after.id}
    assert yaml.safe_load(run("cite", before.id[:7]))["version"] == before.id
    assert "@misc{" in run("cite", "--format", "bibtex")
    count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    for release in pair:
        answer = run("query", "--format", "csv", "--release", release.id[:9], count)
        assert int(answer.split()[1]) == release.manifest["counts"]["statements"]
    patch = read_patch(run("diff", before.id, "--format", "triples"))
    assert apply_patch(read_lines(before.nquads), patch) == list(read_lines(after.nquads))
    assert "transcription-corrected" in run("diff", before.id[:6], after.id[:6])
    assert run("diff", before.id, before.id) == "Nothing differs.\n"
    assert run("prune", "--keep", "1", "--dry-run").count("would go") == 2
    assert before.path.is_dir()
    unknown = in_this_process("query", "--data", data, "--release", "../../x", "ASK {}")
    assert unknown.returncode == 3
    assert "is no id of a release" in unknown.stderr
