"""Pages in Chromium: when the first of them is seen, with nothing kept, and what the server needs.

Each is opened five times in a context of its own. No gate: a busy machine paints late.
"""

import statistics
import time
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from rich.table import Table

from bench.measure import RUNS, console, machine, shipped
from tests.browser.driving import Browser, launch, sync_playwright
from tests.browser.history import history_in, with_history
from tests.browser.pages import OPENED
from tests.browser.pages import Page as Listed
from tests.hostile.server import Service

GOAL = 1000.0
"""Milliseconds until something is seen."""
_PAINTED = """() => new Promise((done) => {
  const seen = (list) => list.getEntriesByName("first-contentful-paint")[0]?.startTime;
  new PerformanceObserver((list, watcher) => {
    if (seen(list) !== undefined) { watcher.disconnect(); done(seen(list)); }
  }).observe({ type: "paint", buffered: true });
})"""


def run(words: tuple[str, ...]) -> None:
    """Print a table of the pages whose name has one of the words; of all without any."""
    pages = [one for one in OPENED if not words or any(word in one.name for word in words)]
    machine()
    table = Table("page", "painted, ms", "slowest", "server, ms", "bytes, br", "")
    with shipped() as (built, _), TemporaryDirectory() as folder:
        history = history_in(with_history(built, Path(folder) / "data"))
        with Service(history.folder) as service, sync_playwright() as playwright:
            browser = launch(playwright)
            for one in pages:
                address = history.fill(one.address)
                painted = [_painted(browser, service.address, address) for _ in range(RUNS)]
                served = [_served(service, one, address) for _ in range(RUNS)]
                middle = statistics.median(painted)
                table.add_row(
                    one.name,
                    f"{middle:.0f}",
                    f"{max(painted):.0f}",
                    f"{statistics.median(seconds for seconds, _ in served) * 1000:.1f}",
                    f"{served[0][1]:,}",
                    "" if middle < GOAL else "late",
                )
            browser.close()
    console.print(table)
    console.print(f"{len(pages)} pages; the goal is {GOAL:.0f} ms. `server` is with its cache.")


def _painted(browser: Browser, base: str, address: str) -> float:
    context = browser.new_context(base_url=base)
    page = context.new_page()
    page.goto(address, wait_until="commit")
    painted = float(page.evaluate(_PAINTED))
    context.close()
    return painted


def _served(service: Service, one: Listed, address: str) -> tuple[float, int]:
    """Seconds, and bytes of the body."""
    parts = urlsplit(service.address)
    connection = HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    start = time.perf_counter()
    headers = {"Accept": "text/html", "Accept-Encoding": "br"}
    connection.request("GET", address, headers=headers)
    response = connection.getresponse()
    size = len(response.read())
    seconds = time.perf_counter() - start
    connection.close()
    assert response.status in (one.status, 302, 303, 307, 308), one.name
    return seconds, size
