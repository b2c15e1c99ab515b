"""Forecasts and the figures that they rest on, as questions with a name."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Store

from graph.forecast.choices import Choices, InvalidChoice
from graph.landscape import InvalidParameter
from graph.landscape.answers import Answer, Evidence
from graph.landscape.asking import Asking, Iri
from graph.landscape.catalogue import QUESTIONS
from graph.landscape.choosing import CHOICES, choices_of
from graph.landscape.forecast_columns import COLUMNS, columns_of, percent
from graph.landscape.forecasting import FORECAST, PUBLISHED
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE
from ontology.namespaces import RDF
from ontology.vocabulary import prefixes
from tests.graph.landscape.asked import ask, slug

IMMUNO = "id/market/global-cellular-immunotherapy-market"
THERAPY = "id/market/global-cell-and-gene-therapy-market"
LATIN = "id/market/latin-america-cell-and-gene-therapy-market"
NO_FIGURES = "id/market/brazil-pharmaceutical-3pl-market"
MARKETS = (IMMUNO, THERAPY, LATIN)
SHARED = ("median", "lower_50", "upper_50", "lower_80", "upper_80", "lower_95", "upper_95")
few = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def asking(landscape_store: Store) -> Asking:
    return Asking(EmbeddedEngine(landscape_store, prefixes()), DEFAULT_BASE)


def forecast(asking: Asking, market: str, **given: Any) -> Answer:
    return ask(asking, FORECAST, {"market": market, **given})


def groups(answer: Answer) -> set[str]:
    return {slug(group) for row in answer.rows for group in row["groups"]}


def facts(rows: Any) -> set[str]:
    return {fact for row in rows for one in row["evidence"] for fact in one.facts}


def check_rows(answer: Answer) -> None:
    names = [column.name for column in answer.columns]
    for row in answer.rows:
        assert set(row) == set(names)
        bounds = [row[name] for name in ("lower_95", "lower_80", "lower_50", "median")]
        bounds += [row[name] for name in ("upper_50", "upper_80", "upper_95")]
        there = [number for number in bounds if number is not None]
        assert there == sorted(there)
        assert 0 <= row["within"] <= row["k"]
        assert row["estimand"] == "next-publisher-claim"


@pytest.mark.parametrize("model", ["R0", "R1"])
@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("years", [[], ["2025", "2030"], ["1999"]])
def test_rows_are_those_of_the_query(
    asking: Asking, market: str, model: str, years: list[str]
) -> None:
    answer = forecast(asking, market, model=model, year=years)
    assert answer.sparql is not None
    found = asking.rows(answer.sparql)
    assert bool(found) == (years != ["1999"])
    assert [
        (
            row["year"],
            *(row[name] for name in SHARED),
            row["k"],
            row["within"],
            row["borrowed"],
        )
        for row in answer.rows
    ] == [
        (
            int(str(row["year"])),
            *(row.get(name.replace("_", "")) for name in SHARED),
            row["k"],
            row["within"],
            row["borrowed"],
        )
        for row in found
    ]
    check_rows(answer)


@pytest.mark.parametrize(
    "given",
    [{"beyond": "3"}, {"cap": "5"}, {"parts": "true"}, {"variance": "paule-mandel"},
     {"without": f"{DEFAULT_BASE}id/agent/reanin"}, {"shares": "constant-share"}],
)  # fmt: skip
def test_what_a_release_does_not_have_has_no_query(asking: Asking, given: dict[str, Any]) -> None:
    assert ask(asking, FORECAST, {"market": IMMUNO, **given}).sparql is None


@pytest.mark.parametrize("market", MARKETS)
def test_evidence_leads_to_printed_figures(
    asking: Asking, landscape_store: Store, market: str
) -> None:
    answer = forecast(asking, market, parts="true")
    assert all(row["evidence"] for row in answer.rows)
    for row in answer.rows:
        for one in row["evidence"]:
            assert isinstance(one, Evidence)
            kinds = {
                str(quad.object).rsplit("#")[-1].rstrip(">")
                for fact in one.facts
                for quad in landscape_store.quads_for_pattern(NamedNode(fact), RDF.type, None, None)
            }
            assert ("MarketShare" if one.kind == "Share" else "MarketFigure") in kinds
            for fact in one.facts:
                stated = landscape_store.quads_for_pattern(
                    NamedNode(fact), None, NamedNode(one.report.iri), None
                )
                assert list(stated), "the fact is of that report"


def test_evidence_is_that_of_the_groups_of_the_year(asking: Asking) -> None:
    rows = forecast(asking, THERAPY, model="R0").rows
    assert len({row["k"] for row in rows}) > 3
    for row in rows:
        assert len(row["evidence"]) == len(row["groups"]) == row["k"]


def test_each_part_rests_on_its_shares_and_on_the_whole(asking: Asking) -> None:
    answer = forecast(asking, LATIN, parts="true", year="2024")
    whole, *parts = answer.rows
    assert whole["part"] is None
    assert len(parts) == 14  # seven shares of seven dimensions, and what each leaves
    for row in parts:
        kinds = {one.kind for one in row["evidence"]}
        assert kinds == {"Share", "Pooled"}
        assert facts([whole]) < facts([row])
    rest = [row["part"].label for row in parts if row["part"].label.startswith("Rest of")]
    assert len(rest) == 7
    assert "Parts add up" in " ".join(answer.notes)


def test_a_market_without_figures_is_not_stated(asking: Asking) -> None:
    with pytest.raises(InvalidParameter, match="Brazil pharmaceutical 3PL market: not stated"):
        forecast(asking, NO_FIGURES)
    assert ask(asking, PUBLISHED, {"market": NO_FIGURES}).rows == []


def test_years_outside_are_no_rows(asking: Asking) -> None:
    assert forecast(asking, IMMUNO, year=["1990", "2090"]).rows == []
    assert [row["year"] for row in forecast(asking, IMMUNO, year=["2090", "2026"]).rows] == [2026]


@pytest.mark.parametrize("name", ["id/agent/reanin", "source/reanin-cellular-immunotherapy"])
def test_publishers_and_reports_can_be_left_out(asking: Asking, name: str) -> None:
    assert "reanin" in groups(forecast(asking, IMMUNO))
    assert "reanin" not in groups(forecast(asking, IMMUNO, without=name))


def test_a_data_group_can_be_left_out(asking: Asking) -> None:
    before, group = forecast(asking, THERAPY), "towards-healthcare"
    assert group in groups(before)
    after = forecast(asking, THERAPY, without=f"id/agent/{group}")
    assert groups(after) == groups(before) - {group}
    # The one who prints the data of that group is gone with it.
    assert not any("healthcare-web-wire" in fact for fact in facts(after.rows))


def test_completeness_is_told_for_each_report(asking: Asking) -> None:
    for question in (FORECAST, PUBLISHED):
        answer = ask(asking, question, {"market": IMMUNO})
        assert len(answer.completeness) >= 2
        assert {one.no for one in answer.completeness} <= {
            "not stated", "not yet recorded", "announced for the full report",
        }  # fmt: skip


def test_every_figure_is_pooled_or_has_a_reason(asking: Asking) -> None:
    answer = ask(asking, PUBLISHED)
    assert {slug(row["market"]) for row in answer.rows} == {m.rsplit("/", 1)[1] for m in MARKETS}
    for row in answer.rows:
        assert row["pooled"] == (not row["why_not"])
    for market in MARKETS:
        pooled = {row["figure"].iri for row in answer.rows
                  if row["pooled"] and row["market"].iri.endswith(market)}  # fmt: skip
        assert pooled == facts(forecast(asking, market).rows)


@pytest.mark.parametrize("market", [None, *MARKETS])
def test_figures_are_those_of_the_query(asking: Asking, market: str | None) -> None:
    answer = ask(asking, PUBLISHED, {"market": market} if market else {})
    assert answer.sparql is not None
    found = {(row["figure"], row["report"], row["market"]) for row in asking.rows(answer.sparql)}
    assert found == {
        (Iri(row["figure"].iri), Iri(row["report"].iri), Iri(row["market"].iri))
        for row in answer.rows
    }
    for row in answer.rows:
        assert Decimal(row["printed"].rsplit(" ")[-1]) == row["value"]


def test_the_same_choices_tell_why_a_figure_is_not_pooled(asking: Asking) -> None:
    given = {"market": IMMUNO, "model": "R0", "without": "id/agent/reanin"}
    why = {slug(row["publisher"]): row["why_not"] for row in ask(asking, PUBLISHED, given).rows}
    assert why["reanin"] == "left out on request"


def test_notes_say_what_a_reader_must_know(asking: Asking) -> None:
    def notes(market: str, **given: Any) -> str:
        return " ".join(forecast(asking, market, **given).notes)

    assert "Nobody observes the market" in notes(IMMUNO)
    assert "that of other markets" in notes(LATIN)
    assert "that of other markets" not in notes(IMMUNO)
    assert "scenario" in notes(IMMUNO, cap="3")
    assert "a band over them" not in notes(IMMUNO)
    mixed = forecast(asking, THERAPY, scope="any")
    assert ("a band over them" in " ".join(mixed.notes)) == (not mixed.rows)
    assert "Two paths give a range" in notes(IMMUNO, model="R0")


@pytest.mark.parametrize(
    ("given", "name", "words"),
    [
        ({"model": "R2"}, "model", "none of R1, R0"),
        ({"one_per": "page"}, "one_per", "none of data-group"),
        ({"editions": "all"}, "editions", "none of latest"),
        ({"as_of": "2025-13"}, "as_of", "no date"),
        ({"as_of": "2025/.."}, "as_of", "no date"),
        ({"scope": "wide"}, "scope", "none of comparable"),
        ({"single_year": "perhaps"}, "single_year", "neither true nor false"),
        ({"variance": "ml"}, "variance", "none of reml"),
        ({"prior_weight": "-1"}, "prior_weight", "from 0 to 1000"),
        ({"prior_weight": "NaN"}, "prior_weight", "no number"),
        ({"beyond": "51"}, "beyond", "from 0 to 50"),
        ({"damping": "0"}, "damping", "no factor above 0"),
        ({"damping": "1.01"}, "damping", "from 0 to 1"),
        ({"cap": "-100"}, "cap", "from -99"),
        ({"ceiling": "0"}, "ceiling", "no value above 0"),
        ({"shares": "always"}, "shares", "none of own-year"),
        ({"model": "R0", "damping": "0.5"}, "model", "R0 has no years"),
        ({"year": "soon"}, "year", "no whole number"),
        ({"parts": "some"}, "parts", "neither true nor false"),
    ],
)
def test_what_cannot_be_is_refused(
    asking: Asking, given: dict[str, str], name: str, words: str
) -> None:
    with pytest.raises(InvalidParameter, match=words) as caught:
        forecast(asking, IMMUNO, **given)
    assert caught.value.name == name


def test_parameters_have_the_defaults_of_a_release() -> None:
    arguments: Mapping[str, Any] = {
        one.name: one.default if not one.many else () for one in CHOICES
    }
    assert choices_of(arguments) == Choices()


def test_every_choice_but_levels_and_few_has_a_parameter() -> None:
    names = {{"variance": "tau"}.get(one.name, one.name) for one in CHOICES}
    assert names == set(Choices().told()) - {"levels", "few"}


def test_a_refused_choice_has_the_name_of_its_parameter() -> None:
    with pytest.raises(InvalidChoice):
        Choices(ceiling=Decimal(-1))
    arguments = {one.name: one.default if not one.many else () for one in CHOICES}
    with pytest.raises(InvalidParameter) as caught:
        choices_of(arguments | {"ceiling": Decimal(-1)})
    assert caught.value.name == "ceiling"


given_choices = st.fixed_dictionaries(
    {"market": st.sampled_from(MARKETS)},
    optional={
        "model": st.sampled_from(["R0", "R1"]),
        "one_per": st.sampled_from(["data-group", "publisher", "publication"]),
        "editions": st.sampled_from(["latest", "earliest"]),
        "as_of": st.sampled_from(["2021", "2024-06", "2025-08-19"]),
        "scope": st.sampled_from(["comparable", "same", "any"]),
        "single_year": st.sampled_from(["true", "false"]),
        "variance": st.sampled_from(["reml", "dersimonian-laird", "paule-mandel"]),
        "prior_weight": st.sampled_from(["0", "1", "12.5"]),
        "beyond": st.sampled_from(["0", "9"]),
        "parts": st.sampled_from(["true", "false"]),
        "shares": st.sampled_from(["own-year", "constant-share"]),
        "without": st.lists(
            st.sampled_from([f"id/agent/{n}" for n in ("reanin", "nova-one-advisor", "terumo-bct")])
        ),
    },
)


@few
@given(given_choices)
def test_whatever_is_chosen_the_rows_hang_together(asking: Asking, given: dict[str, Any]) -> None:
    check_rows(ask(asking, FORECAST, given))
    same = {name: value for name, value in given.items() if name not in ("parts", "year")}
    for row in ask(asking, PUBLISHED, same).rows:
        assert row["pooled"] == (not row["why_not"])


def test_questions_are_in_the_catalogue() -> None:
    assert {FORECAST.name, PUBLISHED.name} <= {one.name for one in QUESTIONS}


def test_bounds_of_other_levels_are_other_columns() -> None:
    assert columns_of(Choices().levels) == COLUMNS
    names = [column.name for column in columns_of((0.9, 0.995))]
    assert names[2:8] == ["median", "lower_90", "upper_90", "lower_99.5", "upper_99.5", "least"]
    upper = columns_of((0.9,))[4]
    assert upper.doc == "The next claim is below it with 95 %, if the model holds."
    # Binary fractions: 0.07 · 100 is 7.000000000000001, and 0.29 · 100 is 28.999999999999996.
    assert [percent(level) for level in (0.07, 0.29, 0.999, 0.5)] == ["7", "29", "99.9", "50"]
