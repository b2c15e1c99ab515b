"""What an operator sees of a service: lines of JSON, metrics, and what is made of them."""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from graph.replica.status import Status
from service.kinds import KINDS
from service.settings import SETTINGS
from service.sight import Sight
from tests.docs.markdown import ROOT
from tests.service.conftest import Server
from tests.service.dataset import publish

DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
TOKEN = "a-token-of-more-than-twenty-characters"


class Seen:
    """One life of a service: what it wrote, and what it showed as metrics."""

    def __init__(self, data: Path) -> None:
        self.server = Server(
            *(data, "--log-events", "--request-log", "-", "--query-log", "off"),
            *("--checkpoint-writes", "2", "--worker-memory", "128"),
        )
        try:
            self._live(data)
        finally:
            _, errors = self.server.stop()
        self.lines: list[dict[str, Any]] = [json.loads(line) for line in errors.splitlines()]
        self.events = {line["event"]: line for line in self.lines if "event" in line}
        self.requests = {line["id"]: line for line in self.lines if "path" in line}

    def _live(self, data: Path) -> None:
        self.get("about", Query_Id="page", Accept="text/html")
        self.get(f"sparql?query={quote('ASK {}')}", Query_Id="query")
        self.get("no/such/place", Query_Id="wrong")
        query = quote(
            "SELECT (GROUP_CONCAT(?x) AS ?y) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . "
            "?j ?k ?l BIND(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j)) AS ?x) }"
        )
        self.get(f"sparql?query={query}&timeout=20", Query_Id="heavy")
        for number in range(2):
            text = f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:s> <urn:p> {number} }} }}"
            self.get(
                "sparql",
                text.encode(),
                Content_Type="application/sparql-update",
                Authorization=f"Bearer {TOKEN}",
                Query_Id=f"write-{number}",
            )
        first = (data / "current").readlink()
        _until(lambda: (data / "current").readlink() != first)
        _until(lambda: "therascape_release_write 2.0" in self.metrics())
        _until(lambda: 'outcome="made"} 1.0' in self.metrics())
        time.sleep(1.5)  # it moves over
        self.shown = self.metrics()

    def get(self, path: str, body: bytes | None = None, **headers: str) -> bytes:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.server.address + path, body, named)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.read()

    def metrics(self) -> str:
        return self.get("metrics").decode()


def _until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + 15
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.1)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    data = tmp_path_factory.mktemp("watched")
    publish(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THERASCAPE_WRITE_TOKEN", TOKEN)
        return Seen(data)


def test_a_line_for_every_request(seen: Seen) -> None:
    wanted = {"page": 200, "query": 200, "wrong": 404, "write-0": 204, "write-1": 204}
    assert {id_: seen.requests[id_]["status"] for id_ in wanted} == wanted
    assert seen.requests["wrong"]["level"] == "warning"
    assert seen.requests["wrong"]["problem"] == "not-found"
    assert seen.requests["heavy"]["problem"] == "memory-exceeded"
    for line in seen.requests.values():
        assert {"time", "level", "id", "client", "method", "total_ms"} <= line.keys()


def test_a_line_for_what_happens(seen: Seen) -> None:
    told = {"started", "checkpoint-begun", "checkpoint", "moved", "worker-died", "stopped"}
    assert set(seen.events) == told
    assert seen.events["worker-died"]["cause"] == "memory"
    assert seen.events["worker-died"]["id"] == "heavy"
    assert seen.events["checkpoint"]["write"] == 2
    assert seen.events["moved"]["release"] == seen.events["checkpoint"]["release"]
    assert seen.events["started"]["port"] == seen.server.port


def test_the_members_and_events_are_documented(seen: Seen) -> None:
    members = {member for line in seen.lines for member in line}
    documented = set(re.findall(r"`([a-z_-]+)`", PAGE))
    assert members <= documented
    events = {
        event
        for part in ("graph", "service")
        for path in (ROOT / part).rglob("*.py")
        for event in re.findall(r'(?:"event": |event=)"([a-z-]+)"', path.read_text("utf-8"))
    }
    table = PAGE.partition("| event | when |")[2].partition("\n\n")[0]
    assert events | set(seen.events) == set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE))


def _names(shown: str) -> set[str]:
    return set(re.findall(r"^# TYPE (\w+) ", shown, re.MULTILINE))


def _of_a_replica() -> set[str]:
    """What only a service that follows another one exports."""
    known = Status("http://publisher.example/", answered=0.0)
    sights = [Sight(), Sight()]
    sights[0].watch(dict, replica=lambda: known.told("", 0.0))
    sights[1].watch(dict)
    replica, alone = (_names(sight.text()[0].decode()) for sight in sights)
    return replica - alone


def test_the_metrics_are_those_of_the_page(seen: Seen) -> None:
    exported = _names(seen.shown) | _of_a_replica()
    assert set(re.findall(r"^\| `((?:therascape|process)_\w+)` \|", PAGE, re.MULTILINE)) == exported
    series = re.findall(r"^(\w+?)(?:_bucket|_sum|_count)?\{(.*)\} ", seen.shown, re.MULTILINE)
    labels = {
        (name, label)
        for name, found in series
        for label in re.findall(r'(\w+)="', found)
        if label != "le"
    }
    rows = re.findall(r"^\| `(\w+_\w+)` \| ((?:`\w+`(?:, )?)+) \|", PAGE, re.MULTILINE)
    assert labels <= {(name, label) for name, text in rows for label in re.findall(r"\w+", text)}


def _expressions() -> list[str]:
    board = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))
    shown = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    return shown + [rule["expr"] for group in rules["groups"] for rule in group["rules"]]


def test_what_is_drawn_and_what_alarms_is_exported(seen: Seen) -> None:
    exported = _names(seen.shown) | _of_a_replica()
    problems = {kind.name for kind in KINDS}
    for expression in _expressions():
        names = re.findall(r"\b((?:therascape|process)_\w+)", expression)
        assert names or expression.startswith("up{"), expression
        assert {re.sub(r"_bucket$", "", name) for name in names} <= exported
        assert set(re.findall(r'[{ ]type="([^"]+)"', expression)) <= problems
        assert expression.count("(") == expression.count(")")


def test_what_replicas_export_alarms() -> None:
    replica = _of_a_replica()
    assert len(replica) == 4
    alarming = {name for text in _expressions() for name in re.findall(r"\w+", text)} & replica
    assert alarming == {"therascape_replica_behind_seconds", "therascape_replica_answered_seconds"}


def test_the_dashboard_is_one_that_grafana_imports() -> None:
    board = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
    assert {"title", "uid", "schemaVersion", "panels", "templating", "time"} <= board.keys()
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        assert {"type", "title", "gridPos", "targets", "datasource"} <= panel.keys()
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken
        assert at["x"] + at["w"] <= 24
        taken |= cells


def test_every_alert_says_what_to_do() -> None:
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))
    for group in rules["groups"]:
        for rule in group["rules"]:
            assert {"alert", "expr", "labels", "annotations"} <= rule.keys()
            assert {"summary", "remedy"} <= rule["annotations"].keys()
            named = set(re.findall(r"(?<!\w)--[a-z-]+", rule["annotations"]["remedy"]))
            assert named <= {setting.flag for setting in SETTINGS}
