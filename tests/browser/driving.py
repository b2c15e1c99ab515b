"""Playwright, and the Chromium of the system that it drives.

A module of tests takes what it needs of Playwright from here: where it is missing, the module is
skipped and says so. With CI=true it fails, since `.ci/run` installs both.
"""

import os
import shutil
from typing import NoReturn

import pytest


def missing(what: str, remedy: str) -> NoReturn:
    """Skip, or fail where everything must be there; say what to do."""
    reason = f"the browser tests need {what}: {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason, allow_module_level=True)


try:
    from playwright.sync_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Dialog,
        Download,
        Locator,
        Page,
        Playwright,
        Request,
        Response,
        Route,
        WebError,
        expect,
        sync_playwright,
    )
except ImportError:
    missing("Playwright", "`make dev`, or `pip install playwright` (no browser of its own)")

__all__ = (
    "PATIENCE",
    "Browser",
    "BrowserContext",
    "ConsoleMessage",
    "Dialog",
    "Download",
    "Locator",
    "Page",
    "Playwright",
    "Request",
    "Response",
    "Route",
    "WebError",
    "chromium",
    "expect",
    "launch",
    "sync_playwright",
)

SETTING = "THERASCAPE_CHROMIUM"
PATIENCE = 30_000.0
"""Milliseconds that a step may take: far more than it does, since the machine may be busy."""
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The sandbox is not there for root, which a container is. No name leads anywhere: a request to
# another host fails, besides being told.
_FLAGS = ("--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")

expect.set_options(timeout=PATIENCE)


def chromium() -> str:
    """Where the browser is; skips, or fails, where there is none."""
    names = (os.environ.get(SETTING, ""), *_NAMES)
    found = next(filter(None, map(shutil.which, filter(None, names))), None)
    if found is None:
        missing("Chromium", f"`apt-get install chromium`, or give its path in {SETTING}")
    return found


def launch(playwright: Playwright) -> Browser:
    """Start the browser, without a window."""
    return playwright.chromium.launch(executable_path=chromium(), args=_FLAGS)
