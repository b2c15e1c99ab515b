"""A chart in words: for its description, and for pointers over its parts."""

from collections.abc import Sequence
from itertools import groupby

from service.charts.model import LEVELS, Band, BandYear, FanData, Point, Publisher
from service.charts.scale import digits, is_shown
from service.charts.text import clean, isolated

_MOST_NAMES = 12
_LONGEST = 80
_EXTRAPOLATED = {
    "none": "",
    "some": "some lines prolonged beyond their printed years",
    "all": "all lines prolonged beyond their printed years",
}


def summary(data: FanData) -> str:
    """The main facts of a chart in plain sentences, without markup."""
    sentences = [
        _sentence(f"{_short(data.title)}, in {_short(data.unit)}"),
        _sentence(data.estimand),
        *_publishers(data.publishers),
        *(_band(data.band, data.rows()) if data.band and data.band.years else _no_band(data)),
        _sentence(data.note),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def no_band(data: FanData) -> str:
    """Why a chart has no band."""
    return _sentence(f"No forecast band: {clean(data.no_band_reason) or 'none was given'}")


def year_in_words(row: BandYear) -> str:
    """The numbers of a band in one year."""
    parts = [f"k = {row.k}"]
    if row.median is not None and is_shown(row.median):
        parts.append(f"median {digits(row.median)}")
    for level in LEVELS:
        bounds = row.interval(level)
        if bounds and all(map(is_shown, bounds)):
            parts.append(
                f"{level}\N{NO-BREAK SPACE}%\N{NO-BREAK SPACE}{interval_in_digits(*bounds)}"
            )
    if row.spread and all(map(is_shown, row.spread)):
        parts.append(f"range of the values {interval_in_digits(*row.spread)}")
    if row.extrapolated != "none":
        parts.append(_EXTRAPOLATED[row.extrapolated])
    return f"{row.year}: {'; '.join(parts)}"


def interval_in_digits(lower: float, upper: float) -> str:
    """Two bounds with a dash, or a word where one of them is negative."""
    dash = " to " if lower < 0 else "\u2013"
    return f"{digits(lower)}{dash}{digits(upper)}"


def point_in_words(publisher: Publisher, point: Point) -> str:
    """A printed figure: who, when, the digits as printed, and the publisher's word for it."""
    printed = clean(point.printed) or digits(point.value, 6)
    parts = [f"{point.year}: {printed}"]
    if is_shown(point.half_unit) and point.half_unit > 0:
        parts.append(f"rounded, ± {digits(point.half_unit)}")
    if point.manner:
        parts.append(f"“{_short(point.manner)}” in the publisher's words")
    if not publisher.pooled:
        parts.append("not pooled")
    return f"{_short(publisher.name)}, {', '.join(parts)}"


def _publishers(publishers: Sequence[Publisher]) -> list[str]:
    points = [point for p in publishers for point in p.points if is_shown(point.value)]
    if not points:
        return ["No published figure is shown."]
    first, last = min(p.year for p in points), max(p.year for p in points)
    pooled = [p for p in publishers if p.pooled]
    aside = [p for p in publishers if not p.pooled]
    figures = "1 published figure" if len(points) == 1 else f"{len(points)} published figures"
    years = f"for {first}" if first == last else f"for {first} to {last}"
    lowest = min(points, key=lambda point: (point.value, point.year))
    highest = max(points, key=lambda point: (point.value, -point.year))
    ends = f"{digits(lowest.value)} ({lowest.year}) to {digits(highest.value)} ({highest.year})"
    out = [f"{figures} {years}, from {ends}."]
    if pooled:
        out.append(f"Publishers: {_names(pooled)}.")
    if aside:
        out.append(f"Shown, not pooled: {_names(aside, reasons=True)}.")
    return out


def _names(publishers: Sequence[Publisher], *, reasons: bool = False) -> str:
    shown = [
        _short(p.name) + (f" ({_short(p.reason)})" if reasons and clean(p.reason) else "")
        for p in publishers[:_MOST_NAMES]
    ]
    more = len(publishers) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more else "")


def _band(band: Band, rows: Sequence[BandYear]) -> list[str]:
    method = f"Forecast, {_short(band.method)}" if clean(band.method) else "Forecast"
    out = [f"{method}, {rows[0].year} to {rows[-1].year}."]
    # Of a median that goes on, its two ends tell most.
    told = [row for row in rows if row.median is not None]
    out += [f"{year_in_words(row)}." for row in (told[:1] + told[1:][-1:])]
    out += [f"{_EXTRAPOLATED[status].capitalize()}: {years}." for status, years in _spans(rows)]
    if band.borrowed:
        out.append("The width is borrowed in part from better-covered markets.")
    lowest, highest = min(row.k for row in rows), max(row.k for row in rows)
    groups = str(lowest) if lowest == highest else f"{lowest} to {highest}"
    out.append(f"Data groups behind a year (k): {groups}.")
    return out


def _spans(rows: Sequence[BandYear]) -> list[tuple[str, str]]:
    out = []
    for status in ("some", "all"):
        years = [row.year for row in rows if row.extrapolated == status]
        runs = [
            [year for _, year in run]
            for _, run in groupby(enumerate(years), key=lambda pair: pair[1] - pair[0])
        ]
        spans = [str(r[0]) if len(r) == 1 else f"{r[0]} to {r[-1]}" for r in runs]
        if spans:
            out.append((status, ", ".join(spans)))
    return out


def _no_band(data: FanData) -> list[str]:
    return [no_band(data)]


def _short(text: str) -> str:
    text = clean(text)
    return isolated(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


def _sentence(text: str) -> str:
    text = clean(text)
    return text if not text or text[-1] in ".!?" else f"{text}."
