"""Pictures of every page, to be looked at: `python -m tests.browser.screenshots OUT`.

Each is taken in three widths, light and dark; a thing of each class in one of each, since they
share their frame; the main pages as a PDF, too. With `--all`, also every further state of a page;
with `--few`, only the main pages, in one of each.
OUT has them side by side in index.html. The data are those of the tests of pages, in a service that
ends with this.
"""

import html
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Literal

from graph.build import build
from graph.release import DataDirectory
from tests.browser.driving import PATIENCE, Page, launch, sync_playwright
from tests.browser.history import history_in, with_history
from tests.browser.pages import OPENED
from tests.browser.pages import Page as Listed
from tests.hostile.server import Service

Scheme = Literal["light", "dark"]
Columns = tuple[tuple[str, Scheme], ...]
"""Widths, by name, each with a scheme."""
WIDTHS = {"phone": (390, 844), "tablet": (834, 1112), "desktop": (1440, 900)}
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
COLUMNS: Columns = tuple((width, scheme) for width in WIDTHS for scheme in SCHEMES)
FEW: Columns = (("phone", "dark"), ("desktop", "light"))
"""The two that differ most."""
PRINTED = (
    *("home", "landscape", "landscape-evidence", "explore-lanes", "explore-network", "compare"),
    *("timeline", "markets", "market", "thing-known-best", "source", "query-table", "data"),
)
"""Pages that one prints."""
_HIGHEST = 3_000
"""Pixels: what is further down a page is more of the same, and costs most of the time."""
_SETTLED = """() => Promise.all([
  document.fonts.ready,
  ...document.getAnimations().map((one) => one.finished.catch(() => {})),
]).then(() => true)"""


@dataclass(frozen=True, slots=True)
class Shot:
    """A page to be taken: its name, and its address from the first slash on.

    `busy` says that scripts fetch for it after it is there. `columns` are widths and schemes.
    """

    name: str
    address: str
    busy: bool
    columns: Columns


def main(out: Path, *, states: bool = False, few: bool = False) -> int:
    """Take all pictures into `out`; the number of pages that failed."""
    began = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        build(DataDirectory(Path(folder) / "built"))
        data = with_history(Path(folder) / "built", Path(folder) / "data")
        history = history_in(data)
        shots = [
            Shot(one.name, history.fill(one.address), bool(one.needs), columns)
            for one, columns in (_printed(OPENED) if few else _columns(OPENED, states=states))
        ]
        with Service(data) as service:
            failed = _shared_out(service.address.rstrip("/"), shots, out)
    (out / "index.html").write_text(_sheet(shots), "utf-8")
    for line in failed:
        print(line, file=sys.stderr)
    print(f"{len(shots)} pages in {time.monotonic() - began:.0f} s: {out / 'index.html'}")
    return len(failed)


def _printed(pages: Iterable[Listed]) -> Iterator[tuple[Listed, Columns]]:
    """Give the pages that one prints."""
    for one in pages:
        if one.name in PRINTED:
            yield one, FEW


def _columns(pages: Iterable[Listed], *, states: bool) -> Iterator[tuple[Listed, Columns]]:
    """Give each page that is to be taken, with how."""
    seen = set()
    for one in pages:
        if one.endpoint not in seen:
            yield one, COLUMNS
        elif states or (one.endpoint == "thing" and one.status == HTTPStatus.OK):
            yield one, FEW
        seen.add(one.endpoint)


def _shared_out(base: str, shots: Sequence[Shot], out: Path) -> list[str]:
    """A browser for each processor; what failed, in words."""
    workers = min(4, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers) as pool:
        parts = [pool.submit(_take, base, shots[at::workers], out) for at in range(workers)]
        return [line for part in parts for line in part.result()]


def _take(base: str, shots: Sequence[Shot], out: Path) -> list[str]:
    failed = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for shot in shots:
            # One of its own for each: nothing that a page keeps is seen on another one.
            with browser.new_context(base_url=base, reduced_motion="reduce") as context:
                context.set_default_timeout(PATIENCE)
                page = context.new_page()
                try:
                    page.goto(shot.address, wait_until="networkidle" if shot.busy else "load")
                    _pictures(page, shot, out)
                except Exception as error:  # noqa: BLE001 -- the others are worth having
                    failed.append(f"{shot.name} ({shot.address}): {error}")
        browser.close()
    return failed


def _pictures(page: Page, shot: Shot, out: Path) -> None:
    for width, scheme in shot.columns:
        wide, high = WIDTHS[width]
        page.set_viewport_size({"width": wide, "height": high})
        page.emulate_media(color_scheme=scheme)
        page.evaluate(_SETTLED)
        whole = page.evaluate("document.documentElement.scrollHeight")
        page.screenshot(
            path=out / _file(shot, width, scheme),
            full_page=True,
            type="jpeg",
            quality=60,
            animations="disabled",
            caret="hide",
            clip={"x": 0, "y": 0, "width": wide, "height": min(whole, _HIGHEST)},
        )
    if shot.name in PRINTED:
        page.emulate_media(color_scheme="light")
        page.pdf(path=out / f"{shot.name}.pdf", format="A4", prefer_css_page_size=True)


def _file(shot: Shot, width: str, scheme: str) -> str:
    return f"{shot.name}-{width}-{scheme}.jpg"


def _sheet(shots: Sequence[Shot]) -> str:
    """All pictures side by side, small, each leading to itself."""
    head = "".join(f"<th>{width}, {scheme}</th>" for width, scheme in COLUMNS)
    rows = "".join(
        f'<tr id="{shot.name}"><th>{shot.name}<br><small>{html.escape(shot.address[:120])}</small>'
        + (f'<br><a href="{shot.name}.pdf">printed</a>' if shot.name in PRINTED else "")
        + "</th>"
        + "".join(
            f'<td><a href="{_file(shot, *column)}"><img src="{_file(shot, *column)}" loading="lazy"'
            f' alt="{shot.name}, {", ".join(column)}"></a></td>'
            if column in shot.columns
            else "<td></td>"
            for column in COLUMNS
        )
        + "</tr>"
        for shot in shots
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Screenshots</title><style>'
        "body{font:14px sans-serif}th,td{vertical-align:top;text-align:left;padding:8px}"
        "th{max-width:220px;overflow-wrap:anywhere}"
        "img{width:200px;height:300px;object-fit:cover;object-position:top;border:1px solid #999}"
        f"</style><h1>Screenshots</h1><table><tr><th>Page</th>{head}</tr>{rows}</table></html>\n"
    )


if __name__ == "__main__":
    given = [one for one in sys.argv[1:] if one not in ("--all", "--few")]
    if len(given) != 1:
        sys.exit("usage: python -m tests.browser.screenshots OUT [--all] [--few]")
    sys.exit(main(Path(given[0]), states="--all" in sys.argv, few="--few" in sys.argv) > 0)
