"""Forecasts of an export, computed again from nothing else."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from graph.forecast.recompute import NothingToRecompute, recompute
from graph.terms import DEFAULT_BASE, Iris
from ontology.namespaces import KG
from ontology.vocabulary import expand
from service.cli import cli
from service.failures import run

FORMS = {"nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG}
FORECASTS = Iris().graph("forecasts")
Change = Callable[[list[Quad]], list[Quad]]


#: Graphs that no forecast is computed from.
IDLE = {Iris().graph(name) for name in ("derived", "audit", "quality")}


@pytest.fixture(scope="module")
def quads(landscape_store: Store) -> list[Quad]:
    """What forecasts are computed from, and forecasts, each statement in its graph alone."""
    return [
        quad
        for quad in landscape_store
        if isinstance(quad.graph_name, NamedNode) and quad.graph_name not in IDLE
    ]


def export(path: Path, quads: list[Quad]) -> Path:
    store = Store()
    store.bulk_extend(quads)
    with path.open("wb") as file:
        store.dump(file, FORMS[path.suffix[1:]])
    return path


@pytest.mark.parametrize(
    "suffix",
    [pytest.param(form, marks=() if form == "trig" else pytest.mark.exhaustive) for form in FORMS],
)
def test_every_digit_comes_out_again(landscape_store: Store, tmp_path: Path, suffix: str) -> None:
    path = export(tmp_path / f"all.{suffix}", list(landscape_store))
    assert recompute(path) == []


@pytest.mark.parametrize(
    "suffix",
    [pytest.param(form, marks=() if form == "nq" else pytest.mark.exhaustive) for form in FORMS],
)
def test_every_digit_comes_out_again_for_who_names_the_base(
    quads: list[Quad], tmp_path: Path, suffix: str
) -> None:
    assert recompute(export(tmp_path / f"all.{suffix}", quads), Iris()) == []


def changed(
    lines: list[str], text: str, change: Callable[[str], str], *, nth: int = 0
) -> list[str]:
    """Lines of N-Quads in which one statement is another, wherever it stands."""
    chosen = [line for line in lines if text in line and f"{FORECASTS} ." in line][nth]
    bare = chosen.replace(f" {FORECASTS} .", " .")
    return [change(line) if line in (chosen, bare) else line for line in lines]


def bump(line: str) -> str:
    """One more in the last digit of the number."""
    found = re.search(r'([0-9])(?="\^\^<[^>]*decimal>)', line)
    assert found
    return line[: found.start()] + str((int(found[1]) + 1) % 10) + line[found.end() :]


def test_one_digit_of_a_forecast_is_found(quads: list[Quad], tmp_path: Path) -> None:
    measures = {KG.forecastMedian, KG.lowerBound, KG.upperBound}
    lines = sorted({f"{quad} ." for quad in quads})
    for measure in measures:
        lines = changed(lines, f'{measure} "', bump, nth=7)
    path = tmp_path / "changed.nq"
    path.write_text("\n".join(lines), "utf-8")
    found = recompute(path)
    exported = {one.quad.predicate: one.quad for one in found if one.exported}
    computed = {one.quad.predicate: one.quad for one in found if not one.exported}
    assert len(found) == 2 * len(measures)
    assert exported.keys() == computed.keys() == measures
    assert all(exported[measure].object != computed[measure].object for measure in measures)


def test_one_digit_of_a_figure_is_found(quads: list[Quad], tmp_path: Path) -> None:
    text = "\n".join(sorted({f"{quad} ." for quad in quads}))
    told = f'{KG.valueAsPrinted} "85.78"'
    assert told in text
    path = tmp_path / "changed.nq"
    path.write_text(text.replace(told, f'{KG.valueAsPrinted} "85.79"'), "utf-8")
    found = recompute(path)
    assert {one.quad.predicate for one in found} >= {KG.forecastMedian, KG.lowerBound}


def test_a_statement_too_few_or_too_many_is_found(quads: list[Quad], tmp_path: Path) -> None:
    of_forecasts = sorted((q for q in quads if q.graph_name == FORECASTS), key=str)
    fewer = [q for q in quads if q != of_forecasts[5]]
    own = Quad(NamedNode("urn:a"), NamedNode("urn:b"), NamedNode("urn:c"), FORECASTS)
    stray, missing = recompute(export(tmp_path / "other.nq", [*fewer, own]))
    assert (missing.quad, missing.exported) == (of_forecasts[5], False)
    assert (stray.quad, stray.exported) == (own, True)


def test_another_version_of_the_software_is_no_difference(
    quads: list[Quad], tmp_path: Path
) -> None:
    version = re.compile(rf"(<{expand('schema:softwareVersion')}> \"therascape )[^\"]*")
    text = "\n".join(sorted({f"{quad} ." for quad in quads}))
    older, number = version.subn(r"\g<1>0.0.1", text)
    assert number
    path = tmp_path / "older.nq"
    path.write_text(older, "utf-8")
    assert recompute(path) == []


def test_the_base_is_that_of_the_export(quads: list[Quad], tmp_path: Path) -> None:
    text = "\n".join(sorted({f"{quad} ." for quad in quads}))
    path = tmp_path / "elsewhere.nq"
    path.write_text(text.replace(f"{DEFAULT_BASE}graph/", "https://example.org/kg/graph/"), "utf-8")
    # Only the graphs have the other base: everything in them is another thing.
    assert recompute(path)
    with pytest.raises(NothingToRecompute, match=r"has no graph https://elsewhere\.example/graph"):
        recompute(path, Iris("https://elsewhere.example/"))


def test_two_graphs_of_forecasts_are_told(quads: list[Quad], tmp_path: Path) -> None:
    other = Iris("https://example.org/kg/")
    cube = Quad(
        NamedNode(f"{other.graph('forecasts').value}#medians"),
        NamedNode(expand("rdf:type")),
        NamedNode(expand("qb:DataSet")),
        other.graph("forecasts"),
    )
    path = export(tmp_path / "two.nq", [*quads, cube])
    with pytest.raises(NothingToRecompute, match="several graphs of forecasts: "):
        recompute(path)
    assert recompute(path, Iris()) == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("export.csv", b"a,b\n", "is no N-Quads or TriG file"),
        ("export.nt", b"", "is no N-Quads or TriG file"),
        ("export", b"", "is no N-Quads or TriG file"),
        ("export.nq", b"a,b\n", "cannot be read"),
        ("export.nq", b"\xff\xfe\x00", "cannot be read"),
        ("export.trig", b"<urn:a> <urn:b> ", "cannot be read"),
        ("export.nq", b"", "has no graph of forecasts"),
        ("export.nq", b"<urn:a> <urn:b> <urn:c> .\n", "has no graph of forecasts"),
        ("export.nq", b"<urn:a> <urn:b> <urn:c> <urn:x-graph/forecasts> .\n", "has no graph of"),
        ("export.nq", b"<urn:a> <urn:b> <urn:c> <http://x/graph/forecasts> .\n", "has no graph of"),
    ],
)
def test_what_is_no_export(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(NothingToRecompute, match=message):
        recompute(path)


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        recompute(tmp_path / "nothing.nq")


def test_on_the_command_line(
    quads: list[Quad], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = export(tmp_path / "whole.nq", quads)
    assert run(cli, ["forecast", "--check", str(whole)]) == 0
    assert capsys.readouterr().out == "Every forecast came out again.\n"
    part = tmp_path / "part.nq"
    lines = sorted({f"{quad} ." for quad in quads})
    part.write_text("\n".join(changed(lines, f'{KG.forecastMedian} "', bump)), "utf-8")
    assert run(cli, ["forecast", "--check", str(part)]) == 1
    told = capsys.readouterr()
    assert [line.split(":")[0] for line in told.out.splitlines()] == ["exported", "computed"]
    assert told.err == "2 statements differ\n"
