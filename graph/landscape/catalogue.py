"""Every question with a name, in the order in which they are offered."""

from graph.landscape import (
    around,
    calibration,
    compare,
    connections,
    courses,
    editions,
    exposure,
    findings,
    forecasting,
    lanes,
    markets,
    matrix,
    players,
    rivals,
    thin,
    time,
    why,
    whynot,
)
from graph.landscape.named import Named

QUESTIONS: tuple[Named, ...] = (
    *players.QUESTIONS,
    *matrix.QUESTIONS,
    *time.QUESTIONS,
    *why.QUESTIONS,
    *whynot.QUESTIONS,
    *connections.QUESTIONS,
    *around.QUESTIONS,
    *lanes.QUESTIONS,
    *rivals.QUESTIONS,
    *compare.QUESTIONS,
    *exposure.QUESTIONS,
    *thin.QUESTIONS,
    *findings.QUESTIONS,
    *markets.QUESTIONS,
    *forecasting.QUESTIONS,
    *calibration.QUESTIONS,
    *courses.QUESTIONS,
    *editions.QUESTIONS,
)


def question(name: str) -> Named | None:
    """Return the question with this name."""
    return next((one for one in QUESTIONS if one.name == name), None)
