"""Problems that readers report are kept for the curator, and nothing else is."""

import errno
import json
import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.query import EmbeddedEngine
from graph.release import Release
from service.app import create_app
from service.refusals import ProblemNotKept, TooManyProblems
from service.reporting import box as boxes
from service.reporting.box import Box, Reported, kept_in
from service.settings import Settings
from tests.service.conftest import Therascape

BROWSER = {"Accept": "text/html"}
HERE = {"Sec-Fetch-Site": "same-origin"}
ABOUT = "https://w3id.org/therascape/id/claim/figure-1"
FORM = {"about": ABOUT, "wrong": "It is 7.1.", "contact": "ada@example.org"}
HOSTILE = "</textarea><script>alert(1)</script>\x1b[31m\u202e\"'\x00"


def application(release: Release, box: Box | None, **settings: object) -> Flask:
    made = Settings(**settings)  # type: ignore[arg-type]
    return create_app(EmbeddedEngine.over(release), release, settings=made, box=box)


@pytest.fixture
def keeper(release: Release, tmp_path: Path) -> FlaskClient:
    return application(release, Box(tmp_path)).test_client()


def test_a_problem_is_kept_as_one_line(
    keeper: FlaskClient, release: Release, tmp_path: Path
) -> None:
    page = keeper.get(f"/report-a-problem?about={ABOUT}", headers=BROWSER).text
    assert f'name="about" value="{ABOUT}"' in page
    assert f'name="of" value="{release.id}"' in page
    response = keeper.post("/report-a-problem", data=FORM, headers=BROWSER | HERE)
    assert response.status_code == 201
    assert "Thank you" in response.text
    (file,) = (tmp_path / "problems").iterdir()
    text = file.read_text()
    assert text.count("\n") == 1
    kept = json.loads(text)
    assert (kept["about"], kept["release"]) == (ABOUT, release.id)
    assert (kept["wrong"], kept["contact"]) == ("It is 7.1.", "ada@example.org")
    assert kept["id"] == file.stem
    assert kept["id"] in response.text
    assert file.stat().st_mode & 0o077 == 0


def test_the_same_problem_is_kept_once(keeper: FlaskClient, tmp_path: Path) -> None:
    first, second = (keeper.post("/report-a-problem", data=FORM, headers=HERE) for _ in range(2))
    assert first.get_json() == second.get_json()
    assert len(list((tmp_path / "problems").iterdir())) == 1


def test_the_release_of_the_page_is_kept(keeper: FlaskClient, tmp_path: Path) -> None:
    keeper.post("/report-a-problem", data=FORM | {"of": "ab12"}, headers=HERE)
    assert [one.reported.release for one in kept_in(tmp_path)] == ["ab12"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Origin": "http://localhost"}, 201),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_a_form_comes_from_a_page_of_this_service(
    keeper: FlaskClient, tmp_path: Path, headers: dict[str, str], status: int
) -> None:
    response = keeper.post("/report-a-problem", data=FORM, headers=headers)
    assert response.status_code == status
    assert (tmp_path / "problems").exists() == (status == 201)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"wrong": ""}, 400),
        ({"wrong": "  \r\n "}, 400),
        ({"wrong": "x" * 4_001}, 400),
        ({"contact": "x" * 201}, 400),
        ({"about": "https://elsewhere.example/x"}, 400),
        ({"about": f"{ABOUT} <script>"}, 400),
        ({"about": ABOUT + "x" * 2_000}, 400),
        ({"of": "../../etc/passwd"}, 400),
        ({"other": "1"}, 400),
        ({"wrong": "x" * 40_000}, 413),
    ],
)
def test_what_is_no_problem_is_refused(
    keeper: FlaskClient, tmp_path: Path, change: dict[str, str], status: int
) -> None:
    for accept in ({}, BROWSER):
        sent = keeper.post("/report-a-problem", data=FORM | change, headers=HERE | accept)
        assert sent.status_code == status
    assert not (tmp_path / "problems").exists()


def test_a_body_that_is_no_form_is_refused(keeper: FlaskClient) -> None:
    assert keeper.post("/report-a-problem", json=FORM, headers=HERE).status_code == 415
    files = {"wrong": (b"x", "x.txt")}
    assert keeper.post("/report-a-problem", data=files, headers=HERE).status_code == 415
    twice = "wrong=a&wrong=b"
    kind = "application/x-www-form-urlencoded"
    response = keeper.post("/report-a-problem", data=twice, content_type=kind, headers=HERE)
    assert response.status_code == 400
    response = keeper.post("/report-a-problem", data=b"wrong=%ff", content_type=kind, headers=HERE)
    assert response.status_code == 400


def test_what_was_written_is_still_there_after_a_mistake(keeper: FlaskClient) -> None:
    sent = FORM | {"wrong": "y" * 4_001, "contact": '"><b>'}
    page = keeper.post("/report-a-problem", data=sent, headers=HERE | BROWSER).text
    assert "It was not kept" in page
    assert "y" * 4_001 in page
    assert "<b>" not in page


def test_hostile_text_is_kept_and_shown_as_text(keeper: FlaskClient, tmp_path: Path) -> None:
    sent = FORM | {"wrong": HOSTILE, "contact": HOSTILE}
    assert keeper.post("/report-a-problem", data=sent, headers=HERE).status_code == 201
    (kept,) = kept_in(tmp_path)
    assert kept.reported.wrong == HOSTILE
    page = keeper.post(
        "/report-a-problem", data=sent | {"wrong": HOSTILE * 200}, headers=HERE | BROWSER
    ).text
    assert "<script>alert" not in page


def test_readers_report_so_many_and_no_more(tmp_path: Path) -> None:
    now = [0.0]
    box = Box(tmp_path, lambda: now[0])
    for number in range(5):
        box.keep(Reported(ABOUT, "r", str(number)), "a")
    with pytest.raises(TooManyProblems) as refused:
        box.keep(Reported(ABOUT, "r", "6"), "a")
    assert 0 < refused.value.retry_after <= 601
    box.keep(Reported(ABOUT, "r", "of another"), "b")
    now[0] = refused.value.retry_after
    box.keep(Reported(ABOUT, "r", "6"), "a")
    now[0] = 5_000.0
    for number in range(60):
        box.keep(Reported(ABOUT, "r", f"many {number}"), f"client {number}")
    with pytest.raises(TooManyProblems):
        box.keep(Reported(ABOUT, "r", "one more"), "somebody else")


def test_processes_count_together_what_readers_report(tmp_path: Path) -> None:
    boxes_ = [Box(tmp_path, lambda: 0.0, tmp_path / "shared") for _ in range(2)]
    for number in range(5):
        boxes_[number % 2].keep(Reported(ABOUT, "r", str(number)), "a")
    for box in boxes_:
        box.keep(Reported(ABOUT, "r", "4"), "a")  # it is kept already
        with pytest.raises(TooManyProblems):
            box.keep(Reported(ABOUT, "r", "6"), "a")
    (tmp_path / "shared").write_text('[[0.0, "a')
    boxes_[0].keep(Reported(ABOUT, "r", "6"), "a")


def test_too_many_problems_have_a_page_that_says_when(keeper: FlaskClient) -> None:
    for number in range(5):
        keeper.post("/report-a-problem", data=FORM | {"wrong": str(number)}, headers=HERE)
    response = keeper.post("/report-a-problem", data=FORM, headers=HERE | BROWSER)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "Too many problems" in response.text


def test_a_full_folder_takes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "MOST_KEPT", 1)
    box = Box(tmp_path)
    box.keep(Reported(ABOUT, "r", "1"))
    with pytest.raises(ProblemNotKept):
        box.keep(Reported(ABOUT, "r", "2"))


def test_a_full_disk_keeps_nothing_and_says_so(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    client = application(release, Box(tmp_path)).test_client()
    response = client.post("/report-a-problem", data=FORM, headers=HERE | BROWSER)
    assert response.status_code == 507
    assert "No space left on device" in response.text
    assert list((tmp_path / "problems").iterdir()) == []


def test_no_memory_keeps_nothing(
    keeper: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr(os, "fsync", full)
    assert keeper.post("/report-a-problem", data=FORM, headers=HERE).status_code == 507
    assert list(kept_in(tmp_path)) == []


def test_a_read_only_service_says_that_it_keeps_nothing(release: Release, tmp_path: Path) -> None:
    client = application(release, Box(tmp_path), read_only=True).test_client()
    page = client.get(f"/report-a-problem?about={ABOUT}", headers=BROWSER)
    assert page.status_code == 200
    assert "started with --read-only" in page.text
    assert "<textarea" not in page.text
    response = client.post("/report-a-problem", data=FORM, headers=HERE | BROWSER)
    assert response.status_code == 403
    assert not (tmp_path / "problems").exists()


def test_a_service_without_a_folder_says_so(release: Release) -> None:
    client = application(release, None).test_client()
    assert "no folder" in client.get("/report-a-problem", headers=BROWSER).text
    assert client.post("/report-a-problem", data=FORM, headers=HERE).status_code == 507


def test_the_command_lists_them_and_steers_no_terminal(
    therascape: Therascape, tmp_path: Path
) -> None:
    nothing = therascape("reported", THERASCAPE_DATA=str(tmp_path))
    assert (nothing.returncode, nothing.stderr) == (0, "")
    assert "No problems are reported" in nothing.stdout
    Box(tmp_path).keep(Reported(ABOUT, "0123456789abcdef", HOSTILE, "ada"))
    (tmp_path / "problems" / "notes.json").write_text("not ours")
    listed = therascape("reported", THERASCAPE_DATA=str(tmp_path))
    assert ABOUT in listed.stdout
    assert "\x1b" not in listed.stdout
    assert "\\x1b[31m" in listed.stdout
    assert "1 problem, each a file in" in listed.stdout
    rows = json.loads(
        therascape("reported", "--format", "json", THERASCAPE_DATA=str(tmp_path)).stdout
    )
    assert [row["wrong"] for row in rows] == [HOSTILE]
