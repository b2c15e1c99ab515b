"""The engine behind the wall, with nobody reading what it is given."""

import sys
from collections import Counter

import pytest

from graph.template.wall import wall_available
from tests.egress import careless
from tests.egress.conftest import GENERATED, Traps
from tests.egress.traps import PLANTED, SECRET, STOLEN

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="files are watched with inotify"),
    pytest.mark.skipif(not wall_available(), reason="this system has no wall"),
]


@pytest.fixture(scope="module")
def reached(all_traps: Traps) -> set[str]:
    """The attacks that reach the listener when there is no wall and nobody reads them."""
    all_traps.reset()
    all_traps.run(all_traps.corpus + all_traps.generated[:400], wall=False)
    return all_traps.reached()


def test_the_corpus_is_large(traps: Traps) -> None:
    kinds = Counter(attack.kind for attack in traps.corpus)
    assert kinds["query"] > 150
    assert kinds["update"] > 50
    assert kinds["body"] > 30
    assert len({attack.name for attack in traps.corpus}) == len(traps.corpus)
    assert len({attack.text for attack in traps.generated}) == GENERATED


def test_without_the_wall_attacks_do_get_out(traps: Traps) -> None:
    outcomes = traps.run(traps.corpus, wall=False)
    assert traps.listener.connections > 150
    leaked = {name for name, outcome in outcomes.items() if outcome.leaked}
    assert len(leaked) > 60
    assert {"plain", "exists-in-order", "prefixed", "comment-between", "load", "using"} <= (
        traps.reached()
    )


def test_without_the_wall_generated_attacks_do_get_out(traps: Traps) -> None:
    traps.run(traps.generated[:400], wall=False)
    assert len(traps.reached()) > 200


def test_without_any_care_files_are_read_and_documents_fetched(traps: Traps) -> None:
    kept = {"datasets", "documents", "loads"}
    found = careless.answers(attack for attack in traps.corpus if attack.file in kept)
    assert traps.watch.opened() >= {"secret.nt", "secret.ttl", "secret.rdf", "context.jsonld"}
    assert sum(SECRET in output for output in found.values()) > 10
    assert sum(STOLEN in output for output in found.values()) > 10
    assert {"from-http", "context-http", "context-import", "load"} <= traps.reached()


@pytest.mark.parametrize("files", [True, False], ids=["files-too", "network-only"])
def test_behind_the_wall_nothing_gets_out(traps: Traps, reached: set[str], *, files: bool) -> None:
    traps.reset()
    outcomes = traps.run(traps.corpus, wall=True, files=files)
    assert traps.listener.hits == 0
    assert traps.watch.opened() == set()
    assert [name for name, outcome in outcomes.items() if outcome.leaked] == []
    # No attack that would have got out has an answer, not even one that looks complete.
    got_out = {attack.name for attack in traps.corpus} & reached
    assert {name: outcomes[name].how for name in got_out} == dict.fromkeys(got_out, "remote")
    assert {outcome.how for outcome in outcomes.values()} == {"answer", "error", "remote"}


@pytest.mark.parametrize(
    "most", [600, pytest.param(GENERATED, marks=[pytest.mark.exhaustive, pytest.mark.timeout(300)])]
)
def test_behind_the_wall_nothing_generated_gets_out(
    traps: Traps, reached: set[str], most: int
) -> None:
    traps.reset()
    outcomes = traps.run(traps.generated[:most], wall=True)
    assert traps.listener.hits == 0
    assert [name for name, outcome in outcomes.items() if outcome.leaked] == []
    # Which rows EXISTS and LIMIT look at first is chance: few have an answer without a SERVICE.
    got_out = outcomes.keys() & reached
    others = [name for name in got_out if outcomes[name].how != "remote"]
    assert len(got_out) > 200
    assert len(others) < len(got_out) / 20
    assert {outcome.how for outcome in outcomes.values()} == {"answer", "error", "remote"}


def test_the_watch_sees_who_opens_a_file(traps: Traps, all_traps: Traps) -> None:
    folder = all_traps.watch._folder
    assert {file.name for file in folder.iterdir()} == set(PLANTED)
    (folder / "secret.txt").read_text()
    assert traps.watch.opened() == {"secret.txt"}
