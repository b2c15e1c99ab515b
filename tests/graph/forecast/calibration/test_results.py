"""How forecasts did, in the graph: by hand on small markets, and on what is shipped."""

import csv
import hashlib
import math
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path

import pyshacl
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store
from rdflib import RDF as RDFLIB_RDF
from rdflib import Graph, URIRef

from graph.dates import parse_date
from graph.figures.model import Figure, Publication, Published, Scope
from graph.figures.stored import read_published, selecting
from graph.forecast.calibration import results as calibration
from graph.forecast.calibration.markets import DESIGNS
from graph.forecast.calibration.revisions import NOTE
from graph.forecast.calibration.simulation import SimulationRow
from graph.forecast.calibration.statements import in_logs
from graph.forecast.calibration.trials import BY_CONSTRUCTION
from graph.forecast.choices import Choices
from graph.forecast.forecasting import forecasts
from graph.forecast.models.random_growth import FEW
from graph.forecast.selection import select
from graph.forecast.stating import statements
from graph.numbers import parse_measure
from graph.terms import Iris
from ontology.namespaces import DCT, KG, PROV, RDF, RDFS, XSD
from ontology.vocabulary import expand
from tests.graph.forecast.test_determinism import FEATURES

IRIS = Iris("https://example.org/")
ROOT = Path(__file__).resolve().parents[4]
REFERENCE = ROOT / "seeds" / "reference"
MARKET = IRIS.thing("market", "lumen-grafts")
_PERIOD = NamedNode(expand("sdmx-dimension:refPeriod"))
_UNIT = NamedNode(expand("sdmx-attribute:unitMeasure"))


def _edition(
    slug: str,
    values: dict[int, str],
    edition: str | None = None,
    *,
    group: str = "",
    unit: str = "usd-billion",
    scope: Scope | None = None,
) -> list[Figure]:
    agent = IRIS.thing("agent", group or slug).value
    publication = Publication(
        IRIS.source(slug).value,
        f"Page of {slug}",
        agent,
        agent,
        edition=parse_date(edition) if edition else None,
    )
    return [
        Figure(
            IRIS.thing("claim", f"{slug}-{n}").value,
            publication,
            scope or Scope(MARKET.value),
            year,
            parse_measure(value),
            unit,
        )
        for n, (year, value) in enumerate(values.items())
    ]


def _published(*editions: list[Figure]) -> Published:
    return Published([figure for edition in editions for figure in edition])


#: Four groups, each twice the one before, and twice as much in 2030.
DOUBLING = _published(
    _edition("acme", {2020: "10.0", 2030: "20.0"}),
    _edition("borealis", {2020: "20.0", 2030: "40.0"}),
    _edition("cirrus", {2020: "40.0", 2030: "80.0"}),
    _edition("dorado", {2020: "80.0", 2030: "160.0"}),
)


def _store(quads: Iterable[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


def _values(store: Store, node: NamedNode, predicate: NamedNode) -> list[str]:
    quads = store.quads_for_pattern(node, predicate, None, None)
    return sorted(q.object.value for q in quads if isinstance(q.object, NamedNode | Literal))


def _where(store: Store, **told: str) -> list[NamedNode]:
    """The results whose properties of ours end with these values."""
    found = []
    for quad in store.quads_for_pattern(None, RDF.type, KG.CalibrationResult, None):
        assert isinstance(quad.subject, NamedNode)
        values = {name: _values(store, quad.subject, getattr(KG, name)) for name in told}
        if all(any(v.rsplit("/", 1)[-1] == told[n] for v in values[n]) for n in told):
            found.append(quad.subject)
    return found


@pytest.fixture(scope="module")
def doubling() -> Store:
    return _store(calibration.statements(DOUBLING, IRIS))


@pytest.fixture(scope="module")
def shipped(landscape_store: Store) -> Published:
    return read_published(selecting(landscape_store, Iris()))


def test_a_trial_by_hand(doubling: Store) -> None:
    """Without the least of four, the logs of the rest are 1, 2, 3 times ln 2 above its own.

    s = ln 2, t(2 df, 90 %) = 0.8 √2 / 0.6, so the width is 2 t ln 2 √(4/3).
    """
    (node, last) = sorted(
        _where(
            doubling,
            leftOutGroup="acme",
            forecastModel="model-r0",
            probability="0.8",
        ),
        key=lambda n: _values(doubling, n, _PERIOD),
    )
    width = 2 * (0.8 * math.sqrt(2) / 0.6) * math.log(2) * math.sqrt(4 / 3)
    assert _values(doubling, node, KG.intervalWidth) == ["3.01841"] == [f"{width:.5f}"]
    # 2 ln 2 below the median, less than half the width: inside, and the score is the width.
    assert _values(doubling, node, KG.insideCount) == ["1"]
    assert _values(doubling, node, KG.intervalScore) == ["3.01841"]
    assert _values(doubling, node, KG.pooledGroups) == ["3"]
    assert _values(doubling, node, KG.triedMarket) == [MARKET.value]
    assert _values(doubling, node, KG.borrowed) == ["false"]
    assert [_values(doubling, n, _PERIOD) for n in (node, last)] == [["2020"], ["2030"]]
    which = [_values(doubling, n, KG.triedYear)[0].rsplit("/", 1)[1] for n in (node, last)]
    assert which == ["tried-year-first", "tried-year-last"]


def test_a_claim_outside_by_hand(doubling: Store) -> None:
    """At 50 % t(2 df, 75 %) = 0.5 √2 / √0.75: half the width is 0.94 ln 2, the claim 2 ln 2 off."""
    node = _where(doubling, leftOutGroup="acme", forecastModel="model-r0", probability="0.5")[0]
    half = 0.5 * math.sqrt(2) / math.sqrt(0.75) * math.log(2) * math.sqrt(4 / 3)
    assert _values(doubling, node, KG.insideCount) == ["0"]
    score = 2 * half + 2 / 0.5 * (2 * math.log(2) - half)
    assert Decimal(_values(doubling, node, KG.intervalScore)[0]) == Decimal(f"{score:.5f}")


def test_each_group_is_one_trial_and_summaries_count_them(doubling: Store) -> None:
    groups, years, models, levels = 4, 2, 4, 3
    trials = _where(doubling, borrowed="false")
    trials = [node for node in trials if _values(doubling, node, KG.leftOutGroup)]
    assert len(trials) == groups * years * models * levels
    summaries = [n for shared in ("true", "false") for n in _where(doubling, sharedTrials=shared)]
    # Of the market, and of all markets together; of all trials, and of shared ones.
    assert len(summaries) == 2 * 2 * years * models * levels
    assert {tuple(_values(doubling, n, KG.trialCount)) for n in summaries} == {("4",)}
    of_market = [n for n in summaries if _values(doubling, n, KG.triedMarket)]
    assert len(of_market) == len(summaries) / 2
    # R0 at 80 %: 3.02 and 4.61 wide around claims 1.39 and 0.46 off, and the same from above.
    told = {
        tuple(_values(doubling, n, KG.insideCount))
        for n in _where(doubling, sharedTrials="true", forecastModel="model-r0", probability="0.8")
    }
    assert told == {("4",)}


def test_how_trials_were_made_is_told(doubling: Store) -> None:
    node = IRIS.statement("calibration", ["calibration-leave-one-out"])
    assert PROV.Activity.value in _values(doubling, node, RDF.type)
    assert _values(doubling, node, RDFS.comment) == [BY_CONSTRUCTION]
    assert _values(doubling, node, PROV.used) == sorted(f.key for f in DOUBLING.figures)
    assert '"n": 4' in _values(doubling, node, KG.parameters)[0]
    assert _values(doubling, node, NamedNode(expand("schema:softwareVersion")))
    made = doubling.quads_for_pattern(None, PROV.wasGeneratedBy, None, None)
    assert len(Counter(q.object.value for q in made if isinstance(q.object, NamedNode))) == 2
    simulated = IRIS.statement("calibration", ["calibration-simulation"])
    assert _values(doubling, simulated, KG.seed) == ["0"]
    assert _values(doubling, simulated, KG.parameters) == ['{"n": 400}']
    assert not _values(doubling, simulated, PROV.used)


def test_what_was_not_tried_is_told() -> None:
    told = _store(calibration.statements(_published(*_by_publication(DOUBLING)[:2]), IRIS))
    node = IRIS.statement("calibration", ["calibration-leave-one-out"])
    comments = _values(told, node, RDFS.comment)
    assert len(comments) == 3
    assert sum("fewer than two groups remain" in comment for comment in comments) == 2
    assert not [n for n in _where(told) if _values(told, n, KG.leftOutGroup)]


def _by_publication(published: Published) -> list[list[Figure]]:
    keys = dict.fromkeys(f.publication.key for f in published.figures)
    return [[f for f in published.figures if f.publication.key == key] for key in keys]


def test_a_revision_by_hand() -> None:
    """Constant growth from 4 to 16 passes 8 halfway; a later edition prints 10 for that year."""
    told = _published(
        _edition("old", {2020: "4.00", 2024: "16.0"}, "2022-03", group="acme"),
        _edition("new", {2022: "10000", 2030: "50000"}, "2024", group="acme", unit="usd-million"),
    )
    store = _store(calibration.statements(told, IRIS))
    (node,) = _where(store, ownEdition="true")
    assert not _where(store, ownEdition="false")
    assert _values(store, node, KG.saidValue) == ["8000"]
    assert _values(store, node, KG.laterValue) == ["10000"]
    assert _values(store, node, _UNIT) == [IRIS.thing("concept", "usd-million").value]
    assert _values(store, node, KG.claimRatio) == ["1.25"]
    assert _values(store, node, KG.logDifference) == ["0.223144"]
    assert _values(store, node, KG.interpolated) == ["true"]
    assert _values(store, node, _PERIOD) == ["2022"]
    assert _values(store, node, KG.olderEdition) == [IRIS.source("old").value]
    assert _values(store, node, KG.laterEdition) == [IRIS.source("new").value]
    rests = [IRIS.thing("claim", slug).value for slug in ("new-0", "old-0", "old-1")]
    assert _values(store, node, PROV.wasDerivedFrom) == rests
    maker = IRIS.statement("calibration", ["calibration-revision"])
    assert _values(store, maker, RDFS.comment) == [NOTE]
    assert _values(store, maker, KG.parameters) == ['{"groups": 1, "n": 1}']


def test_whose_a_later_claim_is_follows_from_identical_series() -> None:
    """Borealis prints the series of Acme: what it revises is not that of another."""
    series = {2020: "4.11", 2024: "16.2"}
    told = _published(
        _edition("acme", series, "2021"),
        _edition("borealis-old", series, "2022", group="borealis"),
        _edition("borealis", {2020: "5.02", 2024: "17.3"}, "2024"),
    )
    cases = calibration.revised(told).cases
    assert {case.group for case in cases} == {IRIS.thing("agent", "acme").value}
    assert {case.whose for case in cases} == {"own"}


def test_cases_of_segments_tell_their_part() -> None:
    segment = Scope(MARKET.value, IRIS.thing("segment", "acme-knees").value)
    told = _published(
        _edition("old", {2020: "4"}, "2021", scope=segment),
        _edition("new", {2020: "5"}, "2023", scope=segment),
    )
    store = _store(calibration.statements(told, IRIS))
    (node,) = _where(store, ownEdition="false")
    assert _values(store, node, KG.triedPart) == [segment.segment]
    assert _values(store, node, KG.interpolated) == ["false"]


_ROW = SimulationRow(
    design="copied",
    model="R0",
    k=3,
    counted=6,
    n=400,
    intervals=400,
    levels=(0.5, 0.8),
    claim=(0.43, 0.735),
    claim_error=(0.025, 0.022),
    truth=(0.42, 0.741),
    truth_error=(0.025, 0.022),
    bias=0.031,
    bias_error=0.011,
    width=(0.5, 1.0),
)


def _failures(row: SimulationRow) -> list[list[str]]:
    return [sorted(told) for told in calibration.failures(row)]


def test_where_intervals_fail_by_hand() -> None:
    """Three errors of 400 at 50 % are 0.075, at 80 % 0.06; of the bias 0.033."""
    assert _failures(_ROW) == [["truth"], ["claims"]]
    assert _failures(replace(_ROW, bias=-0.034)) == [["bias", "truth"], ["bias", "claims"]]
    # With a quarter of the simulations, the same rates are no evidence.
    assert _failures(replace(_ROW, intervals=100)) == [[], []]
    none = replace(_ROW, intervals=0, claim=None, truth=None, bias=None, bias_error=None)
    assert _failures(none) == [[], []]


def test_the_simulation_fails_where_it_is_made_to() -> None:
    failed = Counter[tuple[str, str]]()
    for row in calibration.simulated():
        for told in calibration.failures(row):
            failed.update((row.design, one) for one in told)
    assert failed["copied", "claims"] > 10
    assert failed["mixed-scopes", "bias"] == sum(
        3 for row in calibration.simulated() if row.design == "mixed-scopes"
    )
    assert failed["common-bias", "truth"] > 5
    assert failed["common-bias", "claims"] == 0
    assert failed["unlike-donors", "claims"] > 0
    assert not [design for design, _ in failed if design == "balanced"]


def test_simulated_rows_are_in_the_graph(doubling: Store) -> None:
    rows = calibration.simulated()
    nodes = [n for n in _where(doubling) if _values(doubling, n, KG.calibrationDesign)]
    assert len(nodes) == 3 * len(rows)
    row = next(r for r in rows if (r.design, r.model, r.k) == ("copied", "R0", 3))
    (node,) = (
        n
        for n in _where(doubling, calibrationDesign="design-copied", forecastModel="model-r0")
        if _values(doubling, n, KG.pooledGroups) == ["3"]
        and _values(doubling, n, KG.probability) == ["0.8"]
    )
    assert row.claim is not None
    assert row.truth is not None
    assert [float(v) for v in _values(doubling, node, KG.claimCoverage)] == [row.claim[1]]
    assert [float(v) for v in _values(doubling, node, KG.truthCoverage)] == [row.truth[1]]
    assert _values(doubling, node, KG.countedGroups) == ["6"]
    failure = IRIS.thing("concept", "failure-claims").value
    assert _values(doubling, node, KG.intervalFailure) == [failure]
    # R0 has no interval where groups with a single year leave fewer than three paths.
    (empty, *_) = (
        n
        for n in _where(doubling, calibrationDesign="design-single-years", intervalCount="0")
        if _values(doubling, n, KG.trialCount) == ["400"]
    )
    assert not _values(doubling, empty, KG.claimCoverage)


def test_designs_are_concepts_with_their_texts() -> None:
    with (REFERENCE / "concepts.forecasts.csv").open(encoding="utf-8", newline="") as file:
        told = {row["slug"]: row["definition"] for row in csv.DictReader(file)}
    designs = {slug: text for slug, text in told.items() if slug.startswith("design-")}
    assert designs == {f"design-{design.name}": design.text for design in DESIGNS}


def test_without_figures_there_is_the_simulation_alone() -> None:
    store = _store(calibration.statements(Published(), IRIS))
    kinds = Counter(_values(store, n, DCT.type)[0].rsplit("/", 1)[-1] for n in _where(store))
    assert set(kinds) == {"calibration-simulation"}


def test_last_bits_are_no_digits() -> None:
    assert in_logs(3e-17) == in_logs(-2.2e-16) == 0
    assert str(in_logs(5.999999999999999)) == "6"
    assert str(in_logs(0.2231435513142097)) == "0.223144"


def test_published_numbers_have_six_digits_and_nodes_have_names(shipped: Published) -> None:
    quads = list(calibration.statements(shipped, Iris()))
    assert len(quads) == len(set(quads)) > 5000
    for quad in quads:
        assert not {type(quad.subject), type(quad.object)} & {BlankNode}
        assert quad.graph_name == Iris().graph("forecasts")
        if isinstance(quad.object, Literal) and quad.object.datatype == XSD.decimal:
            number = Decimal(quad.object.value)
            assert len(number.normalize().as_tuple().digits) <= 6
            assert "E" not in quad.object.value


def test_trials_of_what_is_shipped(shipped: Published) -> None:
    trials = calibration.left_out(select(shipped, Choices()), Choices())
    store = _store(calibration.statements(shipped, Iris()))
    nodes = [n for n in _where(store) if _values(store, n, KG.leftOutGroup)]
    assert len(nodes) == len(trials.trials) > 200
    for summary in _where(store, sharedTrials="false"):
        if not _values(store, summary, KG.triedMarket):
            (n,), (inside,) = (_values(store, summary, p) for p in (KG.trialCount, KG.insideCount))
            assert 0 <= Decimal(inside) <= int(n) <= trials.n
    node = Iris().statement("calibration", ["calibration-leave-one-out"])
    comments = _values(store, node, RDFS.comment)
    assert len(comments) == 1 + len(trials.omissions)
    assert set(_values(store, node, PROV.used)) <= {f.key for f in shipped.figures}


# ---------------------------------------------------------------------- the page

PAGE = (ROOT / "docs" / "forecasts.md").read_text("utf-8")


def _table(heading: str) -> list[list[str]]:
    """The rows of the table of the page that begins with this cell."""
    lines = PAGE[PAGE.index(f"| {heading} |") :].partition("\n\n")[0].splitlines()
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_page_shows_the_simulation() -> None:
    rows = {(row.design, row.model): row for row in calibration.simulated() if row.k == 4}
    expected = []
    for design in DESIGNS:
        own = rows[design.name, "R1"]
        r1 = rows[design.name, "R1 borrowed"] if own.counted < FEW else own
        cells, failed = [design.name], []
        for name, row in (("R0", rows[design.name, "R0"]), ("R1", r1)):
            assert row.claim is not None
            assert row.truth is not None
            cells += [f"{n:.3f}" for n in (row.claim[1], row.truth[1], row.bias)]
            if told := _failures(row)[1]:
                failed.append(f"{name} {', '.join(told)}")
        expected.append([*cells, "; ".join(failed)])
    assert _table("design") == expected


def test_the_page_shows_what_the_prior_weight_does(shipped: Published) -> None:
    market = Iris().thing("market", "latin-america-cell-and-gene-therapy-market").value
    rows = _table("\N{GREEK SMALL LETTER NU}")
    assert len(rows) == 6
    for weight, median, *bounds in rows:
        found = forecasts(shipped, Choices(prior_weight=float(weight)))[market]
        (year,) = (year for year in found.years if year.year == 2030)
        assert float(year.median) == pytest.approx(float(median), rel=0.01)
        if weight == "0":
            assert not year.intervals
            assert bounds == ["none"] * 3
        for interval, cell in zip(year.intervals, bounds, strict=weight != "0"):
            told = [float(number.replace(",", "")) for number in cell.split(" to ")]
            assert [float(interval.lower), float(interval.upper)] == pytest.approx(told, rel=0.01)


# ------------------------------------------------------------------------ shapes


@cache
def _shapes() -> Graph:
    graph = Graph()
    text = (files("ontology") / "shapes-forecasts.ttl").read_text("utf-8")
    return graph.parse(data=text, format="turtle")


def _data(quads: Iterable[Quad]) -> Graph:
    """Statements with the classes of what they speak of; concepts are those of the registers."""
    graph = Graph()
    lines = [f"{q.subject} {q.predicate} {q.object} ." for q in quads]
    graph.parse(data="\n".join(lines), format="nt")
    for file in sorted(REFERENCE.glob("concepts*.csv")):
        with file.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                node = URIRef(IRIS.thing("concept", row["slug"]).value)
                graph.add((node, RDFLIB_RDF.type, URIRef(f"{expand('skos:')}Concept")))
    graph.add((URIRef(MARKET.value), RDFLIB_RDF.type, URIRef(KG.Market.value)))
    return graph


def _conforms(graph: Graph) -> tuple[bool, str]:
    conforms, _, text = pyshacl.validate(graph, shacl_graph=_shapes(), inference="none")
    return bool(conforms), str(text)


def test_forecasts_and_calibration_fit_their_shapes() -> None:
    conforms, text = _conforms(_data(statements(DOUBLING, IRIS)))
    assert conforms, text


@pytest.mark.parametrize(
    ("cls", "predicate", "planted"),
    [
        ("CalibrationResult", KG.intervalWidth, '"-1"'),
        ("CalibrationResult", KG.claimCoverage, '"1.2"'),
        ("CalibrationResult", DCT.type, None),
        ("CalibrationResult", PROV.wasGeneratedBy, None),
        ("CalibrationResult", KG.trialCount, '"0"'),
        ("Forecast", KG.forecastMedian, '"0"'),
        ("Forecast", KG.lowerBound, '"100000"'),
        ("Forecast", KG.upperBound, '"0.5"'),
        ("Forecast", KG.estimand, None),
        ("Forecast", KG.coveringGroups, '"9"'),
        ("Forecast", KG.probability, '"1"'),
    ],
)
def test_shapes_find_what_is_planted(cls: str, predicate: NamedNode, planted: str | None) -> None:
    """One value of one node is replaced, or taken away."""
    quads = [q for q in statements(DOUBLING, IRIS) if q.predicate != KG.calibrationDesign]
    kind = NamedNode(expand(f"kg:{cls}"))
    nodes = {q.subject for q in quads if q.predicate == RDF.type and q.object == kind}
    spoilt = next(q for q in quads if q.subject in nodes and q.predicate == predicate)
    activities = {q.subject for q in quads if q.object == PROV.Activity}
    kept = [q for q in quads if q.subject in {spoilt.subject, *activities} and q != spoilt]
    if planted:
        assert isinstance(spoilt.object, Literal)
        value = Literal(planted.strip('"'), datatype=spoilt.object.datatype)
        kept.append(Quad(spoilt.subject, spoilt.predicate, value, spoilt.graph_name))
    sound = [q for q in quads if q.subject in {spoilt.subject, *activities}]
    assert _conforms(_data(sound))[0]
    assert not _conforms(_data(kept))[0]


# ------------------------------------------------------------------- determinism


def digest() -> str:
    """Of all statements on a small market and of the simulation."""
    lines = sorted(str(quad) for quad in calibration.statements(DOUBLING, IRIS))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def test_the_order_of_figures_means_nothing() -> None:
    turned = replace(DOUBLING, figures=tuple(reversed(DOUBLING.figures)))
    one, other = (set(calibration.statements(p, IRIS)) for p in (DOUBLING, turned))
    assert one == other


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "OPENBLAS_NUM_THREADS": "1"},
        {"NPY_DISABLE_CPU_FEATURES": " ".join(FEATURES)},
    ],
    ids=["hash seed", "processor"],
)
def test_the_same_bytes_elsewhere(environment: dict[str, str]) -> None:
    command = "from tests.graph.forecast.calibration.test_results import digest; print(digest())"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [digest()]
