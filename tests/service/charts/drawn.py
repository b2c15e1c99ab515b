"""Data for charts, and what can be read back from a drawn one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from service.charts.labels import Box
from service.charts.model import Band, BandYear, FanData, Interval, Point, Publisher
from service.charts.text import width

SVG = "{http://www.w3.org/2000/svg}"
_COORDINATES = ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy")


def intervals(median: float) -> dict[int, Interval | None]:
    return {level: (median / by, median * by) for level, by in ((50, 1.2), (80, 1.5), (95, 2.0))}


def publisher(name: str = "Alpha", mark: str = "A", *points: tuple[int, float]) -> Publisher:
    printed = points or ((2024, 10.0), (2030, 30.0))
    path = [(y, v) for y, v in printed]
    return Publisher(name, mark, [Point(y, v) for y, v in printed], path if len(path) > 1 else ())


def band(first: int = 2024, last: int = 2032, *, borrowed: bool = False) -> Band:
    rows = [
        BandYear(
            year,
            5,
            10.0 * 1.1 ** (year - first),
            intervals(10.0 * 1.1 ** (year - first)),
            None,
            "none" if year < 2028 else "some" if year < 2031 else "all",
        )
        for year in range(first, last + 1)
    ]
    return Band(rows, "consensus R1", borrowed)


def data(**changes: object) -> FanData:
    given: dict[str, object] = {
        "title": "A market",
        "unit": "USD billion",
        "publishers": [publisher(), publisher("Beta", "B", (2025, 12.0), (2031, 20.0))],
        "band": band(),
        **changes,
    }
    return FanData(**given)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Drawn:
    """A parsed chart."""

    text: str
    root: ElementTree.Element
    height: int

    @property
    def size(self) -> tuple[float, float]:
        width_, height = self.root.get("viewBox", "").split()[2:]
        return float(width_), float(height)

    def all(self, name: str) -> list[ElementTree.Element]:
        return list(self.root.iter(SVG + name))

    def shown(self) -> Iterator[ElementTree.Element]:
        """Every element that is painted in its place, and not in a definition."""
        inside = {id(e) for defs in self.all("defs") for e in defs.iter()}
        return (e for e in self.root.iter() if id(e) not in inside)

    def words(self) -> str:
        return " ".join("".join(own(e)) for e in self.all("text"))

    def points(self) -> Iterator[tuple[float, float]]:
        """Corners and middles of everything that is painted."""
        for element in self.shown():
            if "d" in element.attrib:
                yield from corners(element)
            for x, y in (("x", "y"), ("x1", "y1"), ("x2", "y2"), ("cx", "cy")):
                if x in element.attrib:
                    yield float(element.attrib[x]), float(element.attrib[y])

    def filled(self, colour: str) -> list[list[tuple[float, float]]]:
        return [corners(e) for e in self.all("path") if e.get("fill") == colour]

    def boxes(self, *, halo: bool | None = None) -> list[tuple[str, Box]]:
        """Texts with the boxes that they are estimated to take."""
        return [
            (own(e), _box(e))
            for e in self.all("text")
            if halo is None or ("paint-order" in e.attrib) == halo
        ]

    def plot(self) -> Box:
        """The plot: as wide as its base line, which is told by the ticks below it."""
        tick = next(e for e in self.all("line") if e.get("x1") == e.get("x2") and _height(e) == 5)
        bottom = float(tick.attrib["y1"])
        base = next(
            e
            for e in self.all("line")
            if e.get("y1") == e.get("y2") == tick.get("y1")
            and e.get("stroke") == tick.get("stroke")
        )
        left, right = float(base.attrib["x1"]), float(base.attrib["x2"])
        return Box(left, bottom - self.height, right, bottom)


def read(text: str, height: int = 400) -> Drawn:
    """Parse a chart with a plot of a height."""
    assert "<!" not in text  # no entities, nothing from outside
    return Drawn(text, ElementTree.fromstring(text.encode()), height)


def own(element: ElementTree.Element) -> str:
    """The text of an element without that of its tooltip."""
    return (element.text or "") + "".join(child.tail or "" for child in element)


def corners(element: ElementTree.Element) -> list[tuple[float, float]]:
    pairs = re.findall(r"(-?[\d.]+) (-?[\d.]+)", element.attrib["d"])
    return [(float(x), float(y)) for x, y in pairs]


def numbers(drawn: Drawn) -> Iterator[str]:
    """Every number of a coordinate or a length, as written."""
    for element in drawn.root.iter():
        for key in (*_COORDINATES, "d", "r", "width", "height", "viewBox", "stroke-width"):
            yield from re.findall(r"[^\sMLZ]+", element.get(key, ""))


def _height(element: ElementTree.Element) -> float:
    return float(element.attrib["y2"]) - float(element.attrib["y1"])


def _box(e: ElementTree.Element) -> Box:
    x, y, size = float(e.attrib["x"]), float(e.attrib["y"]), float(e.attrib["font-size"])
    length = width(own(e), size, bold="font-weight" in e.attrib)
    left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[e.get("text-anchor", "start")] * length
    return Box(left, y - 0.75 * size, left + length, y + 0.2 * size)
