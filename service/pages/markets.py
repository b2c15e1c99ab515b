"""Markets: which there are, and one of them with its figures, their audit and the forecast."""

from functools import partial
from typing import Any

from flask import Response, render_template
from werkzeug.wrappers import Response as AnyResponse

from graph.landscape import InvalidParameter, Named
from graph.landscape.forecasting import FORECAST, figures_query
from graph.landscape.markets import MARKETS
from service.api import views as api
from service.api.answering import answer_to, having, steps_of
from service.api.chart import CHART_PARAMETERS, chart_of
from service.api.lists import list_response, read_given
from service.api.paging import TIMEOUT, shared_with
from service.api.questions import address_of, after_rows, before_rows, links_of
from service.api.tables import Table
from service.bodies import Parameters
from service.charts.scale import digits
from service.pages.fields import Words, fields_of, page_given, refused_form, without_empty
from service.pages.frame import Footnote
from service.pages.market_form import (
    FIRST,
    MORE,
    PARAMETERS,
    SCENARIO,
    chosen_in_words,
    market_fields,
    settings_in_words,
)
from service.pages.market_model import MarketPage, market_page
from service.pages.saving import savable
from service.querypage import for_people, keep_parameters
from service.resources.addresses import here_or_there
from service.served import served

_YEAR = Words(labels={"year": "Range for"}, hints={})


@savable
def markets() -> AnyResponse | str:
    """Every market with who prints figures of it, and how far apart those lie."""
    keep_parameters({})
    if not for_people():
        return markets_data()
    if (there := without_empty()) is not None:
        return there
    given = page_given(MARKETS.parameters)
    try:
        answer = answer_to(MARKETS, given, steps_of({}))
    except InvalidParameter as error:
        return refused_form(
            "markets.html", error, fields=fields_of(MARKETS.parameters, given, _YEAR, error)
        )
    rows = [
        {**row, "lowest_text": _text(row.get("lowest")), "highest_text": _text(row.get("highest"))}
        for row in answer.rows
    ]
    return render_template(
        "markets.html",
        fields=fields_of(MARKETS.parameters, given, _YEAR),
        rows=rows,
        years=_years(rows),
        notes=answer.notes,
        here_or_there=here_or_there,
        given=given,
        query=figures_query([row["market"].iri for row in rows]),
        footnote=Footnote(
            reports=len({report.iri for row in rows for report in row["reports"]}),
            filters=tuple(("Range for", one) for one in given.get("year", ())),
        ),
    )


def markets_data() -> Response:
    """The same as JSON or CSV."""
    return api.asked(MARKETS.name)


@savable
def market(slug: str) -> AnyResponse | str:
    """One market: its figures by publisher, what the audit says, and the forecast."""
    keep_parameters({})
    if not for_people():
        return market_data(slug)
    if (there := without_empty()) is not None:
        return there
    given = page_given(PARAMETERS)
    note = f"Release {served().release.id[:12]}"
    try:
        made = having(
            FORECAST.name,
            FORECAST.parameters,
            {**given, "market": [f"id/market/{slug}"]},
            steps_of({}),
            partial(market_page, note=note),
        )
    except InvalidParameter as error:
        if error.name == "market":
            raise
        return refused_form(
            "market.html",
            error,
            slug=slug,
            name=_name(slug),
            without=given.get("without", ()),
            fields=market_fields(given, error),
            **_FORM,
        )
    return _shown(slug, given, made)


def market_data(slug: str) -> Response:
    """The forecast of a market as JSON or CSV, with the same choices."""
    found = Named(
        FORECAST.name,
        FORECAST.title,
        FORECAST.doc,
        tuple(one for one in FORECAST.parameters if one.name != "market"),
        FORECAST.columns,
        FORECAST.run,
    )
    own, shared = read_given(found.parameters, shared_with(found.parameters))
    asked = {**own, "market": [f"id/market/{slug}"]}
    answer = answer_to(FORECAST, asked, steps_of(shared))
    return list_response(
        Table.of(answer),
        shared,
        slug,
        head=before_rows(FORECAST, answer),
        tail=after_rows(answer) | links_of(FORECAST, answer, asked),
        notes=tuple(answer.notes),
    )


def market_chart(slug: str) -> Response:
    """The forecast of a market as a chart in a file of its own, with the same choices."""
    own, shared = read_given(
        tuple(one for one in CHART_PARAMETERS if one.name != "market"), (TIMEOUT,)
    )
    response = chart_of({**own, "market": [f"id/market/{slug}"]}, shared)
    response.headers["Content-Disposition"] = f'inline; filename="{slug}.svg"'
    return response


_FORM: dict[str, Any] = {"first": FIRST, "more": MORE, "scenario": SCENARIO}


def _shown(slug: str, given: Parameters, made: MarketPage) -> str:
    fields = market_fields(given)
    without = tuple(made.arguments["without"])
    chosen = chosen_in_words(fields, made.names, without)
    return render_template(
        "market.html",
        slug=slug,
        page=made,
        fields=fields,
        given=given,
        without=without,
        chosen=chosen,
        settings=settings_in_words(made.arguments, made.default),
        here_or_there=here_or_there,
        address_of=address_of,
        footnote=Footnote(
            reports=len(made.reports), sections=made.sections or None, filters=chosen
        ),
        **_FORM,
    )


def _name(slug: str) -> str:
    found = served().search.thing(f"market/{slug}")
    return found.label if found else slug


def _years(rows: list[dict[str, Any]]) -> list[int]:
    """Every year from the first to the last that figures are for."""
    firsts = [row["first_year"] for row in rows if row.get("first_year")]
    lasts = [row["last_year"] for row in rows if row.get("last_year")]
    return list(range(min(firsts), max(lasts) + 1)) if firsts and lasts else []


def _text(value: Any) -> str:
    return "" if value is None else digits(float(value), 6)
