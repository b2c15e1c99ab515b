"""Queries that ask for more than there is end when they must, and nobody else notices.

Goals are for a quiet machine (`python -m bench adversarial` holds them); what is asserted here
allows ten times as much.
"""

import json
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from graph.query import EmbeddedEngine, Formats, Request
from graph.release import DataDirectory
from tests.hostile.assault import CROWDED, Outcome, abandon, begin, finish, together
from tests.hostile.corpus import ANSWER, JSON_RESULTS, QUERIES, Attack, attacks
from tests.hostile.generated import MADE
from tests.hostile.leaks import deaths
from tests.hostile.probing import Prober
from tests.hostile.server import ADMIN_TOKEN, Service
from tests.hostile.wire import query, send

DEADLINE = 2.0
SLACK = 2.5  # goal: 0.25 s after the deadline
PROBE = 1.0  # goal: 0.1 s for 99 of 100 probes
REST = 5.0  # goal: 0.5 s until no processor is busy
WORK = [attack for attack in attacks() if attack.is_work]
#: The attacks that end by themselves or would end the engine, and every sixth that is work.
SOME = [
    attack
    for attack in attacks()
    if attack not in WORK or attack.unprotected.startswith("dies") or attack in WORK[::6]
]
ENDLESS = [attack for attack in WORK if attack.outcomes == {"deadline-exceeded"}]
FLAGS = (
    *("--deadline", f"{DEADLINE:g}", "--workers", "4", "--worker-memory", "256"),
    *("--max-result", "32", "--max-body-bytes", str(8 * 1024 * 1024)),
)

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def service(built: Path) -> Iterator[Service]:
    with Service(built, *FLAGS) as service:
        assert query(service, "ASK {}").json()["boolean"] is True
        yield service


@pytest.fixture(autouse=True)
def _at_rest(service: Service) -> Iterator[None]:
    yield
    assert service.processes.idle_after(REST) < REST, "work goes on that nobody waits for"
    assert "remote" not in deaths(service), "none of them reaches out"


def wrong(outcomes: list[Outcome], *, crowded: bool = False) -> list[str]:
    """What is wrong about the outcomes; `crowded`: some had to wait for others."""
    also = CROWDED if crowded else ()
    return [what for o in outcomes if (what := o.wrong(DEADLINE + SLACK, also=also))]


def test_the_index_has_every_attack_and_no_other() -> None:
    files = {path.stem for path in QUERIES.glob("*.rq")}
    assert files.isdisjoint(MADE)
    assert {attack.query for attack in attacks()} == files | MADE.keys()


def test_the_index_says_what_the_attacks_do_unprotected() -> None:
    harmless = [
        attack.name
        for attack in WORK
        if not attack.unprotected.startswith(("runs", "dies", "answers 79"))
    ]
    assert len(WORK) >= 30
    assert harmless == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(SOME, id="some"),
        pytest.param(attacks(), id="all", marks=[pytest.mark.exhaustive, pytest.mark.timeout(300)]),
    ],
)
def test_each_attack_ends_as_it_should(
    service: Service, built: Path, sent: Sequence[Attack]
) -> None:
    with Prober(service) as prober:
        outcomes = together(service, sent, 3)
    rest = service.processes.idle_after(REST)
    assert wrong(outcomes) == []
    assert prober.wrong(PROBE) == []
    assert rest < REST
    assert incomplete(built, outcomes) == []


def incomplete(built: Path, outcomes: list[Outcome]) -> list[str]:
    """Attacks that were answered with 200, and not with the whole answer."""
    release = DataDirectory(built).current()
    assert release is not None
    engine = EmbeddedEngine.over(release)
    found = []
    for outcome in outcomes:
        reply, attack = outcome.reply, outcome.attack
        if outcome.what != ANSWER or reply is None or attack.accept == "text/html":
            continue
        if reply.headers.get("content-encoding", "identity") != "identity":
            continue
        graph = "application/rdf+xml" if "xml" in attack.accept else "text/turtle"
        whole = engine.evaluate(Request(attack.text, Formats(JSON_RESULTS, graph))).body
        if shape(reply.body) != shape(whole):
            found.append(f"{attack.name}: {shape(reply.body)}, not {shape(whole)}")
    return found


def shape(body: bytes) -> tuple[int, object]:
    """What two complete answers to a query have in common, whatever their order."""
    if not body.startswith(b"{"):
        return len(body), None
    found = json.loads(body)
    return len(body), found.get("boolean", len(found.get("results", {}).get("bindings", ())))


@pytest.mark.parametrize("number", [12, pytest.param(30, marks=pytest.mark.exhaustive)])
def test_many_more_than_workers_at_once(service: Service, number: int) -> None:
    with Prober(service) as prober:
        outcomes = together(service, WORK[:number], number)
    rest = service.processes.idle_after(REST)
    assert wrong(outcomes, crowded=True) == []
    assert prober.wrong(PROBE) == []
    assert rest < REST


def test_the_work_of_a_client_that_left_stops(service: Service) -> None:
    for start in range(0, 30, 10):
        assert abandon(service, WORK[start : start + 10], after=0.3) > 0.1, "nothing was at work"
        assert service.processes.idle_after(SLACK) < SLACK, WORK[start : start + 10]


def test_a_client_may_ask_for_less_time_never_for_more(service: Service) -> None:
    body = ENDLESS[0].text.encode()
    for asked, at_most in (("0.3", 0.3), ("100", DEADLINE)):
        headers = {"Content-Type": "application/sparql-query"}
        reply = send(service, "POST", f"/sparql?timeout={asked}", headers, body)
        assert (reply.status, reply.problem) == (504, "deadline-exceeded")
        assert at_most <= reply.seconds + 0.1
        assert reply.seconds <= at_most + SLACK


def running(service: Service) -> list[dict[str, object]]:
    reply = send(service, "GET", "/queries", {"Authorization": f"Bearer {ADMIN_TOKEN}"})
    assert reply.status == 200
    found = reply.json()
    return list(found["queries"])


def test_whoever_holds_its_id_can_end_a_query(service: Service) -> None:
    name = uuid.uuid4().hex
    connection = begin(service, ENDLESS[0], name)
    until = time.monotonic() + 1
    while not any(row["id"] == name for row in running(service)) and time.monotonic() < until:
        time.sleep(0.02)
    (row,) = (row for row in running(service) if row["id"] == name)
    assert "?a ?b ?c" in str(row["query"])
    assert send(service, "DELETE", f"/queries/{name}").status == 204
    reply = finish(connection)
    assert (reply.status, reply.problem) == (409, "query-cancelled")
    assert reply.headers["query-id"] == name
    assert send(service, "DELETE", f"/queries/{name}").status == 404


def test_the_list_of_queries_is_for_those_with_the_token(service: Service) -> None:
    assert send(service, "GET", "/queries").status == 401
    wrong_token = {"Authorization": "Bearer no"}
    assert send(service, "GET", "/queries", wrong_token).status == 401


def test_an_id_is_given_once_at_a_time(service: Service) -> None:
    name = uuid.uuid4().hex
    with begin(service, ENDLESS[0], name):
        time.sleep(0.3)
        reply = query(service, f"ASK {{}} #{name}", query_id=name)  # never asked before
        assert (reply.status, reply.problem) == (409, "query-id-in-use")
