"""The whole application in this process: older releases, questions, network and reports included.

Its engine has no deadline and no limit, so what a worker would end is told by a look at the query.
"""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Flask, template_rendered
from jinja2 import Template

from graph.network.calls import LocalTraversal
from graph.network.reading import read_network
from graph.query import (
    Answer,
    DeadlineExceeded,
    EmbeddedEngine,
    Job,
    Request,
    ResultTooLarge,
)
from graph.questions import questions
from graph.release import Release
from service.app import create_app
from service.archive import Archive
from service.elsewhere import Elsewhere
from service.reporting.box import Box
from service.settings import Settings
from tests.browser.history import History
from tests.browser.pages import LARGE, LONG, PAGES, SAVED, Page
from tests.sharing import made_once

BROWSER = {"Accept": "text/html", "Accept-Encoding": "br", "Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True, slots=True)
class _Limited:
    """An engine that gives up where one with limits would."""

    inner: EmbeddedEngine

    def evaluate(self, request: Request, job: Job | None = None) -> Answer:
        if request.query == LONG:
            raise DeadlineExceeded(0.2)
        if request.query == LARGE:
            raise ResultTooLarge(2**27, 2**26)
        return self.inner.evaluate(request, job)


@dataclass(frozen=True, slots=True)
class _Beside:
    """An older release that is asked."""

    app: Flask

    def stop(self) -> None:
        """Nothing runs."""


def whole_application(history: History, folder: Path) -> tuple[Flask, Archive]:
    """Return the application over the current release, and what answers from the others.

    Problems that are reported are kept in `folder`.
    """
    current = history.current
    app = _application(current, EmbeddedEngine.over(current), Box(folder))
    archive = Archive(
        history.folder, lambda release: _Beside(_application(release, EmbeddedEngine.over(release)))
    )
    inner = app.wsgi_app
    most = Settings().max_body_bytes
    app.wsgi_app = Elsewhere(inner, archive, lambda id_: id_ == current.id, most)  # type: ignore[assignment,method-assign]
    return app, archive


def _application(release: Release, engine: EmbeddedEngine, box: Box | None = None) -> Flask:
    return create_app(
        _Limited(engine),
        release,
        examples=questions(),
        network=LocalTraversal(read_network(release)),
        box=box,
    )


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered for a page, and of which templates it was made.

    `sent` counts the bytes of its body, compressed.
    """

    page: Page
    address: str
    status: int
    media_type: str
    sent: int
    templates: tuple[str, ...]
    text: str


def write_given(history: History, folder: Path) -> None:
    """Ask for every page once, and keep the answers in a folder."""
    rendered: list[str] = []

    def note(_: Flask, template: Template, **__: Any) -> None:
        rendered.append(str(template.name))

    with tempfile.TemporaryDirectory() as reports, template_rendered.connected_to(note):
        app, archive = whole_application(history, Path(reports))
        client = app.test_client()
        told = {}
        for page in (*PAGES, *SAVED):
            address = history.fill(page.address)
            rendered.clear()
            response = client.open(
                address,
                method="POST" if page.form else "GET",
                data=page.form or None,
                headers=BROWSER,
                follow_redirects=True,
            )
            body = response.data
            if response.headers.get("Content-Encoding") == "br":
                body = brotli.decompress(body)
            (folder / f"{page.name}.html").write_bytes(body)
            told[page.name] = (
                *(address, response.status_code, response.mimetype, len(response.data)),
                sorted(set(rendered)),
            )
        archive.stop()
    (folder / "told.json").write_text(json.dumps(told), encoding="utf-8")


def read_given(folder: Path) -> dict[str, Given]:
    """Read what `write_given` wrote, by the names of the pages."""
    told = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    found = {}
    for page in (*PAGES, *SAVED):
        address, status, media_type, sent, templates = told[page.name]
        text = (folder / f"{page.name}.html").read_text(encoding="utf-8")
        found[page.name] = Given(page, address, status, media_type, sent, tuple(templates), text)
    return found


def given_once(factory: pytest.TempPathFactory, history: History) -> Path:
    """A folder that `read_given` reads, written once for all workers."""
    return made_once(factory, "given", lambda folder: write_given(history, folder))
