"""Questions, search and questions in words on the command line."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.release import Release
from service.api import terminal
from service.api.paging import SORT
from service.cli import cli
from service.failures import run
from tests.service.api.made_up import QUESTIONS

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    data: Path,
    release: Release,  # noqa: ARG001 - the one in the folder
) -> Command:
    """Run the command in this process, with made-up questions; code, output and errors."""
    monkeypatch.setattr(terminal, "QUESTIONS", QUESTIONS)
    monkeypatch.setenv("THERASCAPE_DATA", str(data))

    def command(*arguments: str) -> tuple[int, str, str]:
        code = run(cli, arguments)
        return (code, *capsys.readouterr())

    return command


def test_the_list_of_questions(command: Command) -> None:
    code, output, _ = command("landscape", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(output)))
    assert code == 0
    assert [row["name"] for row in rows] == [question.name for question in QUESTIONS]
    assert "--company; --others" in rows[0]["parameters"]
    assert "What can a question take?" in command("landscape")[1]


def test_a_table_with_how_complete_it_is(command: Command) -> None:
    code, output, errors = command("landscape", "everything", "--company", "alpha bio")
    assert code == 0
    assert output.splitlines()[0].split()[:3] == ["Who", "With", "Note"]
    assert "4 rows" in output
    assert "First (2025): not stated. It was read completely." in output
    assert errors == "Note: This is made up.\n"


def test_formats_parts_and_order(command: Command, release: Release) -> None:
    arguments = (
        "landscape",
        "everything",
        "--sort=-number",
        "--limit",
        "2",
        "--words=a",
        "--words=b",
    )
    found = json.loads(command(*arguments, "--format", "json")[1])
    assert found["release"] == release.id
    assert found["understood"]["words"] == ["a", "b"]
    assert [row["number"] for row in found["rows"]] == [3, 2]
    assert (found["total"], found["next"]) == (4, None)
    assert found["completeness"][0]["no"] == "not stated"
    rows = list(csv.DictReader(io.StringIO(command(*arguments, "--format", "csv")[1])))
    assert [row["number"] for row in rows] == ["3", "2"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nothing",), "`therascape landscape` lists them"),
        (("everythin",), "did you mean everything?"),
        (("everything", "--nope", "1"), "`nope`: is no parameter here"),
        (("everything", "--least", "31"), "whole number from 0 to 30"),
        (("everything", "--least"), "--least has no value"),
        (("everything", "--company", "gama gene"), "did you mean Gamma Gene?"),
        (("everything", "stray"), "'stray' belongs to no option"),
        (("everything", "--timeout", "3"), "`timeout`: is no parameter here"),
    ],
)
def test_what_is_refused(command: Command, arguments: tuple[str, ...], words: str) -> None:
    code, output, errors = command("landscape", *arguments)
    assert (code, output) == (2, "")
    assert words in " ".join(errors.split())


def test_what_cannot_be_answered(command: Command) -> None:
    code, output, errors = command("landscape", "unanswerable", "--what", "rain")
    assert (code, output) == (3, "")
    assert errors.startswith("therascape: there is no rain in")


def test_help_tells_what_a_question_takes(command: Command) -> None:
    code, output, _ = command("landscape", "everything", "--help")
    assert code == 0
    for parameter in (*QUESTIONS[0].parameters, SORT):
        assert f"--{parameter.name}" in output
    assert "NAME" in command("landscape", "--help")[1]


def test_search(command: Command) -> None:
    code, output, _ = command("search", "gama", "--format", "json")
    rows = json.loads(output)["rows"]
    assert (code, [row["label"] for row in rows]) == (0, ["Gamma Gene"])
    assert "0 rows" in command("search", "gamma", "--kind", "place")[1]


def test_a_part_says_of_how_many(command: Command) -> None:
    assert "3 of 4 rows" in command("landscape", "everything", "--limit", "3")[1]


def test_what_is_not_understood(command: Command) -> None:
    code, output, errors = command("ask", "why is the sky blue?")
    assert (code, output) == (1, "")
    assert errors.startswith("Not understood: ")
