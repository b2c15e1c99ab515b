"""The fan chart: published figures, and where another publisher would put its figure."""

import re
from dataclasses import dataclass

from service.charts.band import (
    draw_band,
    draw_median,
    median_points,
    patterns,
    year_targets,
)
from service.charts.ends import End, end_in_words, ends, gutter_width, place_ends
from service.charts.frame import (
    K_BELOW,
    NORMAL,
    SMALL,
    YEARS_BELOW,
    Frame,
    k_row,
    k_years,
    line,
    value_axis,
    values,
    words,
    year_axis,
    years,
)
from service.charts.labels import Box
from service.charts.legend import LINE, draw_entries, publisher_entries, sign_entries
from service.charts.markup import Attributes, escaped, tag
from service.charts.model import FanData
from service.charts.paint import Paint, Theme, style
from service.charts.publishers import draw_label, draw_lines, draw_marks, label, sampled
from service.charts.scale import Axis, Scale, is_shown, make_scale
from service.charts.summary import no_band, summary
from service.charts.text import clean, isolated, wrap
from service.charts.text import width as width_of

_FONTS = (
    "IBM Plex Sans, system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"
)
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_NARROWEST, _LOWEST, _LARGEST = 280, 160, 4000
# From this width on there is room for numbers beside the plot.
_WIDE = 640
_TITLE, _TITLE_LINE = 17.0, 23.0
_PROSE = 680.0  # some 90 characters a line: longer ones are hard to follow


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What everything in a picture stands on."""

    width: int
    pad: float
    prefix: str
    paint: Paint

    @property
    def room(self) -> float:
        return self.width - 2 * self.pad


def fan_chart(
    data: FanData,
    *,
    width: int = 960,
    height: int = 400,
    theme: Theme = "auto",
    axis: Axis = "auto",
    standalone: bool = True,
    prefix: str = "fan",
) -> str:
    """Draw a chart as one SVG element, the same for the same input.

    `width` is that of the picture in pixels, `height` that of the plot: words and key below it take
    what they need. `standalone` is for a file of its own: with a background, the title in view, and
    with the theme "auto" a style element. Without, it is to stand within a page under a strict
    Content-Security-Policy, and takes the page's tokens; the page shows the title. `prefix` begins
    every id, and has to differ between the charts of a page. ValueError for a size or prefix that
    cannot be used.
    """
    _check(width, height, prefix)
    sheet = _Sheet(width, 16.0 if standalone else 2.0, prefix, Paint(theme, standalone))
    scale = make_scale(values(data), axis, max(3, height // 52))
    out, y = _head(data, scale, sheet)
    frame, end_labels = _frame(data, scale, y, height, sheet)
    out += _plot(data, frame, end_labels, sheet)
    below = frame.box.bottom + (K_BELOW if data.rows() else YEARS_BELOW) + 16
    rest, bottom = _below(data, frame, below, sheet)
    return _document(data, out + rest, bottom + sheet.pad, sheet)


def _check(width: int, height: int, prefix: str) -> None:
    if not _NARROWEST <= width <= _LARGEST or not _LOWEST <= height <= _LARGEST:
        raise ValueError(
            f"{width} by {height} is no size for a chart; take {_NARROWEST} to {_LARGEST} for the"
            f" width and {_LOWEST} to {_LARGEST} for the height"
        )
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"{prefix!r} cannot begin an id: a letter, then letters, digits, - and _")


def _document(data: FanData, body: str, height: float, sheet: _Sheet) -> str:
    width, prefix, paint = sheet.width, sheet.prefix, sheet.paint
    root: Attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "id": prefix,
        "width": width,
        "height": f"{height:.0f}",
        "viewBox": f"0 0 {width} {height:.0f}",
        "role": "img",
        "aria-labelledby": f"{prefix}-title {prefix}-desc",
        "font-family": _FONTS,
        "font-size": NORMAL,
    }
    title = tag("title", {"id": f"{prefix}-title"}, escaped(isolated(data.title)) or "Fan chart")
    desc = tag("desc", {"id": f"{prefix}-desc"}, escaped(summary(data)))
    background = ""
    if paint.standalone:
        rules = tag("style", {}, style(prefix)) if paint.theme == "auto" else ""
        area: Attributes = {"x": 0, "y": 0, "width": width, "height": height}
        background = rules + tag("rect", {**area, **paint(fill="bg")})
    return tag("svg", root, title, desc, background, patterns(prefix, paint), body)


def _head(data: FanData, scale: Scale, sheet: _Sheet) -> tuple[str, float]:
    """The title, where it is in view, the unit, and where the plot begins."""
    out, y = "", sheet.pad
    if sheet.paint.standalone:
        title = wrap(data.title, sheet.room, _TITLE, most=3, bold=True)
        whole = " ".join(title) == clean(data.title)
        for text in title:
            y += _TITLE_LINE
            full = text if whole else clean(data.title)
            at = (sheet.pad, y - 6)
            out += words(at, text, sheet.paint, size=_TITLE, bold=True, full=full)
    kind = "logarithmic axis" if scale.log else "linear axis"
    drawn, y = _paragraph(f"{clean(data.unit)}, {kind}", y, "ink2", sheet)
    return out + drawn, y + 14


def _frame(
    data: FanData, scale: Scale, y: float, height: int, sheet: _Sheet
) -> tuple[Frame, list[End]]:
    width, pad = sheet.width, sheet.pad
    left = pad + max(width_of(text, SMALL) for text in scale.labels() or ("k",)) + 10
    covered = years(data) or [1]
    box = Box(left, y, width - pad - 10, y + height)
    frame = Frame(box, min(covered), max(covered), scale)
    shown = ends(data.rows(), frame) if width >= _WIDE else []
    if shown:
        box = Box(box.left, box.top, width - pad - gutter_width(shown) - 10, box.bottom)
        frame = Frame(box, frame.first, frame.last, scale)
    return frame, shown


def _plot(data: FanData, frame: Frame, end_labels: list[End], sheet: _Sheet) -> str:
    paint, width = sheet.paint, sheet.width
    rows = data.rows()
    out = value_axis(frame, paint)
    if data.band:
        out += draw_band(data.band, rows, frame, paint, sheet.prefix)
    out += year_axis(frame, paint) if years(data) else ""
    out += k_row(frame, rows, paint) + year_targets(rows, frame)
    out += "".join(draw_lines(publisher, frame, paint) for publisher in data.publishers)
    out += draw_median(rows, frame, paint)
    out += "".join(draw_marks(i, p, frame, paint) for i, p in enumerate(data.publishers))
    drawn, taken = place_ends(end_labels, frame, paint)
    area = Box(frame.box.left, frame.box.top, width - 4, frame.box.bottom)
    placed = label(
        data.publishers,
        frame,
        area=area,
        taken=taken,
        others=sampled(median_points(rows, frame)),
    )
    for publisher, found in zip(data.publishers, placed, strict=True):
        out += draw_label(found, publisher, paint) if found else ""
    return out + drawn


def _below(data: FanData, frame: Frame, y: float, sheet: _Sheet) -> tuple[str, float]:
    """The words and the key below the plot; the markup, and where it ends."""
    rows, paint, pad = data.rows(), sheet.paint, sheet.pad
    sentences = [(data.estimand, "ink")]
    if not rows:
        sentences.append((no_band(data), "ink"))
    elif sheet.width < _WIDE:
        sentences.append((end_in_words(rows), "ink"))
    if rows:
        sentences.append((_k_in_words(data, frame), "ink2"))
    sentences.append((_left_out(data, frame), "ink2"))
    out = ""
    for sentence, token in sentences:
        drawn, y = _paragraph(sentence, y, token, sheet)
        out += drawn
    blocks = [
        ("", sign_entries(data, rows, frame, paint, sheet.prefix)),
        ("Published figures", publisher_entries(data, frame, paint, pooled=True)),
        ("Shown, not pooled", publisher_entries(data, frame, paint, pooled=False)),
    ]
    if any(entries for _, entries in blocks):
        y += 6
        out += line((pad, y), (pad + sheet.room, y), paint, "line", {"stroke-width": 1})
    for heading, entries in blocks:
        if not entries:
            continue
        y += 8
        if heading:
            out += words((pad, y + 13), heading, paint, bold=True)
            y += LINE + 4
        drawn, taken = draw_entries(entries, (pad, y), sheet.room, paint)
        out, y = out + drawn, y + taken
    drawn, y = _paragraph(data.note, y + 8, "ink2", sheet)
    return out + drawn, y


def _paragraph(text: str, y: float, token: str, sheet: _Sheet) -> tuple[str, float]:
    broken = wrap(text, min(sheet.room, _PROSE), NORMAL, most=6)
    whole = " ".join(broken) == clean(text)
    out = ""
    for part in broken:
        full = part if whole else clean(text)
        out += words((sheet.pad, y + 13), part, sheet.paint, colour=token, full=full)
        y += LINE
    return out, y + (2 if broken else 0)


def _k_in_words(data: FanData, frame: Frame) -> str:
    told = k_years(frame, data.rows())
    every = told[1] - told[0] if len(told) > 1 else 1
    rest = f", printed for every {every} years" if every > 1 else ""
    return f"k: number of data groups behind a year{rest}."


def _left_out(data: FanData, frame: Frame) -> str:
    numbers = [point.value for p in data.publishers for point in p.points]
    if not numbers:
        return "No published figure is shown."
    hidden = sum(not frame.scale.shows(value) for value in numbers)
    if not hidden:
        return ""
    figures = "1 published figure has" if hidden == 1 else f"{hidden} published figures have"
    log = any(is_shown(v) and v <= 0 for v in numbers) and frame.scale.log
    why = " (zero or less, on a logarithmic axis)" if log else ""
    return f"{figures} no place on this axis{why}."
