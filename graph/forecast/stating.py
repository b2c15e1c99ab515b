"""Everything that a release says of forecasts."""

from collections.abc import Iterator

from pyoxigraph import Quad

from graph.figures.model import Published
from graph.forecast.calibration import results as calibration
from graph.forecast.choices import MODELS, Choices
from graph.forecast.forecasting import forecasts
from graph.forecast.observations import cubes, observations
from graph.terms import Iris


def statements(published: Published, iris: Iris) -> Iterator[Quad]:
    """Return the quads of the graph `forecasts`: of every market, by each model, as by default.

    Beside them stands how such forecasts did.
    """
    yield from cubes(iris)
    for model in MODELS:
        yield from observations(published, forecasts(published, Choices(model=model)), iris)
    yield from calibration.statements(published, iris)
