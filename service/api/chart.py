"""The forecast of a market as a chart."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from graph.figures.model import Published
from graph.forecast.results import Forecast
from graph.landscape import Asking, Parameter
from graph.landscape.forecasting import FORECAST, forecast_of
from service.api.answering import having, steps_of
from service.api.lists import read_given
from service.api.paging import TIMEOUT
from service.bodies import Parameters
from service.charts.fan import fan_chart
from service.fan import fan_of
from service.pages.frame import Footnote

SVG = "image/svg+xml"
_OF_TABLE = ("year", "parts")  # a chart shows all years of the whole
CHART_PARAMETERS = (
    *(one for one in FORECAST.parameters if one.name not in _OF_TABLE),
    Parameter(
        "theme",
        "Colours",
        "light or dark whatever the reader prefers",
        "choice",
        choices=("auto", "light", "dark"),
        default="auto",
    ),
    Parameter(
        "axis",
        "Axis",
        "of values; by itself it is logarithmic where they differ much",
        "choice",
        choices=("auto", "linear", "log"),
        default="auto",
    ),
    Parameter("width", "Width", "in pixels", "integer", default=960, least=320, most=4000),
)


def forecast_chart() -> Response:
    """The forecast of a market as a chart, with the figures that it rests on and the others."""
    return chart_of(*read_given(CHART_PARAMETERS, (TIMEOUT,)))


def chart_of(own: Parameters, shared: Parameters) -> Response:
    """Return the chart that parameters ask for. Raises as `having` does."""
    chart = having("forecast", CHART_PARAMETERS, own, steps_of(shared), _drawn)
    return svg_response(chart, "forecast")


def svg_response(chart: str, name: str) -> Response:
    """Return a chart as a file of its own; `name` is that of the file, without its ending."""
    response = Response(chart, content_type=SVG)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.svg"'
    # It has a style of its own and nothing else; the policy of pages has no place for that.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def _drawn(asking: Asking, arguments: Mapping[str, Any]) -> str:
    published, found = forecast_of(asking, {**arguments, "year": (), "parts": False})
    return fan_chart(
        fan_of(published, found, unit=unit_name(asking, published, found), note=_note(found)),
        width=arguments["width"],
        theme=arguments["theme"],
        axis=arguments["axis"],
    )


def unit_name(asking: Asking, published: Published, found: Forecast) -> str:
    """Return the unit of a forecast in words."""
    return published.name(f"{asking.base}id/concept/{found.unit}")


def _note(found: Forecast) -> str:
    """The footnote of the picture: it rests on what is pooled and on what is shown beside."""
    chosen = found.selection
    pooled = {member.publication for member in chosen.members}
    beside = {left.figure.publication for left in chosen.left_out}
    return " · ".join(Footnote(reports=len(pooled | beside)).parts())
