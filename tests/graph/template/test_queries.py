"""Queries through the template: complete answers, or the error that tells what happened."""

import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from graph.query import (
    Cancellation,
    DeadlineExceeded,
    EngineUnavailable,
    Job,
    MemoryExceeded,
    QueryCancelled,
    QueryIdInUse,
    QuerySyntaxError,
    QueueFull,
    RemoteAccessRefused,
    ResultTooLarge,
)
from graph.template.client import Template
from tests.graph.template.conftest import ENDLESS, MEMORY_BOMB, Start, asking


def eventually(true: Callable[[], object], seconds: float = 5) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.01)


def running(template: Template, number: int) -> Callable[[], bool]:
    return lambda: int(template.client.status()["running"]) == number


def in_background(template: Template, query: str, job: Job) -> "Future[object]":
    result: Future[object] = Future()

    def ask() -> None:
        try:
            result.set_result(template.client.evaluate(asking(query), job))
        except Exception as error:  # noqa: BLE001 - raised where the result is taken
            result.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    return result


def workers(template: Template) -> list[int]:
    listed = Path(f"/proc/{template.process_id}/task/{template.process_id}/children").read_text()
    return [int(pid) for pid in listed.split()]


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_answers_are_those_of_the_engine(start: Start) -> None:
    client = start().client
    answer = client.evaluate(asking("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"))
    assert int(json.loads(answer.body)["results"]["bindings"][0]["n"]["value"]) > 0
    assert answer.form == "bindings"
    assert client.evaluate(asking("CONSTRUCT WHERE { ?s ?p ?o }")).media_type == "text/turtle"
    graph = client.evaluate(asking("ASK FROM <http://nowhere.example/> {}"))
    assert graph.missing_graphs == ("http://nowhere.example/",)
    assert any("nowhere.example" in notice for notice in graph.notices)
    assert not client.evaluate(asking("SELECT (RAND() AS ?r) {}")).repeatable


def test_errors_arrive_as_they_were_raised(start: Start) -> None:
    client = start().client
    with pytest.raises(QuerySyntaxError) as caught:
        client.evaluate(asking("SELECT *\n WHER { ?s ?p ?o }"))
    assert (caught.value.line, caught.value.column) == (2, 2)
    with pytest.raises(RemoteAccessRefused):
        client.evaluate(asking("ASK { SERVICE <http://127.0.0.1:1/> {} }"))


def test_a_query_ends_at_its_deadline_and_its_work_with_it(start: Start) -> None:
    template = start(deadline=0.5)
    began = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        template.client.evaluate(asking(ENDLESS))
    assert 0.4 < time.monotonic() - began < 20
    eventually(running(template, 0))
    time.sleep(0.2)
    before = {pid: cpu_seconds(pid) for pid in workers(template)}
    time.sleep(0.3)
    assert all(cpu_seconds(pid) - before[pid] < 0.1 for pid in workers(template) if pid in before)


def test_a_client_may_ask_for_less_time_and_not_for_more(start: Start) -> None:
    for deadline, seconds, least, most in ((10.0, 0.1, 0.05, 8), (0.6, 60.0, 0.5, 30)):
        client = start(deadline=deadline).client
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            client.evaluate(asking(ENDLESS), Job(f"q{seconds}", seconds=seconds))
        assert least < time.monotonic() - began < most


def test_memory_has_a_limit_that_only_one_query_feels(start: Start) -> None:
    client = start(worker_memory=64).client
    with pytest.raises(MemoryExceeded):
        client.evaluate(asking(MEMORY_BOMB))
    assert client.evaluate(asking("ASK {}")).form == "boolean"
    assert client.status()["deaths"] == {"memory": 1}


def test_too_large_an_answer_is_an_error_and_not_cut(start: Start) -> None:
    client = start(max_result=1).client
    many = "0 " * 40
    long = "x" * 1000
    query = f'SELECT ("{long}" AS ?c) {{ VALUES ?a {{ {many} }} VALUES ?b {{ {many} }} }}'
    with pytest.raises(ResultTooLarge):
        client.evaluate(asking(query))


def test_whoever_gives_up_ends_the_work(start: Start) -> None:
    template = start()
    cancellation = Cancellation()
    result = in_background(template, ENDLESS, Job("mine", cancellation=cancellation))
    eventually(running(template, 1))
    cancellation.cancel()
    with pytest.raises(QueryCancelled):
        result.result(timeout=2)
    eventually(running(template, 0), 1)


def test_those_who_leave_together_leave_no_slot_taken(start: Start) -> None:
    template = start(workers=4)
    for _ in range(4):
        jobs = [Job(id=f"job-{n}", cancellation=Cancellation()) for n in range(10)]
        answers = [in_background(template, ENDLESS, job) for job in jobs]
        eventually(lambda: int(template.client.status()["waiting"]) == 7)
        # One request after the other, so near that a slot is given to one that leaves next.
        for job in jobs:
            job.cancellation.cancel()
        for answer in answers:
            with pytest.raises(QueryCancelled):
                answer.result(5)
        eventually(running(template, 0))
        assert template.client.status()["waiting"] == 0


def test_holding_the_id_is_the_right_to_cancel(start: Start) -> None:
    template = start()
    result = in_background(template, ENDLESS, Job("known-to-me"))
    eventually(running(template, 1))
    (one,) = template.client.running()
    assert (one.id, one.state) == ("known-to-me", "running")
    assert one.query.startswith("ASK")
    with pytest.raises(QueryIdInUse):
        template.client.evaluate(asking("ASK {}"), Job("known-to-me"))
    assert not template.client.cancel("another")
    assert template.client.cancel("known-to-me")
    with pytest.raises(QueryCancelled):
        result.result(timeout=2)
    assert template.client.running() == []


def test_a_queue_that_is_full_says_so_at_once(start: Start) -> None:
    template = start(workers=2, queue=1)
    for number in range(2):
        in_background(template, ENDLESS, Job(f"q{number}"))
    eventually(lambda: template.client.status()["waiting"] == 1)
    with pytest.raises(QueueFull) as caught:
        template.client.evaluate(asking("ASK {}"))
    assert caught.value.retry_after >= 1


def test_a_client_with_many_queries_waiting_makes_room_for_another(start: Start) -> None:
    template = start(workers=2, queue=4)
    greedy = [
        in_background(template, ENDLESS, Job(f"q{number}", client="greedy")) for number in range(5)
    ]
    eventually(lambda: template.client.status()["waiting"] == 4)
    template.client.evaluate(asking("ASK {}"), Job("mine", client="modest"))
    refused = [one for one in greedy if one.done()]
    assert len(refused) == 1
    with pytest.raises(QueueFull):
        refused[0].result()
    in_background(template, ENDLESS, Job("next", client="greedy"))
    eventually(lambda: template.client.status()["waiting"] == 4)
    with pytest.raises(QueueFull):
        template.client.evaluate(asking("ASK {}"), Job("last", client="greedy"))


def test_what_waits_until_its_deadline_says_that_it_waited(start: Start) -> None:
    template = start(workers=2)
    in_background(template, ENDLESS, Job("first"))
    eventually(running(template, 1))
    with pytest.raises(DeadlineExceeded) as caught:
        template.client.evaluate(asking(ENDLESS), Job("second", seconds=0.4))
    assert caught.value.waited > 0.3


def test_one_worker_alone_takes_whatever_comes(start: Start) -> None:
    template = start(workers=1)
    grouped = "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s ORDER BY DESC(?n) LIMIT 1"
    for number, query in enumerate(("ASK {}", grouped, "ASK {}")):
        assert template.client.evaluate(asking(query), Job(f"q{number}", seconds=5)).body


def test_quick_queries_pass_those_that_take_long(start: Start) -> None:
    template = start(workers=3)
    slow = [in_background(template, ENDLESS, Job(f"slow{n}")) for n in range(6)]
    eventually(running(template, 2))
    for _ in range(20):
        assert template.client.evaluate(asking("ASK {}")).form == "boolean"
    assert not any(result.done() for result in slow)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is time that counts")
def test_a_cheap_query_that_gets_no_processor_keeps_the_quick_lane(start: Start) -> None:
    template = start(workers=3)
    slow = [in_background(template, ENDLESS, Job(f"slow{n}")) for n in range(3)]
    eventually(running(template, 2))
    template.client.evaluate(asking("ASK {}"))
    eventually(lambda: sorted(map(cpu_seconds, workers(template)))[1] > 0.2)
    idle = min(workers(template), key=cpu_seconds)
    os.kill(idle, signal.SIGSTOP)
    try:
        cheap = in_background(template, "ASK { }", Job("cheap"))
        eventually(running(template, 3))
        time.sleep(0.5)
        assert not cheap.done()
    finally:
        os.kill(idle, signal.SIGCONT)
    assert cheap.result(timeout=8)
    assert not any(result.done() for result in slow)


def test_what_only_looks_cheap_does_not_keep_the_quick_lane(start: Start) -> None:
    template = start(workers=2, deadline=5.0)
    deceitful = "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . FILTER(?a = 1) }"
    in_background(template, ENDLESS, Job("slow"))
    eventually(running(template, 1))
    for number in range(3):
        in_background(template, deceitful, Job(f"deceitful{number}"))
    for _ in range(10):
        began = time.monotonic()
        assert template.client.evaluate(asking("ASK {}")).form == "boolean"
        assert time.monotonic() - began < 4


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own there")
@pytest.mark.parametrize("depth", [0, 60])
def test_what_takes_long_gives_way_with_all_its_threads(start: Start, depth: int) -> None:
    template = start(workers=1)
    nested = ENDLESS.replace("ASK {", "ASK {" + "{" * depth, 1) + "}" * depth
    in_background(template, nested, Job("long"))

    def niceness() -> list[int]:
        tasks = [task for pid in workers(template) for task in Path(f"/proc/{pid}/task").iterdir()]
        return [os.getpriority(os.PRIO_PROCESS, int(task.name)) for task in tasks]

    eventually(lambda: set(niceness()) == {10})


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own there")
def test_one_that_gave_way_answers_again(start: Start) -> None:
    template = start(workers=1)
    before = workers(template)
    a_million = ENDLESS
    for name in "ghi":
        a_million = a_million.replace(f"?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}", f"?{name} {{ 0 }}")
    result = in_background(template, a_million, Job("long"))
    eventually(lambda: {os.getpriority(os.PRIO_PROCESS, pid) for pid in before} == {10})
    assert result.result(timeout=20)
    assert template.client.evaluate(asking("ASK {}")).form == "boolean"
    assert workers(template) == before
    if os.geteuid() == 0:  # others may not
        assert {os.getpriority(os.PRIO_PROCESS, pid) for pid in before} == {os.nice(0)}


def test_one_deep_query_after_the_other_is_answered_in_little_memory(start: Start) -> None:
    # Each needs a large stack: two of them have no room beside each other.
    template = start(workers=1, worker_memory=128, deadline=5.0)
    nested = "{" * 60 + "?s ?p ?o" + "}" * 60
    for number in range(600):
        query = f"SELECT * {{ {nested} }} LIMIT 1 #{number}"
        assert template.client.evaluate(asking(query), Job(f"deep{number}")).body


def test_a_client_that_used_much_waits_behind_one_that_did_not(start: Start) -> None:
    template = start(workers=2, deadline=20.0)
    greedy = [
        in_background(template, ENDLESS, Job(f"g{n}", client="greedy", seconds=1.5))
        for n in range(3)
    ]
    eventually(lambda: template.client.status()["waiting"] == 2)
    time.sleep(0.6)  # what runs counts too
    modest = in_background(template, "SELECT * { ?s ?p ?o } ORDER BY ?s", Job("m", client="modest"))
    assert modest.result(timeout=5)
    assert all(isinstance(g.exception(timeout=5), DeadlineExceeded) for g in greedy)


def test_one_worker_dies_alone(start: Start) -> None:
    template = start()
    result = in_background(template, ENDLESS, Job("dies"))
    eventually(running(template, 1))
    busy = max(workers(template), key=cpu_seconds)
    eventually(lambda: cpu_seconds(busy) > 0)
    os.kill(busy, signal.SIGKILL)
    with pytest.raises(Exception, match="killed"):
        result.result(timeout=3)
    assert template.client.evaluate(asking("ASK {}")).form == "boolean"


def test_values_of_several_kinds_are_sorted_though_the_engine_dies_of_it(start: Start) -> None:
    chance = random.Random(0)
    numbers = [chance.randrange(3000) for _ in range(120)]
    written: dict[str, Callable[[int], str]] = {
        "integer": str,
        "string": lambda n: f'"{n}"',
        "date": lambda n: f'"{1000 + n}-01-01"^^xsd:date',
    }
    values = " ".join(written[chance.choice([*written])](number) for number in numbers)
    template = start()
    query = f"SELECT ?o {{ VALUES ?o {{ {values} }} }} ORDER BY ?o"
    answer = json.loads(template.client.evaluate(asking(query)).body)
    found = [row["o"] for row in answer["results"]["bindings"]]
    by_kind = {
        name: [o["value"] for o in found if o.get("datatype", "#string").endswith(f"#{name}")]
        for name in written
    }
    assert len(found) == sum(map(len, by_kind.values())) == 120
    assert by_kind["integer"] == sorted(by_kind["integer"], key=int)
    assert by_kind["string"] == sorted(by_kind["string"])
    assert by_kind["date"] == sorted(by_kind["date"])
    # Otherwise the engine can do it by itself now, and nothing of this is needed.
    assert template.client.status()["deaths"] == {"unsorted": 1}


def test_many_at_once_get_their_own_answers(start: Start) -> None:
    client = start(queue=200).client

    def ask(number: int) -> int:
        answer = client.evaluate(asking(f"SELECT ({number} AS ?n) {{}}"))
        return int(json.loads(answer.body)["results"]["bindings"][0]["n"]["value"])

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(ask, range(200))) == list(range(200))


def test_when_the_template_is_gone_it_says_so(start: Start) -> None:
    template = start()
    result = in_background(template, ENDLESS, Job("left-alone"))
    eventually(running(template, 1))
    busy = workers(template)
    template.stop()
    with pytest.raises(EngineUnavailable):
        result.result(timeout=2)
    with pytest.raises(EngineUnavailable):
        template.client.evaluate(asking("ASK {}"))
    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in busy))


def test_draining_finishes_what_was_begun(start: Start) -> None:
    template = start()
    slow = (
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"VALUES ?v{n} {{ 1 2 3 4 5 6 7 8 9 10 }}" for n in range(6))
        + " }"
    )
    result = in_background(template, slow, Job("begun"))
    eventually(running(template, 1))
    template.drain()
    assert result.result(timeout=10)
    eventually(lambda: not template.alive)
