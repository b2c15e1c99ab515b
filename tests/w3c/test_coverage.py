"""Every test of the suites is run, or named with the reason why not."""

from types import ModuleType

from tests.w3c import (
    test_graph_store,
    test_protocol,
    test_query_evaluation,
    test_service_description,
    test_syntax,
    test_update_evaluation,
)
from tests.w3c.expected import BY_VALUE, FAILURES, FAULTS, NOT_RUN
from tests.w3c.manifests import MF, SUITES, entries, needs_suites, read_manifest

pytestmark = needs_suites

MODULES: tuple[ModuleType, ...] = (
    test_graph_store,
    test_protocol,
    test_query_evaluation,
    test_service_description,
    test_syntax,
    test_update_evaluation,
)


def run() -> list[str]:
    return [case.id for module in MODULES for case in module.cases()]


def test_every_test_is_run_once_or_named() -> None:
    manifests = {
        path.relative_to(SUITES).as_posix()
        for path in SUITES.rglob("*.ttl")
        if "manifest" in path.name and read_manifest(path).having(MF + "entries")
    }
    assert NOT_RUN.keys() <= manifests
    known = [entry.id for name in sorted(manifests - NOT_RUN.keys()) for entry in entries(name)]
    assert len(known) > 1000
    assert sorted(run()) == sorted(known)


def test_only_tests_that_are_run_are_expected_to_fail() -> None:
    assert {failure.fault for failure in FAILURES.values()} <= set(FAULTS)
    assert not FAILURES.keys() & BY_VALUE.keys()
    assert FAILURES.keys() | BY_VALUE.keys() <= set(run())
