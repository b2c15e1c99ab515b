"""Static files: a closed list, read once, with media types of our own and addresses by content.

`hatch_build.py` makes the styles and scripts of the pages from `web/`, with hashed names. Where it
could not, pages have the styles as they are written and no scripts, and `missing_scripts` says why.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import Response, abort, request, url_for

_STATIC = Path(str(files("service"))) / "static"
BUILT = _STATIC / "built"
#: Where the styles are as they are written: in an installed distribution, or in a checkout.
PLAIN = (_STATIC / "styles", _STATIC.parents[1] / "web" / "styles")

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
_OWN = ("favicon.svg",)
_NOTICES = "notices.txt"
_FOR_EVER = "public, max-age=31536000, immutable"
_NOT_MADE = "this checkout is not installed"
_IMPORT = re.compile(r'^@import "\./([\w/.-]+)";$', re.MULTILINE)
_FONT = re.compile(r"^@font-face \{.*?^\}\n?", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _File:
    """`named` tells that the name has the hash of the content in it."""

    data: bytes
    content_type: str
    digest: str
    named: bool


@dataclass(frozen=True, slots=True)
class Assets:
    """Files by the names in their addresses, and the names of those that pages ask for.

    `missing` says why there are no scripts; it is empty where there are.
    """

    found: Mapping[str, _File]
    names: Mapping[str, str]
    missing: str


def read_assets(built: Path = BUILT, plain: tuple[Path, ...] = PLAIN) -> Assets:
    """Read what was made, or else the styles as they are written."""
    found = {name: _file(name, (_STATIC / name).read_bytes()) for name in _OWN}
    manifest = _manifest(built)
    if manifest is None:
        folder = next((folder for folder in plain if folder.is_dir()), None)
        for style in sorted(folder.glob("*.css")) if folder else ():
            found[style.name] = _file(style.name, plain_style(style).encode())
        return Assets(found, {name: name for name in found}, _why(built))
    for name in manifest["files"]:
        found[name] = _file(name, (built / name).read_bytes(), named=True)
    found[_NOTICES] = _file(_NOTICES, (built / _NOTICES).read_bytes())
    return Assets(found, {name: name for name in (*_OWN, _NOTICES)} | manifest["names"], "")


def plain_style(file: Path) -> str:
    """Return a style with what it imports, and without the fonts, which only a bundle has."""
    text = file.read_text(encoding="utf-8")
    text = _IMPORT.sub(lambda found: plain_style(file.parent / found[1]), text)
    return _FONT.sub("", text)


@cache
def assets() -> Assets:
    """Return the static files of this process."""
    return read_assets()


def asset(name: str) -> str:
    """Return the address of a static file; it changes with the content, so it is cached for ever.

    Raises KeyError for a file that does not exist, so a wrong name fails where it is written.
    """
    name = assets().names[name]
    file = assets().found[name]
    if file.named:
        return url_for("static_file", name=name)
    return url_for("static_file", name=name, v=file.digest)


def script(name: str) -> str | None:
    """Return the address of a script, None where there are none. Raises KeyError."""
    return None if assets().missing else asset(name)


def missing_scripts() -> str:
    """Return why there are no scripts; empty where there are."""
    return assets().missing


def notices() -> str | None:
    """Return where the notices are of what others wrote; None where nothing of theirs is used."""
    return asset(_NOTICES) if _NOTICES in assets().names else None


def static_file(name: str) -> Response:
    """Return a static file."""
    found = assets().found.get(name)
    if found is None:
        abort(404, f"there is no static file {name!r}")
    response = Response(found.data, content_type=found.content_type)
    lasting = found.named or request.args.get("v") == found.digest
    response.headers["Cache-Control"] = _FOR_EVER if lasting else "no-cache"
    return response


def _file(name: str, data: bytes, *, named: bool = False) -> _File:
    return _File(data, _TYPES[Path(name).suffix], hashlib.sha256(data).hexdigest()[:12], named)


def _manifest(built: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    except OSError:
        return None
    return found


def _why(built: Path) -> str:
    try:
        return (built / "without.txt").read_text(encoding="utf-8").strip()
    except OSError:
        return _NOT_MADE
