"""What is counted, and that no client can make it grow."""

import re

import pytest

from graph.query import Cancellation, EngineUnavailable
from service.exchange import Exchange
from service.front import Outcome
from service.kinds import TYPE_BASE
from service.sight import Sight, route_of


def outcome(
    method: str = "GET", path: str = "/sparql", status: int = 200, **log: object
) -> Outcome:
    exchange = Exchange("id", "client", path, Cancellation(), log=log)
    return Outcome(exchange, method, path, status, 10, 0.02)


def values(sight: Sight, name: str) -> dict[str, float]:
    """The series of a name, by their labels."""
    found = re.findall(rf"^{name}(?:{{(.*)}})? (\S+)$", sight.text()[0].decode(), re.MULTILINE)
    return {labels: float(value) for labels, value in found}


def told(sight: Sight, outcome: Outcome) -> None:
    sight.began()
    sight.ended(outcome)


def test_what_clients_send_makes_no_new_series() -> None:
    sight = Sight()
    for number in range(100):
        told(sight, outcome(f"BREW{number}", f"/there/is/no/{number}", 404, form=f"F{number}"))
        told(sight, outcome("GET", f"/sparql/{number}?{number}", 400, form="ASK", problem="x"))
    assert values(sight, "therascape_requests_total") == {
        'method="other",route="other",status="404"': 100,
        'method="GET",route="sparql",status="400"': 100,
    }
    assert values(sight, "therascape_problems_total") == {'type="other"': 200}


def test_outcomes() -> None:
    sight = Sight()
    fine = outcome(form="SELECT", query="SELECT")
    fine.exchange.storable = True
    told(sight, fine)
    late = outcome(status=504, form="SELECT")
    late.problem = f"{TYPE_BASE}deadline-exceeded"
    told(sight, late)
    told(sight, outcome(status=0, form="SELECT", cut=True))
    sight.kept(outcome(form="ASK"))({"method": "POST"}, 200, 10, 0.001)
    assert values(sight, "therascape_queries_total") == {
        'form="SELECT",outcome="ok"': 1,
        'form="SELECT",outcome="deadline-exceeded"': 1,
        'form="SELECT",outcome="cut"': 1,
        'form="ASK",outcome="ok"': 1,
    }
    assert values(sight, "therascape_requests_total")['method="GET",route="sparql",status="gone"']
    assert values(sight, "therascape_cache_misses_total") == {"": 1}
    assert values(sight, "therascape_cache_hits_total") == {"": 1}
    assert values(sight, "therascape_requests_under_way") == {"": 0}
    assert values(sight, "therascape_sent_bytes_total") == {"": 40}


def test_answers_from_memory_count_like_others() -> None:
    sight = Sight()
    again = sight.kept(outcome(form="SELECT"))
    again({"method": "GET"}, 200, 7, 0.001)
    again({"method": "HEAD"}, 304, 0, 0.001)
    again({"method": "GET"}, 503, 0, 0.001)
    requests = values(sight, "therascape_requests_total")
    assert requests['method="GET",route="sparql",status="200"'] == 1
    assert requests['method="HEAD",route="sparql",status="304"'] == 1
    assert requests['method="GET",route="sparql",status="503"'] == 1
    assert values(sight, "therascape_queries_total") == {'form="SELECT",outcome="ok"': 3}
    assert values(sight, "therascape_cache_hits_total") == {"": 3}


def test_the_engine_is_asked_when_somebody_looks() -> None:
    sight = Sight()
    assert values(sight, "therascape_engine_up") == {}
    numbers = {"running": 2, "deaths": {"memory": 3}, "release": "abc", "number": 9}
    sight.watch(lambda: numbers, lambda: (5, 600))
    assert values(sight, "therascape_engine_up") == {"": 1}
    assert values(sight, "therascape_engine_running") == {"": 2}
    assert values(sight, "therascape_engine_deaths_total") == {'cause="memory"': 3}
    assert values(sight, "therascape_release") == {'id="abc"': 1}
    assert values(sight, "therascape_journal_number") == {"": 9}
    assert values(sight, "therascape_cache_bytes") == {"": 600}

    def down() -> dict[str, int]:
        raise EngineUnavailable("it starts")

    sight.watch(down, lambda: (0, 0))
    assert values(sight, "therascape_engine_up") == {"": 0}
    sight.watch(lambda: {**numbers, "problem": "the database does not answer"}, lambda: (0, 0))
    assert values(sight, "therascape_engine_up") == {"": 0}
    assert values(sight, "therascape_engine_running") == {}


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/sparql", "sparql"),
        ("/sparql/", "sparql"),
        ("/%73parql", "sparql"),
        ("/store/a/b", "store"),
        ("//", "other"),
        ("*", "other"),
    ],
)
def test_routes(path: str, route: str) -> None:
    assert route_of(path) == route
