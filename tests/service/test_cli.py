"""The command line, as a user runs it: output, messages, exit codes."""

import hashlib
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph.build import BuildReport, CheckReport
from graph.coverage import CoverageReport, Gap
from graph.problems import InvalidSeeds, Problem
from graph.release import Release
from service.access import Access
from service.cli import cli
from service.settings import SETTINGS, Settings
from tests.service.conftest import Therascape

NAMES = "SELECT ?name { ?s rdfs:label ?name FILTER (LANG(?name) = '') } ORDER BY ?name"
PROBLEM = Problem("figures.csv", 14, "value", "value must be positive, not -3", "Mend it.")


@pytest.fixture
def therascape(in_this_process: Therascape) -> Therascape:
    return in_this_process


def test_a_table(program: Therascape) -> None:
    done = program("query", NAMES)
    assert done.returncode == 0
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert lines[0] == "name"
    assert lines[2:] == [
        '<script>alert("1")</script> & "quoted"',
        "Alpha Bio",
        "Bêta Cell 細胞",
        "Gamma Gene",
        "4 rows",
    ]
    assert done.stderr == ""


def test_text_cannot_steer_the_terminal(therascape: Therascape) -> None:
    done = therascape("query", "SELECT ?note { ?s a kg:Organisation ; rdfs:comment ?note }")
    assert done.stdout.splitlines()[2] == r"\x1b[31mred\u202e"


@pytest.mark.parametrize(
    ("query", "form", "starts"),
    [
        ("ASK {}", "table", "true"),
        ("ASK {}", "json", '{"head"'),
        (NAMES, "csv", "name"),
        (NAMES, "xml", "<?xml"),
        ("DESCRIBE <id/agent/alpha-bio>", "ntriples", "<https://w3id.org/"),
        ("DESCRIBE <id/agent/alpha-bio>", "json", "["),
        ("DESCRIBE <id/agent/alpha-bio>", "table", "subject"),
    ],
)
def test_formats(therascape: Therascape, query: str, form: str, starts: str) -> None:
    done = therascape("query", "--format", form, query)
    assert done.returncode == 0
    assert done.stdout.startswith(starts)


def test_a_query_comes_from_a_file_or_standard_input(program: Therascape, tmp_path: Path) -> None:
    (tmp_path / "names.rq").write_text(NAMES, "utf-8")
    from_file = program("query", "names.rq", "--format", "csv")
    from_input = program("query", "-", "--format", "csv", text=NAMES)
    assert from_file.stdout == from_input.stdout != ""


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("query", "SELECT * {\n ?s ?p }"), 1, "  2 |  ?s ?p }"),
        (("query", "SELECT * { SERVICE <http://127.0.0.1:1/> {} }"), 1, "SERVICE"),
        (("query", "CLEAR ALL"), 1, "update"),
        (("query", "ASK {}", "--format", "turtle"), 2, "turtle"),
        (("query", "nowhere.rq"), 2, "nowhere.rq: there is no such file"),
        (("query",), 2, "Missing argument"),
        (("query", "ASK {}", "--format", "exe"), 2, "exe"),
        (("query", "ASK {}", "--data", "nothing-here"), 3, "therascape build"),
        (("build", "--sources", "no-such-folder"), 2, "no-such-folder"),
        (("serve", "--port", "http"), 2, "--port"),
        (("coverage", "."), 2, "--text"),
        (("checkpoint", "--data", "nothing-here"), 3, "therascape build"),
        (("token", "a\nb"), 2, "one line"),
        (("serve", "--write-token-file", "nothing-here"), 3, "nothing-here"),
        (("nonsense",), 2, "nonsense"),
    ],
)
def test_mistakes_get_a_few_lines_and_their_exit_code(
    therascape: Therascape, arguments: tuple[str, ...], code: int, message: str
) -> None:
    done = therascape(*arguments)
    assert done.returncode == code
    assert message.lower() in done.stderr.lower()
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 6
    assert done.stdout == ""


def test_a_wrong_variable_is_named(program: Therascape) -> None:
    done = program("settings", THERASCAPE_PORT="many")
    assert done.returncode == 2
    assert "THERASCAPE_PORT: 'many'" in done.stderr


def test_a_damaged_release_is_reported(
    therascape: Therascape, data: Path, release: Release, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    folder = copy / "releases" / release.id
    folder.mkdir(parents=True)
    (copy / "current").symlink_to(Path("releases", release.id))
    for file in (data / "releases" / release.id).iterdir():
        content = file.read_bytes()
        (folder / file.name).write_bytes(content.replace(b"Alpha", b"Omega"))
    done = therascape("query", "ASK {}", "--data", str(copy))
    assert done.returncode == 3
    assert "hash" in done.stderr


def test_help_lists_the_exit_codes(therascape: Therascape) -> None:
    done = therascape("--help")
    for code in ("0  done", "1  problems", "2  the command line", "3  it could not"):
        assert code in done.stdout


def test_settings_lists_every_setting(program: Therascape) -> None:
    text = program("settings").stdout
    rows = json.loads(program("settings", "--format", "json", THERASCAPE_PORT="81").stdout)
    for setting in SETTINGS:
        assert setting.variable in text
        assert rows[setting.name]["help"] == setting.help
    assert rows["port"]["value"] == 81


def test_a_token_is_shown_once_and_its_hash_kept(therascape: Therascape, tmp_path: Path) -> None:
    token, line = therascape("token", "Ann Example").stdout.splitlines()
    assert len(token) >= 40
    assert line == f"Ann Example sha256:{hashlib.sha256(token.encode()).hexdigest()}"
    file = tmp_path / "tokens"
    file.write_text("bob sha256:" + "0" * 64)  # without a line break at its end
    done = therascape("token", "Ann", "--file", str(file))
    (token,) = done.stdout.splitlines()
    settings = Settings(write_token_file=str(file))
    assert [holder.name for holder in Access.of(settings).writers] == ["bob", "Ann"]
    assert token not in file.read_text()
    assert therascape("token", "Eve").stdout.split()[0] != token


def test_a_new_file_of_tokens_is_for_its_owner_alone(
    therascape: Therascape, tmp_path: Path
) -> None:
    assert therascape("token", "Ann", "--file", str(tmp_path / "new")).returncode == 0
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    refused = therascape("token", "Ann", "--file", str(tmp_path / "no" / "such"))
    assert (refused.returncode, len(refused.stderr.splitlines())) == (3, 1)


def test_secrets_are_not_shown(therascape: Therascape) -> None:
    token = "a-token-of-more-than-twenty-characters"
    for form in ("text", "json"):
        shown = therascape("settings", "--format", form, THERASCAPE_WRITE_TOKEN=token).stdout
        assert token not in shown
        assert hashlib.sha256(token.encode()).hexdigest() not in shown
        assert "set" in shown


def test_version(therascape: Therascape) -> None:
    assert therascape("--version").stdout.startswith("therascape ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "ASK {}"),
        ("settings",),
        ("--help",),
        ("query", "--format", "csv", "ASK{}"),
        ("token", "name"),
    ],
)
def test_commands_start_without_the_heavy_libraries(
    program: Therascape, arguments: tuple[str, ...]
) -> None:
    done = program(*arguments, PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert done.returncode == 0
    assert not imported & {"rdflib", "pyshacl", "granian", "numpy", "networkx"}


class TestReports:
    """Build, check and coverage with their results given: how those arise is tested elsewhere."""

    def test_check(self, monkeypatch: pytest.MonkeyPatch) -> None:
        report = CheckReport((PROBLEM,), {})
        monkeypatch.setattr("graph.build.check", lambda *_, **__: report)
        text = CliRunner().invoke(cli, ["check"], standalone_mode=False)
        assert text.return_value == 1
        assert text.output.splitlines() == [str(PROBLEM), "1 problem to mend"]
        machine = CliRunner().invoke(cli, ["check", "--format", "json"], standalone_mode=False)
        assert json.loads(machine.stdout) == {
            "clean": False,
            "problems": [PROBLEM.as_dict()],
            "rows": {},
        }

    def test_a_clean_check(self, monkeypatch: pytest.MonkeyPatch) -> None:
        report = CheckReport((), {"first-report": {"figures": 3, "deals": 4}})
        monkeypatch.setattr("graph.build.check", lambda *_, **__: report)
        result = CliRunner().invoke(cli, ["check"], standalone_mode=False)
        assert result.return_value == 0
        assert "first-report      7" in result.output
        assert result.output.endswith("No problems\n")

    def test_build(self, monkeypatch: pytest.MonkeyPatch, release: Release) -> None:
        report = BuildReport(release, True, {"first-report": {"figures": 3}}, {"based-in": 2})
        monkeypatch.setattr("graph.build.build", lambda *_, **__: report)
        result = CliRunner().invoke(cli, ["build"], standalone_mode=False)
        assert result.return_value == 0
        assert f"Release {release.id} (built)" in result.output
        assert "2 edges derived by 1 rule\n" in result.output
        assert "graph/first-report" in result.stdout
        assert str(release.path) in result.stderr

    def test_coverage(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        gap = Gap(7, "intro", 2, "12.5", "number")
        report = CoverageReport((gap,), (PROBLEM,), 100, 5)
        monkeypatch.setattr("graph.coverage.coverage", lambda *_: report)
        (tmp_path / "report.txt").write_text("12.5", "utf-8")
        arguments = ["coverage", str(tmp_path), "--text", str(tmp_path / "report.txt")]
        text = CliRunner().invoke(cli, arguments, standalone_mode=False)
        assert text.return_value == 1
        assert "report.txt:7: number '12.5' is covered by no row" in text.output
        assert "5 ignored (5.0%)" in text.output
        machine = CliRunner().invoke(cli, [*arguments, "--format", "json"], standalone_mode=False)
        assert json.loads(machine.stdout)["uncovered"][0]["token"] == "12.5"


def test_invalid_seeds_exit_with_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from service.failures import run

    def refuse(*_: object, **__: object) -> None:
        raise InvalidSeeds([PROBLEM])

    monkeypatch.setattr("graph.build.build", refuse)
    assert run(cli, ["build", "--data", str(Path(sys.prefix))]) == 1
    assert capsys.readouterr().err.splitlines()[-2:] == [
        str(PROBLEM),
        "therascape: 1 problem to mend in the seeds; nothing was changed",
    ]


def test_an_import_says_what_was_not_held_against_the_shapes(
    therascape: Therascape, tmp_path: Path
) -> None:
    file, data = tmp_path / "one.nq", tmp_path / "imported"
    file.write_text("<https://e.org/s> <https://e.org/p> <https://e.org/o> <https://e.org/g> .\n")
    told = "Shapes were validated for 0 sources"
    done = therascape("import", str(file), "--data", str(data))
    assert (done.returncode, told in done.stderr) == (0, False)
    file.write_text("<https://e.org/s> <https://e.org/p> <https://e.org/q> <https://e.org/g> .\n")
    done = therascape("import", str(file), "--data", str(data), "--no-shapes")
    assert (done.returncode, told in done.stderr) == (0, True)
