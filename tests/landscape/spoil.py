"""The invented landscape, and copies of it to be changed and spoilt.

`seeds/` has shared registers and two sources, `texts/` what the sources were read from. Nobody and
nothing in them exists.
"""

import csv
import re
import shutil
from collections import Counter
from pathlib import Path

SEEDS = Path(__file__).parent / "seeds"
TEXTS = Path(__file__).parent / "texts"
OUTLOOK, BRIEF = "acme-outlook", "acme-brief"


def copied(folder: Path) -> Path:
    """A copy of the seeds in a folder."""
    return shutil.copytree(SEEDS, folder / "seeds")


def cells(path: Path) -> list[list[str]]:
    """The rows of a table, header first."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def edit(path: Path, key: str, **changes: str) -> int:
    """Change cells of the row whose first cell is `key`; give its line."""
    rows = cells(path)
    for column in changes:
        if column not in rows[0]:
            rows = [[*row, column if n == 0 else ""] for n, row in enumerate(rows)]
    (line,) = [n for n, row in enumerate(rows) if row[0] == key]
    for column, value in changes.items():
        rows[line][rows[0].index(column)] = value
    write(path, rows)
    return line + 1


def add(path: Path, like: str | None = None, **changes: str) -> int:
    """Append a row, made of another one or of nothing; give its line. Counts are put right."""
    rows = cells(path)
    row = next((list(r) for r in rows if r[0] == like), [""] * len(rows[0]))
    row[0] = "new-row"
    write(path, [*rows, row])
    line = edit(path, "new-row", **changes)
    recount(path.parent)
    return line


def delete(path: Path, key: str) -> None:
    """Delete the row whose first cell is `key`, and correct the count as if it were meant."""
    write(path, [row for row in cells(path) if row[0] != key])
    recount(path.parent)


def recount(source: Path) -> None:
    """Write into source.toml how many rows the tables have."""
    manifest = source / "source.toml"
    if not manifest.exists():
        return
    counts = Counter[str]()
    for path in source.glob("*.csv"):
        counts[path.name.split(".")[0]] += len(cells(path)) - 1
    text = manifest.read_text("utf-8")
    for table, count in counts.items():
        text = re.sub(rf"(?m)^({table} = {{ rows = )\d+", rf"\g<1>{count}", text)
    manifest.write_text(text, "utf-8")


def swap(path: Path, old: str, new: str) -> int:
    """Replace a text that stands once in a file; give its line."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), "utf-8")
    return text[: text.index(old)].count("\n") + 1


_PAGE = """\
version = 1
title = "[Lumen grafts: figures of a public page]"
short_title = "Acme, page"
publisher = "acme-press"
id_prefix = "{prefix}"
licence_note = "Invented for tests."
read_for = ["market_figures", "growth_rates"]

[tables]
sections = {{ rows = 1, complete = false }}
market_figures = {{ rows = 1, complete = false }}
"""


def add_page(seeds: Path, name: str, prefix: str) -> Path:
    """A page of figures: one figure, in a section without a heading."""
    page = seeds / name
    page.mkdir()
    write(page / "sections.csv", [["slug", "label"], ["page", "The page"]])
    columns = "id,market,year,value,unit,measure,section,stated,printed"
    row = (
        f"{prefix}-fig-1,global-lumen-grafts,2024,3.5,usd-billion,market-size,page,stated,3.5|2024"
    )
    write(page / "market_figures.csv", [columns.split(","), row.split(",")])
    (page / "source.toml").write_text(_PAGE.format(prefix=prefix), "utf-8")
    return page
