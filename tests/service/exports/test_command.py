"""`therascape export` as people call it: files, exit codes, what it refuses."""

import gzip
import subprocess
from pathlib import Path

import pytest

from graph.release import Release
from tests.service.conftest import Therascape
from tests.service.dataset import IRIS


@pytest.fixture
def therascape(in_this_process: Therascape) -> Therascape:
    return in_this_process


def export(
    therascape: Therascape, *arguments: str, code: int = 0
) -> "subprocess.CompletedProcess[str]":
    done = therascape("export", *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_standard_output_gets_the_statements(therascape: Therascape, release: Release) -> None:
    done = export(therascape)
    assert done.stdout == release.nquads.read_text("utf-8")
    assert "exporting (100 %)" in done.stderr
    assert f"SHA-256 {release.id}" in done.stderr


def test_a_file_gets_them_compressed(
    therascape: Therascape, release: Release, tmp_path: Path
) -> None:
    done = export(therascape, "--output", "all.nq.gz", "--compress", "gzip")
    assert done.stdout == ""
    body = (tmp_path / "all.nq.gz").read_bytes()
    assert gzip.decompress(body) == release.nquads.read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == ["all.nq.gz"]


def test_a_part_is_exported(therascape: Therascape) -> None:
    whole = export(therascape).stdout.splitlines()
    graph = f"<{IRIS.graph('second-report').value}> ."
    expected = [line for line in whole if line.endswith(graph)]
    assert 0 < len(expected) < len(whole)
    for arguments in (("--source", "second-report"), ("--graph", "second-report")):
        assert export(therascape, *arguments).stdout.splitlines() == expected


def test_a_thing_is_found_by_name_and_by_iri(therascape: Therascape) -> None:
    iri = IRIS.thing("agent", "alpha-bio").value
    found = [
        export(therascape, "--entity", name, "--hops", "0").stdout for name in (iri, "Alpha Bio")
    ]
    assert found[0] == found[1]
    assert f"<{iri}>" in found[0]


def test_a_query_may_come_from_standard_input(therascape: Therascape) -> None:
    query = "CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s rdfs:label ?l }"
    done = therascape("export", "--query", "-", "--format", "turtle", text=query)
    assert done.returncode == 0, done.stderr
    assert "Bêta Cell 細胞" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--format", "turtel"), 2, "is none of nquads"),
        (("--source", "first-repot"), 2, "Did you mean first-report"),
        (("--graph", "nothing\x1b[31m"), 2, "There are"),
        (("--entity", "Alpha Bioo"), 2, "Alpha Bio"),
        (("--entity", "https://elsewhere.example/x"), 2, "nothing is called"),
        (("--entity", "<script>\x1b\n"), 2, "nothing is called"),
        (("--entity", ""), 2, ""),
        (("--source", "first-report", "--graph", "first-report"), 2, "give one of"),
        (("--hops", "2"), 2, "--entity"),
        (("--hops", "4", "--entity", "Alpha Bio"), 2, "0<=x<=3"),
        (("--query", "ASK {}"), 2, "CONSTRUCT"),
        (("--query", "CONSTRUCT {"), 1, "1 | CONSTRUCT"),
        (("--query", "CONSTRUCT WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"), 1, ""),
        (("--query", "missing.rq"), 2, "no such file"),
        (("--output", "missing/all.nq"), 3, "no such folder"),
        (("--compress", "zip"), 2, "gzip"),
    ],
)
def test_what_cannot_be_is_refused(
    therascape: Therascape, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    output = () if "--output" in arguments else ("--output", "x")
    done = export(therascape, *arguments, *output, code=code)
    assert said in done.stderr
    assert "\x1b" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_a_release_there_is_nothing_to_export(
    therascape: Therascape, tmp_path: Path
) -> None:
    done = therascape("export", THERASCAPE_DATA=str(tmp_path / "none"))
    assert done.returncode == 3
    assert "therascape build" in done.stderr
