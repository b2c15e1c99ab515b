"""What refuses an attack before the engine sees it, by itself."""

import pytest

from graph.query import QueryError, RemoteAccessRefused
from graph.query.checks import admit
from tests.egress.conftest import Traps


def refused(text: str) -> str:
    """The name of the error, or nothing."""
    try:
        admit(text, {"kg", "rdfs"})
    except QueryError as error:
        return type(error).__name__
    return ""


def test_every_generated_query_is_refused(traps: Traps) -> None:
    queries = [attack for attack in traps.generated if attack.kind == "query"]
    assert len(queries) > 1000
    assert {refused(attack.text) for attack in queries} == {RemoteAccessRefused.__name__}


@pytest.mark.parametrize("file", ["positions", "endpoints"])
def test_every_position_and_endpoint_is_refused(traps: Traps, file: str) -> None:
    found = {a.name: refused(a.text) for a in traps.corpus if a.file == file}
    assert found == dict.fromkeys(found, RemoteAccessRefused.__name__)


def test_every_disguise_is_refused_or_no_query(traps: Traps) -> None:
    found = {a.name: refused(a.text) for a in traps.corpus if a.file == "disguises"}
    assert set(found.values()) <= {"RemoteAccessRefused", "QuerySyntaxError"}


def test_what_only_names_an_address_is_no_attack(traps: Traps) -> None:
    # Addresses are names in SPARQL; nothing is fetched, so there is nothing to refuse.
    found = {a.name: refused(a.text) for a in traps.corpus if a.file in ("datasets", "parameters")}
    assert RemoteAccessRefused.__name__ not in found.values()
