"""What is around every page: where else to go, the search, and the footnote."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for

from graph.terms import is_web_address
from service.assets import asset, missing_scripts, notices, script
from service.pages.results import breakable
from service.pages.saving import saving
from service.pages.sharing import keep_release, sharing
from service.served import served
from service.text import legible
from service.version import version

# Text, the endpoints that may be it, the best first, and the letter after `g` that leads there. A
# page is in the header as soon as the application has its endpoint.
_PLACES = (
    ("Landscape", ("landscape",), "l"),
    ("Explore", ("explore",), "e"),
    ("Compare", ("compare",), "c"),
    ("Timeline", ("timeline",), "t"),
    ("Markets", ("markets",), "m"),
    ("Query", ("query", "sparql"), "q"),
    ("Data", ("data", "catalog", "exports_page", "release_list"), "d"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A page that is gone to from every other; `key` is what is pressed after `g`."""

    text: str
    address: str
    key: str
    current: bool


@dataclass(frozen=True, slots=True)
class Footnote:
    """What the footnote of a page says besides the release: what the page rests on.

    `filters` are names and values in words, as the reader chose them.
    """

    reports: int | None = None
    sections: int | None = None
    filters: tuple[tuple[str, str], ...] = ()

    def parts(self) -> tuple[str, ...]:
        """Return what it says, part by part."""
        reports = len(served().reports) if self.reports is None else self.reports
        said = [_counted(reports, "report")]
        if self.sections is not None:
            said.append(_counted(self.sections, "section"))
        said.extend(f"{name}: {value}" for name, value in self.filters)
        said.append(f"release {served().release.id[:12]}")
        if date := newest_report():
            said.append(f"newest report of {date}")
        return tuple(said)


def dress(app: Flask) -> None:
    """Give the templates of an application what every page needs."""
    app.jinja_env.globals.update(_GLOBALS)
    app.jinja_env.filters["breakable"] = breakable
    app.jinja_env.tests["web_address"] = is_web_address
    app.jinja_env.finalize = _finalized
    keep_release(app)


def places() -> tuple[Place, ...]:
    """Return the pages of the header: those that the application has."""
    found = []
    for text, endpoints, key in _PLACES:
        endpoint = next((name for name in endpoints if name in current_app.view_functions), None)
        if endpoint is not None:
            address = url_for(endpoint)
            known = (name for name in endpoints if name in current_app.view_functions)
            current = any(_is_within(url_for(name)) for name in known)
            found.append(Place(text, address, key, current))
    return tuple(found)


def newest_report() -> str:
    """Return when the newest report was published or brought up to date; empty if none says."""
    dates = (source.get(name) for source in served().reports for name in ("published", "updated"))
    return max((str(date) for date in dates if date), default="")


def _finalized(value: Any) -> Any:
    """What a template writes of a value: text from data as a page can have it."""
    return legible(value) if type(value) is str else value


def _is_within(address: str) -> bool:
    here = request.root_path + request.path
    return here == address or here.startswith(f"{address.rstrip('/')}/")


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


_GLOBALS: Mapping[str, Any] = {
    "asset": asset,
    "script": script,
    "missing_scripts": missing_scripts,
    "notices": notices,
    "places": places,
    "saving": saving,
    "sharing": sharing,
    "Footnote": Footnote,
    "served": served,
    "version": version(),
}
