"""What is written down: whole lines, whatever clients send, and no token."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.query import Cancellation
from service.exchange import Exchange
from service.front import Outcome
from service.loglines import JsonLines, Plain, configure_logging
from service.logs import QueryLog, line_of, open_query_log

HOSTILE = 'ASK { "\n\r\x1b[31m\u2028\x00" }'


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    logging.getLogger("therascape").setLevel(logging.NOTSET)


def outcome(**log: object) -> Outcome:
    exchange = Exchange("an-id", "192.0.2.1", "/sparql", Cancellation(), log=log)
    return Outcome(exchange, "GET", "/sparql", 200, 42, 0.5, generation=("abc", 7))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("ascii").split("\n")[:-1]]


def test_a_line_for_each_query_and_none_for_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "log.jsonl"
    log = open_query_log(str(path), tmp_path)
    assert log is not None
    log.ended(outcome(form="ASK", query=HOSTILE, waited=0.001, ran=0.25, notices=2))
    log.ended(outcome())
    again = log.kept(outcome(form="ASK", query=HOSTILE, ran=0.25))
    again(scope((b"query-id", b"mine")), 304, 0, 0.0001)
    again(scope((b"query-id", b"not one")), 200, 42, 0.0001)
    again(scope(), 200, 42, 0.0001)
    log.close()
    first, second, third, fourth = lines(path)
    assert first["query"] == second["query"] == HOSTILE
    assert (first["waited_ms"], first["ran_ms"], first["total_ms"]) == (1, 250, 500)
    assert (first["release"], first["write"], first["notices"]) == ("abc", 7, 2)
    assert first.keys() - {"notices"} == second.keys()
    assert (second["id"], second["status"], second["cached"]) == ("mine", 304, True)
    assert (second["ran_ms"], second["bytes"], second["total_ms"]) == (0, 0, 0.1)
    assert len(third["id"]) == 32
    assert fourth["id"] is None


def scope(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"headers": headers, "method": "GET", "client": ("192.0.2.2", "1")}


def test_what_a_client_calls_a_field_does_not_replace_ours() -> None:
    line = line_of(outcome(form="ASK", query="x" * 20_000, status=999, client="me"))
    assert (line["status"], line["client"]) == (200, "192.0.2.1")
    assert len(line["query"]) == 10_000


def test_the_file_is_limited_and_older_ones_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.logs._FILE_BYTES", 1000)
    for _ in range(10):
        log = open_query_log(None, tmp_path)
        assert log is not None
        log.ended(outcome(form="ASK", query="x" * 500))
        log.close()
    files = sorted((tmp_path / "log").iterdir())
    assert [file.name for file in files] == [
        "queries.jsonl",
        *(f"queries.jsonl.{number}" for number in range(1, 6)),
    ]
    assert all(len(lines(file)) == 1 for file in files)


def test_who_shares_a_file_goes_on_in_the_one_that_another_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.logs._FILE_BYTES", 3000)
    logs = [open_query_log(None, tmp_path, tmp_path / "lock") for _ in range(6)]
    for number, log in enumerate(logs):
        assert log is not None
        log.ended(outcome(form="ASK", query=f"{number}" + "x" * 700))
        log.close()
    files = sorted((tmp_path / "log").iterdir(), reverse=True)
    assert len(files) == 3  # of two lines each
    found = [line["query"][0] for file in files for line in lines(file)]
    assert found == [str(number) for number in range(6)]


def test_off_and_a_file_that_cannot_be_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert open_query_log("off", tmp_path) is None
    assert caplog.messages == []
    (tmp_path / "file").touch()
    assert open_query_log(str(tmp_path / "file" / "log"), tmp_path) is None
    assert "--query-log" in caplog.text


def test_a_disk_that_is_full_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    log = open_query_log("/dev/full", Path())
    assert log is not None
    for _ in range(3):
        log.ended(outcome(form="ASK"))
        log._handler.flush()
    log.close()
    assert len([m for m in caplog.messages if "any more" in m]) == 1


def test_lines_that_pile_up_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.logs._MOST_WAITING", 3)
    log = QueryLog(logging.FileHandler(tmp_path / "log", encoding="ascii"))
    for _ in range(5):
        log.ended(outcome(form="ASK"))
    log.close()
    assert [line.get("lost") for line in lines(tmp_path / "log")][-1:] == [2]


def record(message: str, *values: object, error: bool = False) -> logging.LogRecord:
    found = ValueError(HOSTILE)
    info = (ValueError, found, None) if error else None
    return logging.LogRecord("therascape", logging.ERROR, "", 0, message, values, info)


def test_programs_get_one_line_of_json() -> None:
    made = record("it said %s", HOSTILE, error=True)
    made.release = "abc"
    text = JsonLines().format(made)
    assert text.isascii()
    assert text.isprintable()
    document = json.loads(text)
    assert document["message"] == f"it said {HOSTILE}"
    assert (document["level"], document["release"]) == ("error", "abc")
    assert "ValueError" in document["exception"]


def test_people_get_text_that_cannot_steer_the_terminal() -> None:
    text = Plain().format(record("it said %s", HOSTILE, error=True))
    assert text.startswith("Error: it said ASK")
    assert "\x1b" not in text
    assert "ValueError" in text


def test_what_goes_wrong_is_told_and_what_goes_well_is_not() -> None:
    stream = io.StringIO()
    configure_logging(stream)
    logging.getLogger("elsewhere").info("well")
    logging.getLogger("therascape.service").info("moved")
    logging.getLogger("elsewhere").warning("badly")
    told = [json.loads(line)["message"] for line in stream.getvalue().splitlines()]
    assert told == ["moved", "badly"]
