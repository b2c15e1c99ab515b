"""What no page may do, told of every page that a test opens."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser.driving import (
    PATIENCE,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    WebError,
)

_SCRIPT = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} forbids ${event.blockedURI}`));"""
# A page that is left, and an answer that becomes a file, end their requests so.
_LEFT = "net::ERR_ABORTED"


class Watch:
    """Keeps what the pages of a browser do against the rules.

    That is: an error or a warning on the console, an exception that nobody catches, a violation of
    the policy, a request to another place than `origin`, and one that fails or is answered with
    400 or more.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin.rstrip("/")
        self.faults: list[str] = []
        self._contexts: list[BrowserContext] = []

    def follow(self, context: BrowserContext) -> None:
        """Look at every page of `context` from now on."""
        self._contexts.append(context)
        context.add_init_script(_SCRIPT)
        context.on("console", self._console)
        context.on("weberror", self._exception)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    @contextmanager
    def expecting(self, *texts: str) -> Iterator[None]:
        """Wait for faults within this block that contain each of `texts`; others stay faults."""
        before = len(self.faults)
        yield
        until = time.monotonic() + PATIENCE / 1000
        while absent := [text for text in texts if not self._told(text, before)]:
            assert time.monotonic() < until, f"{absent} did not happen: {self.faults[before:]}"
            self._pages()[0].wait_for_timeout(20)  # lets Playwright tell what happens meanwhile
        told = self.faults[before:]
        self.faults[before:] = [one for one in told if not any(text in one for text in texts)]

    def _told(self, text: str, before: int) -> bool:
        return any(text in fault for fault in self.faults[before:])

    def _pages(self) -> list[Page]:
        return [page for context in self._contexts for page in context.pages]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._tell(f"console {message.type}: {message.text}", message.location["url"])

    def _exception(self, error: WebError) -> None:
        page = error.page
        self._tell(f"exception: {error.error}", page.url if page else "")

    def _request(self, request: Request) -> None:
        scheme = request.url.partition(":")[0]
        saved = scheme == "file" and request.resource_type == "document"  # a page that was saved
        ours = request.url.startswith(f"{self.origin}/")
        if not (ours or saved or scheme in ("data", "blob")):
            self._tell("foreign request", request.url)

    def _failed(self, request: Request) -> None:
        if request.failure != _LEFT:
            self._tell(f"failed request: {request.failure}", request.url)

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._tell(f"answered {response.status}", response.url)

    def _tell(self, what: str, where: str) -> None:
        self.faults.append(f"{what} ({where})"[:1000])
