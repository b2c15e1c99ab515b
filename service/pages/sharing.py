"""The two addresses of what a page shows: as this release says it, and as the latest will.

`PINNED` in the environment of a request says that the page was asked for of one release;
`service.elsewhere` puts it there. Addresses on such a page then keep the release by themselves.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, has_request_context, request

from service.served import served

PINNED = "therascape.pinned"
"""Where the environment has the id of the release that a page is kept to."""
LATEST = "therascape.latest"
"""Where the environment has whether that is what the service answers from anyhow."""
_PAGES = re.compile(
    r"/|/(?:search|landscape|explore|compare|timeline|markets|query|id|source)(?:[./].*)?"
)
_ASKED = re.compile(r"/sparql/?|/api/v1/.*")
#: What says how a page is to be given, and nothing of what it shows.
_ASIDE = ("release", "download")


@dataclass(frozen=True, slots=True)
class Sharing:
    """The addresses of a page. `pinned` is None where a page cannot be kept to a release.

    `release` is the one that this page is kept to, if it is; `older` says that the service answers
    from another one. `saved` is where the page is one file.
    """

    latest: str
    pinned: str | None
    release: str | None
    older: bool
    saved: str

    @property
    def printed(self) -> str:
        """The address for paper: the one that always gives the same, where there is one."""
        return self.pinned or self.latest


def can_be_pinned(path: str) -> bool:
    """Whether a page has an address that keeps it to a release."""
    return _PAGES.fullmatch(path) is not None


def sharing() -> Sharing:
    """Return the addresses of the page that is being made."""
    asked = [(name, value) for name, value in _asked() if name not in _ASIDE]
    release = request.environ.get(PINNED)
    keeps = can_be_pinned(request.path) or _ASKED.fullmatch(request.path)
    kept = [("release", served().release.id)] if keeps else []
    return Sharing(
        latest=_address(asked),
        pinned=_address([*asked, *kept]) if kept else None,
        release=release,
        older=release is not None and not request.environ.get(LATEST),
        saved=_address([*asked, *(kept if release else ()), ("download", "html")]),
    )


def keep_release(app: Flask) -> None:
    """Have the addresses on a page that is kept to a release keep to it, too."""
    keeping: set[str] = set()

    def keep(endpoint: str, values: dict[str, Any]) -> None:
        release = request.environ.get(PINNED) if has_request_context() else None
        if release is None:
            return
        if not keeping:  # not before: addresses are added after this
            keeping.update(_keeping(app))
        if endpoint in keeping:
            values.setdefault("release", release)

    app.url_defaults(keep)


def kept(address: str) -> str:
    """Return an address of ours; on a page that is kept to a release, one that keeps to it, too."""
    release = request.environ.get(PINNED)
    path, mark, fragment = address.partition("#")
    if release is None or not can_be_pinned(path.partition("?")[0].removeprefix(request.root_path)):
        return address
    joint = "&" if "?" in path else "?"
    return f"{path}{joint}release={release}{mark}{fragment}"


def _keeping(app: Flask) -> Iterator[str]:
    """The endpoints whose addresses take `release`."""
    for rule in app.url_map.iter_rules():
        path = rule.rule
        if "release" not in rule.arguments and (can_be_pinned(path) or _ASKED.fullmatch(path)):
            yield rule.endpoint


def _asked() -> Iterator[tuple[str, str]]:
    given: Mapping[str, list[str]] = request.args.to_dict(flat=False)
    for name, values in given.items():
        for value in values:
            yield name, value


def _address(asked: list[tuple[str, str]]) -> str:
    return f"{request.base_url}?{urlencode(asked)}" if asked else request.base_url
