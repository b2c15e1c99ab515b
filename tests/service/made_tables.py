"""Tables of figures drawn at random, and R0 of them computed from the text alone.

The computation shares nothing with the project: csv, math and scipy's t.
"""

import csv
import io
import math
import random
import statistics
from collections import defaultdict
from dataclasses import dataclass

from scipy import stats

COLUMNS = (
    *("publisher", "url", "market", "geography", "year", "value_usd_bn", "kind"),
    *("cagr_percent", "cagr_from", "cagr_to", "published"),
)
LEVELS = (0.5, 0.8, 0.95)
Bounds = tuple[float, float]


@dataclass(frozen=True)
class Row:
    """R0 of a year; bounds by level from three paths on, the range of two."""

    k: int
    median: float
    bounds: dict[float, Bounds]
    spread: Bounds | None


def table(seed: int, *, markets: int = 3) -> str:
    """A table of markets with up to eight data groups each, and rows that nobody can pool."""
    draw = random.Random(seed)
    rows: list[dict[str, object]] = []
    for market in range(markets):
        for group in range(draw.choice((1, 2, 2, 3, 4, 5, 8))):
            rows += _group(draw, f"market {market}", f"Publisher {market}{chr(65 + group)}")
    draw.shuffle(rows)
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _group(draw: random.Random, market: str, name: str) -> list[dict[str, object]]:
    years = draw.sample(range(2018, 2036), draw.randint(1, 4))
    pages = draw.random() < 0.3  # a page for each figure, of one edition
    shared: dict[str, object] = {
        "market": market,
        "geography": "global",
        "published": draw.choice(("", "2024-05", "2023")),
    }
    own: list[dict[str, object]] = [
        {
            **shared,
            "publisher": name,
            "url": f"https://example.org/{name[-2:]}{year if pages else ''}",
            "year": year,
            "value_usd_bn": f"{draw.lognormvariate(2, 1.2) + 0.5:.{draw.choice((1, 2, 3))}f}",
            "kind": draw.choice(("actual", "estimate", "projected", "")),
        }
        for year in years
    ]
    rows = list(own)
    if draw.random() < 0.4:  # the same rows again, word by word
        rows += own
    for copy in (f"{name} (syndicated)", f"{name} / Newswire", name.upper()):
        if draw.random() < 0.2:
            rows += [row | {"publisher": copy, "url": ""} for row in own]
    if draw.random() < 0.5:
        rate: dict[str, object] = {"cagr_percent": f"{draw.uniform(2, 40):.1f}"}
        rows[0] = rows[0] | rate | {"cagr_from": 2019, "cagr_to": 2035}
    stray: dict[str, object] = {"publisher": f"{name} stray", "year": 2026, "value_usd_bn": "99.9"}
    no_value: dict[str, object] = {"value_usd_bn": ""}
    odd: tuple[dict[str, object], ...] = (no_value, {"year": ""}, {"value_usd_bn": "EUR 3.5"})
    rows += [shared | stray | draw.choice(odd) for _ in range(draw.choice((0, 0, 1, 2)))]
    return rows


def reference(text: str) -> dict[str, dict[int, Row]]:
    """R0 of each market with a path, by year; years that no path covers are not there."""
    paths = defaultdict[str, dict[str, dict[int, float]]](lambda: defaultdict(dict))
    for row in csv.DictReader(io.StringIO(text)):
        group = row["publisher"].casefold().split(" (")[0].split(" / ")[0]
        try:
            paths[f"{row['market']}, {row['geography']}"][group][int(row["year"])] = math.log(
                float(row["value_usd_bn"])
            )
        except ValueError:
            continue  # no year, no value, or one in another currency
    return {
        market: {
            year: told
            for year in range(1900, 2201)
            if (told := _in_year([path for path in of.values() if len(path) > 1], year))
        }
        for market, of in paths.items()
    }


def _in_year(paths: list[dict[int, float]], year: int) -> Row | None:
    logs = [_on(path, year) for path in paths if min(path) <= year <= max(path)]
    if not logs:
        return None
    mean, k = statistics.fmean(logs), len(logs)
    bounds = {}
    if k > 2:
        for level in LEVELS:
            half = stats.t.ppf((1 + level) / 2, k - 1) * statistics.stdev(logs)
            half *= math.sqrt(1 + 1 / k)
            bounds[level] = (math.exp(mean - half), math.exp(mean + half))
    spread = (math.exp(min(logs)), math.exp(max(logs))) if k == 2 else None
    return Row(k, math.exp(mean), bounds, spread)


def _on(path: dict[int, float], year: int) -> float:
    before = max(y for y in path if y <= year)
    after = min(y for y in path if y >= year)
    part = (year - before) / (after - before) if after > before else 0.0
    return (1 - part) * path[before] + part * path[after]
