"""What is found out of a database when a service starts."""

import pytest
from pyoxigraph import QueryBoolean, Store

from graph.remote import Dialect
from graph.remote.dialect import Probe, probes
from graph.remote.normal import normal


@pytest.mark.parametrize("probe", probes(), ids=lambda probe: probe.name)
def test_the_embedded_engine_gives_what_each_probe_expects(probe: Probe) -> None:
    """A probe that it failed would name as a limit elsewhere what is one here."""
    found = Store().query(probe.query)
    assert not isinstance(found, QueryBoolean)
    assert [row["x"].value for row in found] == list(probe.gives)


def test_each_probe_has_a_name_of_its_own_and_says_what_users_see() -> None:
    assert len({probe.name for probe in probes()}) == len(probes())
    assert all(probe.means and probe.means[-1] != "." for probe in probes())


def test_what_health_says() -> None:
    told = Dialect(10_000, 500, True, {"a": "b"}).told()
    assert told == {
        "row_cap": 10_000,
        "triple_cap": 500,
        "merges_default_graphs": True,
        "limits": {"a": "b"},
    }


@pytest.mark.parametrize(
    ("value", "datatype", "expected"),
    [
        ("1", "boolean", ("true", "boolean")),
        ("24.00", "decimal", ("24", "decimal")),
        ("01", "integer", ("1", "integer")),
        ("2024", "gYear", ("2024", "gYear")),
        ("5", "int", ("5", "integer")),
        ("no number", "integer", ("no number", "integer")),
    ],
)
def test_literals_are_spelt_as_here(value: str, datatype: str, expected: tuple[str, str]) -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    term = normal({"type": "typed-literal", "value": value, "datatype": xsd + datatype})
    assert (term["value"], term["datatype"].removeprefix(xsd)) == expected
