"""Two editions of an invented report: that of the invented landscape, and one a year later.

The later one is the earlier with changes, each of them named here, so a test can say what must
come out. Names, numbers and events of both are made up.
"""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.landscape.spoil import SEEDS

SERIES, OLD, NEW = "lumen-graft-outlook", "acme-outlook", "acme-outlook-2025"

Edit = Callable[[list[str]], list[str]]


def _swapped(*pairs: tuple[str, str]) -> Edit:
    def edit(lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        return text.split("\n")

    return edit


def _with(*rows: str) -> Edit:
    return lambda lines: [*lines, *rows]


def _without(*ids: str) -> Edit:
    def edit(lines: list[str]) -> list[str]:
        kept = [line for line in lines if line.partition(",")[0] not in ids]
        assert len(lines) - len(kept) == len(ids)
        return kept

    return edit


#: What the later edition says otherwise, by table; `ap` is its prefix.
CHANGES: Mapping[str, tuple[Edit, ...]] = {
    "market_figures": (
        # Revised, as before but for the digits, and one more year.
        _swapped(("2024,3.10,", "2024,3.45,"), ("nearly USD 3.10 Bn", "nearly USD 3.45 Bn")),
        _with(
            "ap-fig-3,global-lumen-grafts,2033,9.9,usd-billion,market-size,market-size,1,"
            "projected,,USD 9.9 Bn by 2033,"
        ),
    ),
    "mentions": (_swapped(("USD 3.10 Bn", "USD 3.45 Bn")),),
    "growth_rates": (_swapped(("13.8", "13.2")),),
    "listings": (
        _without("ap-list-2"),
        _with(
            "ap-list-3,players-list,2,Helio Norland,helio-norland,,,,,,players,2,stated,,"
            "2. Helio Norland,"
        ),
    ),
    "segments": (
        _without("ap-seg-3"),
        _with(
            "ap-seg-4,ap-borrowed,Borrowed Grafts,by-source,main-segment,,,no-match,segments,1,"
            "stated,,Borrowed Grafts,"
        ),
    ),
    "launches": (_without("ap-launch-1"),),
    "shares": (_swapped(("62.50", "60.00")),),
}


def make_pair(folder: Path, *, incomplete: tuple[str, ...] = ()) -> Path:
    """Seeds with both editions; the later was not read completely for some tables."""
    seeds = shutil.copytree(SEEDS, folder / "seeds")
    later = shutil.copytree(seeds / OLD, seeds / NEW)
    # Registered once, for both.
    (later / "places.csv").unlink()
    (seeds / OLD / "places.csv").rename(seeds / "reference" / "places.acme.csv")
    _edit(seeds / OLD / "source.toml", _no_places)
    add_series(seeds / OLD)
    counts = {}
    for path in sorted(later.glob("*.csv")):
        table = path.stem
        lines = path.read_text("utf-8").rstrip("\n").split("\n")
        lines = [_renamed(line) for line in lines]
        for edit in CHANGES.get(table, ()):
            lines = edit(lines)
        path.write_text("\n".join(lines) + "\n", "utf-8")
        counts[table] = len(lines) - 1
    write_manifest(later, counts, incomplete)
    return seeds


def add_series(source: Path, slug: str = SERIES) -> None:
    """Name the series of a source."""
    _edit(
        source / "source.toml",
        lambda text: text.replace("id_prefix", f'series = "{slug}"\nid_prefix', 1),
    )


def _edit(path: Path, edit: Callable[[str], str]) -> None:
    path.write_text(edit(path.read_text("utf-8")), "utf-8")


def _no_places(text: str) -> str:
    return "".join(line for line in text.splitlines(True) if not line.startswith("places "))


def write_manifest(source: Path, counts: Mapping[str, int], incomplete: tuple[str, ...]) -> None:
    """Write the source.toml of the later edition."""
    head = {
        "title": "Lumen Graft Outlook 2025",
        "short_title": "Acme, Outlook (2025)",
        "publisher": "acme-insights",
        "published": "2025-06",
        "series": SERIES,
        "id_prefix": "ap",
        "licence_note": "Invented for tests.",
    }
    lines = ["version = 1", *(f'{name} = "{value}"' for name, value in head.items())]
    lines += ["", "[tables]"]
    for table, rows in counts.items():
        whole = str(table not in incomplete and table != "mentions").lower()
        lines.append(f"{table} = {{ rows = {rows}, complete = {whole} }}")
    (source / "source.toml").write_text("\n".join(lines) + "\n", "utf-8")


def _renamed(line: str) -> str:
    """A row under the prefix of the later edition; the region is registered once."""
    own = line.replace("ao-", "ap-").replace("source:acme-outlook", f"source:{NEW}")
    return own.replace("ap-boreal-region", "ao-boreal-region")
