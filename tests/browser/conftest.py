"""A service with the shipped landscape, a browser, and pages that are watched.

What needs Playwright is imported late: a module without it is skipped, not the whole run stopped.
The browser lives as long as the tests of this folder, and no longer: Playwright keeps an event loop
in the thread, which others would meet.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from tests.browser.history import History
from tests.hostile.server import Service

if TYPE_CHECKING:
    from tests.browser.driving import Browser, Page
    from tests.browser.watching import Watch

Open = Callable[..., "Page"]
"""Opens an empty page: `width`, `height`, `scheme`, and what else a context of Playwright takes."""


@pytest.fixture(scope="package")
def served_data(history: History, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped landscape and a former release of it, where reported problems may be kept."""
    folder = tmp_path_factory.mktemp("browser") / "data"
    return copytree(history.folder, folder, symlinks=True)


@pytest.fixture(scope="package")
def service(served_data: Path) -> Iterator[Service]:
    """A service over data of its own."""
    with Service(served_data, patience=120) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator["Browser"]:
    """The Chromium of the system."""
    from tests.browser.driving import chromium, launch, sync_playwright

    chromium()  # before anything is started
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture(scope="package")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script that looks for what keeps people out."""
    from tests.browser.accessible import script

    return script(tmp_path_factory)


@pytest.fixture
def watch(service: Service) -> Iterator["Watch"]:
    """What the pages of a test did against the rules: nothing, at its end."""
    from tests.browser.watching import Watch

    kept = Watch(service.address)
    yield kept
    assert not kept.faults, "\n".join(kept.faults)


@pytest.fixture
def open_page(browser: "Browser", service: Service, watch: "Watch") -> Iterator[Open]:
    """Make a page in a context of its own, with nothing stored: see `Open`."""
    from tests.browser.driving import PATIENCE

    with ExitStack() as contexts:

        def opened(
            width: int = 1280, height: int = 800, scheme: str = "light", **options: object
        ) -> "Page":
            context = browser.new_context(
                base_url=service.address,
                viewport={"width": width, "height": height},
                color_scheme=scheme,  # type: ignore[arg-type] # a word, as a test writes it
                **options,  # type: ignore[arg-type]
            )
            contexts.callback(context.close)
            context.set_default_timeout(PATIENCE)
            watch.follow(context)
            return context.new_page()

        yield opened


@pytest.fixture
def page(open_page: Open) -> "Page":
    """An empty page of a desktop."""
    return open_page()
