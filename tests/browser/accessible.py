"""What axe finds on a page with all of it open, and whether anything is wider than the page.

The tool comes with the development tools of web/. It is run through the debugger, so the policy of
the page stays in force.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import pytest

from tests.browser.driving import Page
from tests.web.tools import tools

Way = tuple[tuple[int, int], Literal["light", "dark"]]
"""A width and a height, and a theme."""
WIDE, NARROW = (1280, 800), (320, 800)
SOME: tuple[Way, ...] = ((WIDE, "light"), (NARROW, "dark"))
ALL: tuple[Way, ...] = (*SOME, (WIDE, "dark"), (NARROW, "light"))
_FOUND = """(options) => axe.run(document, options).then((found) => found.violations.map((one) =>
  `${one.id}: ${one.nodes.length} times, first ${one.nodes[0].html.slice(0, 200)}`))"""
_OPEN = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
_OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: More of the same: rows, items, sections and shapes that differ in their words alone.
_MOST = """(most) => document.querySelectorAll('main, main *').forEach((parent) => {
  if (parent.localName === 'tr' || parent.localName === 'select') return;
  const seen = {};
  for (const child of [...parent.children]) {
    const kind = `${child.localName}.${child.getAttribute('class')}`;
    seen[kind] = (seen[kind] || 0) + 1;
    if (seen[kind] > most) child.remove();
  }
})"""
SOME_ROWS, ALL_ROWS = 5, 12
#: Styles are in the page for the rules that ask for them; none needs them fetched again.
_OPTIONS = {"resultTypes": ["violations"], "preload": False}


def script(factory: pytest.TempPathFactory) -> str:
    """The text of axe; skips where npm cannot get it, which with CI set is a failure."""
    return (tools(factory) / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def faults(page: Page, axe: str, *ways: Way, rows: int = SOME_ROWS) -> Mapping[str, Sequence[str]]:
    """What is wrong in these widths and themes, with so many rows of a kind."""
    page.evaluate(_MOST, rows)
    page.evaluate(_OPEN)
    page.evaluate(axe)
    found: dict[str, Sequence[str]] = {}
    for (width, height), scheme in ways:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        told = page.evaluate(_FOUND, _OPTIONS)
        if (over := page.evaluate(_OVERFLOW)) > 0:
            told.append(f"{over} pixels too wide")
        if told:
            found[f"{width}, {scheme}"] = told
    return found
