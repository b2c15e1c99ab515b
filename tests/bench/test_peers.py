"""The harness that stands servers side by side: it compares first, and times only what is equal."""

import json
import statistics
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from bench.__main__ import main
from bench.measure import RUNS
from bench.peers import contenders as who
from bench.peers import goals, page, results, running
from bench.peers.answers import answer, difference
from bench.peers.asking import Client, Endpoint, Refused
from bench.peers.cases import Case, cases, mixed, players
from bench.peers.figures import Found, Load, Times, middle
from bench.peers.measuring import MOST, loaded, timed
from bench.peers.results import Query, Results, Server, Size

XSD = "http://www.w3.org/2001/XMLSchema#"
CASE = Case("one", "look-ups", "a title", "SELECT ?x {}")


def rows(*values: dict[str, str] | None) -> bytes:
    bindings = [{} if value is None else {"x": value} for value in values]
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": bindings}}).encode()


def number(text: str, name: str = "integer") -> dict[str, str]:
    return {"type": "literal", "value": text, "datatype": f"{XSD}{name}"}


class Said:
    """An endpoint that always says the same, and counts how often it was asked."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(f"http://127.0.0.1:{self.server.server_port}/q", {"dataset": "urn:all"})

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def serving(stack: ExitStack, body: bytes, status: int = 200) -> Said:
    server = Said(body, status)
    stack.callback(server.close)
    return server


def client(stack: ExitStack, server: Said) -> Client:
    made = Client(server.endpoint)
    stack.callback(made.close)
    return made


def test_what_is_written_otherwise_is_the_same_answer() -> None:
    one = rows(number("24.50", "decimal"), number("7"), {"type": "literal", "value": "a"}, None)
    other = rows(
        None,
        {"type": "literal", "value": "a", "datatype": f"{XSD}string"},
        {"type": "typed-literal", "value": "7", "datatype": f"{XSD}int"},
        number("24.5", "double"),
    )
    assert difference(answer(one, graph=False), answer(other, graph=False)) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-999, max_value=999))
def test_numbers_are_compared_by_value(value: Decimal) -> None:
    one, other = rows(number(str(value), "decimal")), rows(number(f"{value}000", "double"))
    assert difference(answer(one, graph=False), answer(other, graph=False)) is None
    more = rows(number(str(value + Decimal("0.001")), "decimal"))
    assert difference(answer(one, graph=False), answer(more, graph=False))


def test_rows_count_as_often_as_they_come_and_triples_once() -> None:
    one, two = rows(number("1")), rows(number("1"), number("1"))
    assert difference(answer(two, graph=False), answer(one, graph=False)) == (
        "1 missing, such as number 1"
    )
    line = b'<urn:s> <urn:p> "o"@EN .\n'
    again = line + line.replace(b"EN", b"en")
    assert difference(answer(line, graph=True), answer(again, graph=True)) is None


@pytest.mark.parametrize(("body", "graph"), [(b"{}", False), (b"[", False), (b"<urn:s>", True)])
def test_what_cannot_be_read_is_no_answer(body: bytes, graph: bool) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        answer(body, graph=graph)


def test_equal_answers_are_timed_and_others_are_asked_once(stack: ExitStack) -> None:
    ours = serving(stack, rows(number("1"), number("2")))
    same = serving(stack, rows(number("2"), number("1")))
    other = serving(stack, rows(number("1")))
    down = serving(stack, b"out of\nmemory", 500)
    servers = {"other": other, "down": down, who.OURS: ours, "same": same}
    found = timed(CASE, {name: client(stack, one) for name, one in servers.items()})
    assert found.rows == 2
    assert {name: len(times.runs) for name, times in found.times.items()} == {
        who.OURS: RUNS,
        "same": RUNS,
    }
    assert found.untimed == {
        "other": "another answer: 1 missing, such as number 2",
        "down": "500: out of memory",
    }
    # These are quick: in each turn they are asked several times.
    assert all(2 * RUNS < len(one.asked) <= MOST * RUNS + 1 for one in (ours, same))
    assert [len(one.asked) for one in (other, down)] == [1, 1]
    assert ours.asked[0] == "query=SELECT+%3Fx+%7B%7D&dataset=urn%3Aall"


def test_where_ours_refuses_others_are_compared_with_each_other(stack: ExitStack) -> None:
    down = serving(stack, b"no", 503)
    one, same = serving(stack, rows(number("1"))), serving(stack, rows(number("1.0", "decimal")))
    other = serving(stack, rows(number("2")))
    servers = {"one": one, "same": same, "other": other, who.OURS: down}
    found = timed(CASE, {name: client(stack, server) for name, server in servers.items()})
    assert (sorted(found.times), found.rows) == (["one", "same"], 1)
    assert found.untimed == {
        who.OURS: "503: no",
        "other": "another answer: 1 missing, such as number 1; 1 more, such as number 2",
    }


def test_where_all_refuse_nothing_is_timed(stack: ExitStack) -> None:
    down = serving(stack, b"no", 503)
    found = timed(CASE, {who.OURS: client(stack, down), "peer": client(stack, down)})
    assert (found.times, found.rows) == ({}, 0)
    assert found.untimed == {who.OURS: "503: no", "peer": "503: no"}


def test_a_mixed_load_leaves_out_who_answers_otherwise(stack: ExitStack) -> None:
    ours, other = serving(stack, rows(number("1"))), serving(stack, rows(number("2")))
    both = [
        who.Contender(name, server.endpoint, ())
        for name, server in ((who.OURS, ours), ("other", other))
    ]
    found, untimed = loaded([CASE], both, 0.05)
    assert list(found) == [who.OURS]
    assert found[who.OURS].failed == 0
    assert len(found[who.OURS].rates) == RUNS
    assert found[who.OURS].p50 <= found[who.OURS].p95 <= found[who.OURS].p99
    assert list(untimed) == ["other"]
    assert len(other.asked) == 1


def times(*runs: float) -> Times:
    return Times(runs)


def test_medians_ratios_and_spread() -> None:
    found = Found({who.OURS: times(3, 1, 2), "peer": times(8, 8, 100)}, {}, {}, 1)
    assert (found.times[who.OURS].median, found.times["peer"].most) == (2, 100)
    assert found.ratio("peer", who.OURS) == 4
    assert found.ratio("absent", who.OURS) is None
    assert middle([4, 0.25]) == pytest.approx(1)
    assert middle([]) is None
    load = Load.of([10.0, 30.0, 20.0], [float(one) for one in range(101)], 2)
    assert (load.rate, load.p50, load.p95, load.p99) == (20, 50, 95, 99)


def made() -> Results:
    """A run in which the disk takes four times as long with joins, and a third with look-ups."""

    def query(name: str, kind: str, disk: float) -> Query:
        found = {
            who.OURS: times(2, 1, 3),
            who.CACHED: times(0.5, 0.5, 0.5),
            who.OXIGRAPH_MEMORY: times(1.95, 1.95, 1.95),  # no faster than ours by the measure
            who.OXIGRAPH_DISK: times(disk, disk, disk),
        }
        return Query(name, kind, name, Found(found, {who.VIRTUOSO: "another | answer"}, {}, 5))

    size = Size(
        statements=100_000,
        triples=80_000,
        release="0" * 64,
        servers={name: Server(1.0, 2**20, 2**21, None) for name in (who.OURS, who.OXIGRAPH_DISK)},
        queries=(query("first", "joins", 8.0), query("second", "look-ups", 2 / 3)),
        load={who.OURS: Load.of([1.0], [2.0], 0)},
        unloaded={},
        missing={who.RDFLIB: "it is not here"},
    )
    return Results("make bench", {"processors": "2"}, (size,))


def test_goals_and_where_a_peer_is_faster() -> None:
    found = {(one.goal.ours, one.kind): one for one in goals.held(made())}
    joins = found[who.OURS, "joins"]
    assert (joins.mean, joins.met) == (4, True)
    assert joins.reach == pytest.approx(8 / 1.95)
    again = found[who.CACHED, ""]
    assert again.mean == pytest.approx(statistics.geometric_mean([16, 4 / 3]))
    assert (again.met, again.reached, again.queries) == (False, 0, 2)
    (win,) = goals.wins(made())
    assert (win.peer, win.kind) == (who.OXIGRAPH_DISK, "look-ups")
    assert win.times == pytest.approx(3)


def test_results_are_written_between_the_marks(tmp_path: Path) -> None:
    results.write(made(), tmp_path / "peers.json")
    again = results.read(tmp_path / "peers.json")
    assert again.sizes[0].queries[0].found.ratio(who.OXIGRAPH_DISK, who.OURS) == 4
    place = tmp_path / "page.md"
    place.write_text(f"before\n\n{page.BEGIN}\nold\n{page.END}\n\nafter\n")
    page.write(again, place)
    page.write(again, place)
    text = place.read_text("utf-8")
    assert text.startswith(f"before\n\n{page.BEGIN}\n")
    assert text.endswith(f"{page.END}\n\nafter\n")
    assert "old" not in text
    assert "| joins | first | 5 | 2.00 | 8.00 (4.00) |" in text
    assert "**0.33**" in text
    assert f"- {who.RDFLIB}: it is not here" in text


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "page.md"
    place.write_text("nothing\n")
    with pytest.raises(page.NoPlace):
        page.write(made(), place)
    assert place.read_text() == "nothing\n"


def test_every_query_can_be_asked() -> None:
    with pytest.raises(ValueError, match=r"'TYPO' is in no name \(01-label, .*class \(CONSTRUCT,"):
        cases(["stars", "TYPO"])
    assert {case.kind for case in cases(["stars", "01-"])} == {"stars", "look-ups"}
    found = [*cases(), *mixed(["urn:player"]), players()]
    assert len({case.name for case in cases()}) == len(cases())
    for case in found:
        assert case.kind
        assert case.title
        Store().query(case.text)


@pytest.mark.parametrize("command", [[], ["peers"]], ids=["make bench", "by its name"])
def test_without_a_name_the_bench_is_this(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(running, "run", lambda *given: asked.append(given))
    done = CliRunner().invoke(main, command, catch_exceptions=False)
    assert done.exit_code == 0
    assert asked == [((100_000, 1_000_000), (), None, 1.0, running.DOCS)]
