"""The numbers of a band in its last year, beside the plot or in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.charts.band import shown_interval, shown_spread
from service.charts.frame import NORMAL, Frame, words
from service.charts.labels import Box, repel
from service.charts.model import LEVELS, BandYear
from service.charts.paint import Paint
from service.charts.scale import digits
from service.charts.summary import interval_in_digits, year_in_words
from service.charts.text import width

_GAP = 18.0
_ASIDE = 22.0  # from the last year: a mark there may have a label


@dataclass(frozen=True, slots=True)
class End:
    """A label that is to stand beside a value; None stands above all others."""

    value: float | None
    text: str
    bold: bool = False


def ends(rows: Sequence[BandYear], frame: Frame) -> list[End]:
    """What a band says of its last year with a median; the year itself first."""
    row = next((row for row in reversed(rows) if frame.scale.shows(row.median)), None)
    if row is None or row.median is None:
        return []
    out = [End(None, f"In {row.year}")]
    for level in reversed(LEVELS):
        bounds = shown_interval(row, level, frame)
        if bounds:
            out.append(End(bounds[1], f"{level} %: {interval_in_digits(*bounds)}"))
    spread = shown_spread(row, frame)
    if spread:
        out.append(End(spread[1], f"Range: {interval_in_digits(*spread)}"))
    name = "One source:" if row.k == 1 and len(out) == 1 else "Median"
    out.append(End(row.median, f"{name} {digits(row.median)}", bold=True))
    return out


def end_in_words(rows: Sequence[BandYear]) -> str:
    """The same as a sentence, for a picture that is too narrow for labels; empty without one."""
    row = next((row for row in reversed(rows) if row.median is not None), None)
    return f"{year_in_words(row)}." if row else ""


def gutter_width(shown: Sequence[End]) -> float:
    """The room that the labels need beside the plot."""
    return max(width(end.text, NORMAL, bold=end.bold) for end in shown) + _ASIDE


def place_ends(shown: Sequence[End], frame: Frame, paint: Paint) -> tuple[str, list[Box]]:
    """The labels in order of height, moved apart; the markup and their boxes."""
    if not shown:
        return "", []
    heights = [None if end.value is None else frame.y(end.value) for end in shown]
    top = min(height for height in heights if height is not None)
    targets = [top - _GAP if height is None else height for height in heights]
    at = repel(targets, _GAP, frame.box.top + 8, frame.box.bottom - 8)
    left = frame.box.right + _ASIDE
    out, boxes = "", []
    for end, y in zip(shown, at, strict=True):
        token = "fan-median" if end.bold else "ink2"
        out += words((left, y + 4.5), end.text, paint, colour=token, bold=end.bold)
        length = width(end.text, NORMAL, bold=end.bold)
        boxes.append(Box(left, y - _GAP / 2, left + length, y + _GAP / 2))
    return out, boxes
