"""Forecasts as statements: well-formed cubes, few digits, and no mixing with printed figures."""

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from graph.figures.model import Publication, Published, Scope, Share
from graph.figures.stored import read_published, selecting
from graph.forecast.choices import MODELS, Choices
from graph.forecast.forecasting import forecasts
from graph.forecast.observations import INTERVALS, MEDIANS, cubes, observations
from graph.forecast.results import Forecast
from graph.forecast.writing import GRAPH
from graph.terms import Iris
from ontology.namespaces import KG, PROV, QB, RDF
from ontology.vocabulary import expand
from tests.graph.forecast.made import figure, publication, published, series, share

IRIS = Iris("https://example.org/")
MARKETS = [f"{IRIS.base}id/market/{name}" for name in ("full", "thin", "single")]
DATA_SET, STRUCTURE = QB.dataSet, QB.structure
PERIOD = NamedNode(expand("sdmx-dimension:refPeriod"))
STATUS = NamedNode(expand("sdmx-attribute:obsStatus"))
SEGMENT = f"{IRIS.base}id/segment/x"


def _iri(name: str) -> str:
    return f"{IRIS.base}source/{name.lower().replace(' ', '-').replace('/', '-')}"


def _as_iris(given: Published) -> Published:
    """Made figures have words for keys; statements need IRIs."""

    def of(one: Publication) -> Publication:
        return replace(one, key=_iri(one.key), publisher=_iri(one.publisher), group=_iri(one.group))

    figures = [
        replace(
            f,
            key=_iri(f"{f.publication.key} {f.scope.market[-4:]} {f.year}"),
            publication=of(f.publication),
        )
        for f in given.figures
    ]
    shares = [
        replace(
            s,
            key=_iri(f"{s.publication.key} share {s.scope.segment[-1]}"),
            publication=of(s.publication),
            scope=replace(s.scope, market=MARKETS[0]),
            dimension=f"{IRIS.base}id/concept/kind",
        )
        for s in given.shares
    ]
    return replace(given, figures=figures, shares=shares)


def made(*, shares: Sequence[Share] = ()) -> Published:
    """A market that lends, one that borrows, and one of which only a figure is printed."""
    full = [
        series(name, (2024, f"{9 + n}.3"), (2030 + n, f"{20 + 3 * n}.7"), market=MARKETS[0])
        for n, name in enumerate("ABCDE")
    ]
    thin = series("F", (2024, "3.1"), (2029, "5.2"), market=MARKETS[1])
    single = [figure(publication("F"), 2024, "1.2", market=MARKETS[2])]
    return _as_iris(published(*full, thin, single, shares=tuple(shares)))


def _forecasts(given: Published) -> dict[str, dict[str, Forecast]]:
    return {model: forecasts(given, Choices(model=model)) for model in MODELS}


def quads(given: Published) -> list[Quad]:
    by_model = _forecasts(given).values()
    return [*cubes(IRIS), *chain.from_iterable(observations(given, f, IRIS) for f in by_model)]


def store_of(given: Published) -> Store:
    store = Store()
    store.extend(quads(given))
    return store


Term = NamedNode | Literal


def term(node: object) -> Term:
    assert isinstance(node, NamedNode | Literal)
    return node


def objects(store: Store, subject: object, predicate: object) -> list[Term]:
    assert isinstance(subject, NamedNode)
    assert isinstance(predicate, NamedNode)
    quads = store.quads_for_pattern(subject, predicate, None, None)
    return [term(quad.object) for quad in quads]


def value(store: Store, subject: object, predicate: object) -> str:
    """The text of the one object."""
    (found,) = objects(store, subject, predicate)
    return found.value


def subjects(store: Store, predicate: NamedNode, of: object) -> set[Term]:
    found = store.quads_for_pattern(None, predicate, term(of), None)
    return {term(quad.subject) for quad in found}


def check_cubes(store: Store) -> int:
    """The integrity constraints 1, 11, 12, 14 and 19 of the RDF Data Cube; how many there are."""
    seen: Counter[tuple[object, ...]] = Counter()
    for observation in subjects(store, RDF.type, QB.Observation):
        (cube,) = set(objects(store, observation, DATA_SET))
        (structure,) = set(objects(store, cube, STRUCTURE))
        parts = objects(store, structure, QB.component)
        by_role = {
            role: sorted(
                {d for part in parts for d in objects(store, part, role)},
                key=str,
            )
            for role in (QB.dimension, QB.measure)
        }
        assert by_role[QB.dimension]
        assert by_role[QB.measure]
        told = {one: set(objects(store, observation, one)) for one in chain(*by_role.values())}
        assert all(len(values) == 1 for values in told.values()), (observation, told)
        seen[(cube, *(told[one].pop() for one in by_role[QB.dimension]))] += 1
    assert [key for key, number in seen.items() if number > 1] == []
    return len(seen)


@pytest.fixture(scope="module")
def store() -> Store:
    return store_of(made(shares=[share(publication("A"), SEGMENT, "40.5")]))


def test_observations_have_all_of_their_cube_and_each_stands_once(store: Store) -> None:
    assert check_cubes(store) > 50


def test_the_release_has_well_formed_cubes(landscape_store: Store) -> None:
    quads = landscape_store.quads_for_pattern(None, None, None, Iris().graph(GRAPH))
    graph = Store()
    graph.bulk_extend(quads)
    assert check_cubes(graph) > 100
    assert not any(isinstance(q.subject, BlankNode) or isinstance(q.object, BlankNode)
                   for q in graph)  # fmt: skip


def test_two_reports_on_one_part_make_no_observation_twice() -> None:
    shares = [
        share(publication("A one", "2024-01"), SEGMENT, "40.5"),
        share(publication("A two", "2025-01"), SEGMENT, "35.5"),
    ]
    assert check_cubes(store_of(made(shares=shares))) > 50


def test_everything_is_in_one_graph_and_has_a_name(store: Store) -> None:
    assert {quad.graph_name for quad in store} == {IRIS.graph(GRAPH)}
    assert not any(
        isinstance(term, BlankNode) for quad in store for term in (quad.subject, quad.object)
    )


def test_measures_are_those_of_no_printed_figure(landscape_store: Store) -> None:
    graph = Iris().graph(GRAPH)
    measures = {
        quad.object for quad in landscape_store.quads_for_pattern(None, QB.measure, None, graph)
    }
    assert KG.forecastMedian in measures
    printed = {
        quad.predicate
        for kind in (KG.MarketFigure, KG.MarketShare, KG.GrowthRate)
        for fact in landscape_store.quads_for_pattern(None, RDF.type, kind, None)
        for quad in landscape_store.quads_for_pattern(fact.subject, None, None, None)
    }
    assert printed
    assert not printed & measures
    forecast = subjects(landscape_store, RDF.type, KG.Forecast)
    assert not forecast & subjects(landscape_store, RDF.type, KG.MarketFigure)


def test_numbers_are_those_of_the_forecast_with_six_digits(store: Store) -> None:
    given = made(shares=[share(publication("A"), SEGMENT, "40.5")])
    found = _forecasts(given)
    expected = Counter(
        (one.market, str(y.year), model, y.median)
        for model, by_market in found.items()
        for one in by_market.values()
        for y in one.years
    )
    medians = NamedNode(f"{IRIS.base}graph/forecasts#{MEDIANS}")
    told: Counter[tuple[object, ...]] = Counter()
    for observation in subjects(store, DATA_SET, medians):
        (part,), (year,), (model,), (median,) = (
            objects(store, observation, one)
            for one in (KG.forecastPart, PERIOD, KG.forecastModel, KG.forecastMedian)
        )
        if part.value in MARKETS:
            told[
                part.value,
                year.value,
                model.value[-2:].upper(),
                Decimal(median.value),
            ] += 1
    assert told == expected
    for quad in store:
        if quad.predicate in (KG.forecastMedian, KG.lowerBound, KG.upperBound, KG.leastPath):
            digits = Decimal(quad.object.value).normalize().as_tuple().digits
            assert len(digits) <= 6
            assert "E" not in quad.object.value


def test_bounds_stand_around_the_median(store: Store) -> None:
    intervals = NamedNode(f"{IRIS.base}graph/forecasts#{INTERVALS}")
    levels = defaultdict[object, set[str]](set)
    for observation in subjects(store, DATA_SET, intervals):
        lower, median, upper = (
            Decimal(objects(store, observation, one)[0].value)
            for one in (KG.lowerBound, KG.forecastMedian, KG.upperBound)
        )
        assert lower < median < upper
        (level,) = objects(store, observation, KG.probability)
        key = tuple(
            objects(store, observation, one)[0]
            for one in (KG.forecastPart, PERIOD, KG.forecastModel)
        )
        levels[key].add(level.value)
    assert set(map(frozenset, levels.values())) == {frozenset({"0.5", "0.8", "0.95"})}


def test_each_says_that_it_is_a_forecast_and_of_what(store: Store) -> None:
    for observation in subjects(store, RDF.type, QB.Observation):
        assert objects(store, observation, RDF.type).count(KG.Forecast) == 1
        assert objects(store, observation, STATUS) == [NamedNode(expand("sdmx-code:obsStatus-F"))]
        (estimand,) = objects(store, observation, KG.estimand)
        assert str(estimand).endswith("next-publisher-claim>")
        assert len(objects(store, observation, PROV.wasGeneratedBy)) == 1


def test_activities_used_what_is_pooled(store: Store) -> None:
    given = made(shares=[share(publication("A"), SEGMENT, "40.5")])
    for by_market in _forecasts(given).values():
        for market, one in by_market.items():
            ours = subjects(store, KG.forecastFor, NamedNode(market))
            model = IRIS.thing("concept", f"model-{one.choices.model.lower()}")
            made_by = {
                activity
                for observation in ours & subjects(store, KG.forecastModel, model)
                for activity in objects(store, observation, PROV.wasGeneratedBy)
            }
            if not one.years:
                assert not made_by
                continue
            (activity,) = made_by
            used = {term.value for term in objects(store, activity, PROV.used)}
            pooled = {f.key for member in one.selection.members for f in member.figures}
            shares = {s for part in one.parts for s in part.shares}
            assert used == pooled | shares
            (parameters,) = objects(store, activity, KG.parameters)
            assert json.loads(parameters.value)["model"] == one.choices.model


def test_who_borrows_is_informed_by_who_lends(store: Store) -> None:
    activities = subjects(store, RDF.type, PROV.Activity)
    (pair,) = [
        (term(quad.subject), term(quad.object))
        for quad in store.quads_for_pattern(None, PROV.wasInformedBy, None, None)
    ]
    assert set(pair) <= activities
    expected = ((MARKETS[1], "true"), (MARKETS[0], "false"))
    for activity, (market, borrowed) in zip(pair, expected, strict=True):
        of = subjects(store, PROV.wasGeneratedBy, activity)
        assert {value(store, one, KG.forecastFor) for one in of} == {market}
        assert {value(store, one, KG.borrowed) for one in of} == {borrowed}


def test_the_remainder_is_a_node_of_its_market(store: Store) -> None:
    (rest,) = subjects(store, RDF.type, KG.Remainder) & subjects(
        store, KG.remainderOf, NamedNode(MARKETS[0])
    )
    assert objects(store, rest, PROV.wasDerivedFrom)
    assert subjects(store, KG.forecastPart, rest)


def test_without_figures_there_is_no_forecast() -> None:
    only_rates = Published(names={MARKETS[0]: "x"})
    assert quads(only_rates) == list(cubes(IRIS))
    nothing = _as_iris(published([figure(publication("A"), 2024, "", market=MARKETS[0])]))
    assert quads(nothing) == list(cubes(IRIS))
    segment = _as_iris(published(series("A", (2024, "3"), (2025, "4"), market=MARKETS[0])))
    within = [replace(f, scope=Scope(MARKETS[0], SEGMENT)) for f in segment.figures]
    assert quads(replace(segment, figures=within)) == list(cubes(IRIS))


def test_the_order_of_figures_changes_nothing() -> None:
    shares = [
        share(publication("A"), SEGMENT, "40.5"),
        share(publication("A"), SEGMENT[:-1] + "y", "8"),
    ]
    given = made(shares=shares)
    turned = replace(given, figures=given.figures[::-1], shares=given.shares[::-1])
    assert list(map(str, quads(given))) == list(map(str, quads(turned)))


def test_the_order_of_statements_and_the_hash_seed_change_nothing(
    landscape_store: Store,
) -> None:
    def again(turned: Store) -> list[str]:
        given = read_published(selecting(turned, Iris()))
        found = forecasts(given)
        return [str(quad) for quad in observations(given, found, Iris())]

    turned = Store()
    turned.extend(list(landscape_store)[::-1])
    assert again(turned) == again(landscape_store)
    program = (
        "from tests.graph.forecast.test_observations import made, quads, SEGMENT\n"
        "from tests.graph.forecast.made import publication, share\n"
        "import hashlib\n"
        "given = made(shares=[share(publication('A'), SEGMENT, '40.5')])\n"
        "text = '\\n'.join(map(str, quads(given)))\n"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    root = Path(__file__).parents[3]
    hashes = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=dict(os.environ) | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(hashes) == 1


def test_literals_have_types(store: Store) -> None:
    types = {
        str(quad.predicate).rsplit("#", 1)[-1].rstrip(">"): quad.object.datatype.value.rsplit("#")[
            -1
        ]
        for quad in store
        if isinstance(quad.object, Literal)
    }
    assert types["refPeriod"] == "gYear"
    assert types["forecastMedian"] == types["probability"] == types["lowerBound"] == "decimal"
    assert types["pooledGroups"] == types["coveringGroups"] == types["seed"] == "integer"
    assert types["borrowed"] == "boolean"
