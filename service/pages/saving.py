"""A rendered page as one file that opens without a request: for offline use, and to pass on.

What it is made of is a page as the service gives it. Styles are put within it, scripts, forms and
what is only for going about are left out, and links lead to the service or stay within the file. A
policy in the file itself forbids every request.
"""

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from html import escape
from html.parser import HTMLParser
from typing import ParamSpec
from urllib.parse import parse_qsl, unquote, urldefrag, urlencode, urljoin, urlsplit

from flask import Response, g, make_response, request
from werkzeug.wrappers import Response as AnyResponse

from service.assets import assets
from service.pages.sharing import sharing
from service.served import served

ReadFile = Callable[[str], bytes | None]
"""Gives the bytes of a static file by its name; None where there is none."""
_Given = ParamSpec("_Given")

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_DROPPED = frozenset(
    "script noscript template form button input select textarea dialog iframe frame object embed "
    "video audio source track picture base link site-search theme-switch key-help filter-form "
    "copy-table copy-link save-png animate set foreignobject".split()
)
# What is only for going about the service.
_CHROME = frozenset(("top", "skip", "about", "share", "tools", "pager"))
_METAS = frozenset(("viewport", "color-scheme", "description"))
# What would have a browser fetch something, or run something.
_FETCHING = frozenset(
    "src srcset srcdoc style background poster action formaction data ping manifest integrity "
    "crossorigin nonce http-equiv".split()
)
_SCHEMES = ("http", "https", "mailto")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_IMPORT = re.compile(r"@import[^;]*;")
_ADDRESS = re.compile(r"""url\(\s*(?!["']?(?:data:|\#))["']?([^)"']*)["']?\s*\)""")
# In the file, what is for paper only is shown: the filters, and where the page is from.
_ADDED = ".printed{display:block}.saved{padding-block:12px;border-bottom:1px solid}"


def one_file(
    page: str, address: str, read: ReadFile, note: str = "", *, fonts: bool = False
) -> str:
    """Return a page as one file; `address` is where it is, and links are read relative to that.

    `note` is a sentence that stands at its top. With `fonts`, those of the styles are within it;
    else it has the fonts of the system.
    """
    writer = _Writer(address, read, note, fonts)
    writer.feed(page)
    writer.close()
    return "".join(writer.written)


def savable(view: Callable[_Given, AnyResponse | str]) -> Callable[_Given, AnyResponse | str]:
    """Have a page give itself as one file, where the address has `download=html`."""

    @wraps(view)
    def saved(*args: _Given.args, **kwargs: _Given.kwargs) -> AnyResponse | str:
        if request.args.get("download") != "html":
            return view(*args, **kwargs)
        request.environ["HTTP_ACCEPT"] = "text/html"
        _forget("download")
        g.saving = True
        response = make_response(view(*args, **kwargs))
        if response.status_code == 200 and response.mimetype == "text/html":
            _save(response)
        return response

    return saved


def saving() -> bool:
    """Whether the page that is being made becomes a file: then it shows what it else leads to."""
    return bool(g.get("saving", False))


def static_bytes(name: str) -> bytes | None:
    """Return the bytes of a static file of the service."""
    found = assets().found.get(name)
    return found.data if found else None


def _forget(name: str) -> None:
    """Leave a parameter out of the request: views need not know it, and refuse what they do not."""
    pairs = request.query_string.split(b"&")
    request.query_string = b"&".join(p for p in pairs if p.partition(b"=")[0] != name.encode())
    for derived in ("args", "url", "full_path"):  # each was kept when it was first read
        request.__dict__.pop(derived, None)


def _save(response: Response) -> None:
    here, release = sharing(), served().release.id
    note = f"release {release}. The file needs no network; its links lead to the service."
    page = response.get_data(as_text=True)
    response.set_data(one_file(page, here.printed, static_bytes, note))
    words = re.sub(r"[^a-z0-9]+", "-", request.path.lower()).strip("-") or "home"
    name = f"therascape-{words[:80]}-{release[:12]}.html"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'


@dataclass
class _Writer(HTMLParser):
    """Writes what it reads, but for what a file cannot have. Text is escaped anew throughout."""

    address: str
    read: ReadFile
    note: str
    fonts: bool
    written: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    _dropped_at: int | None = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_decl(self, decl: str) -> None:
        self.written.append(f"<!{decl}>\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, closed=tag in _VOID)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, closed=True)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._open:
            last = self._open.pop()
            if self._dropped_at is None:
                self.written.append(f"</{last}>")
            elif self._dropped_at == len(self._open):
                self._dropped_at = None
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._dropped_at is None:
            inside = bool(self._open) and self._open[-1] == "style"
            self.written.append(self._style(data) if inside else escape(data, quote=False))

    def _start(self, tag: str, attrs: list[tuple[str, str | None]], *, closed: bool) -> None:
        given = dict(attrs)
        if self._dropped_at is None:
            if tag == "link":
                self._link(given)
            elif tag == "img":
                self._image(given)
            elif _is_dropped(tag, given):
                if not closed:
                    self._dropped_at = len(self._open)
            else:
                kept = "".join(self._attribute(name, value) for name, value in given.items())
                end = "/" if closed and tag not in _VOID else ""
                self.written.append(f"<{tag}{kept}{end}>")
        if not closed:
            self._open.append(tag)
        if tag == "head":
            self.written.append(
                f'\n<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
                f"\n<style>{_ADDED}</style>"
            )
        elif tag == "body":
            link = f'<a href="{escape(self.address)}">{escape(self.address)}</a>'
            note = f"; {escape(self.note)}" if self.note else ""
            told = f"Saved from {link}{note}"
            self.written.append(f'\n<header class="frame saved meta">{told}</header>')

    def _link(self, given: dict[str, str | None]) -> None:
        kinds, href = (given.get("rel") or "").split(), given.get("href") or ""
        content = self.read(_name(href))
        if "stylesheet" in kinds and content is not None:
            self.written.append(f"<style>{self._style(content.decode('utf-8'))}</style>")
        elif "icon" in kinds and content is not None and given.get("type"):
            data = base64.b64encode(content).decode()
            kind = escape(given["type"] or "")
            self.written.append(f'<link rel="icon" href="data:{kind};base64,{data}">')
        elif "canonical" in kinds:
            self.written.append(f'<link rel="canonical" href="{escape(self._whole(href))}">')

    def _image(self, given: dict[str, str | None]) -> None:
        """A picture of its own address is only named: the file could not show it."""
        source, words = given.get("src") or "", given.get("alt") or "picture"
        if source.startswith("data:image/"):
            self.written.append(f'<img src="{escape(source)}" alt="{escape(words)}">')
        else:
            self.written.append(f'<a href="{escape(self._whole(source))}">{escape(words)}</a>')

    def _attribute(self, name: str, value: str | None) -> str:
        if name in _FETCHING or name.startswith("on"):
            return ""
        if value is None:
            return f" {name}"
        if name in ("href", "xlink:href"):
            value = self._whole(value)
            if not value:
                return ""
        return f' {name}="{escape(value)}"'

    def _whole(self, href: str) -> str:
        """The whole of an address; only its fragment, where it is of this page; else empty."""
        whole = urljoin(self.address, href.strip())
        if urlsplit(whole).scheme not in _SCHEMES:
            return ""
        rest, fragment = urldefrag(whole)
        return f"#{fragment}" if fragment and _same(rest, self.address) else whole

    def _style(self, text: str) -> str:
        def font(found: re.Match[str]) -> str:
            content = self.read(_name(found[1])) if self.fonts else None
            if content is None:
                return "none"
            return f'url("data:font/woff2;base64,{base64.b64encode(content).decode()}")'

        text = _IMPORT.sub("", text if self.fonts else _FONT_FACE.sub("", text))
        return _ADDRESS.sub(font, text).replace("</", "<\\/")


def _is_dropped(tag: str, given: dict[str, str | None]) -> bool:
    if tag in _DROPPED or "data-unsaved" in given:
        return True
    if tag == "meta":
        return given.get("name") not in _METAS and "charset" not in given
    if tag in ("use", "image", "feimage"):  # of an SVG: what is not within it would be fetched
        refers = given.get("href") or given.get("xlink:href") or ""
        return not refers.startswith("#")
    return not _CHROME.isdisjoint((given.get("class") or "").split())


def _name(href: str) -> str:
    return unquote(urlsplit(href).path).rpartition("/")[2]


def _same(one: str, other: str) -> bool:
    """Whether two addresses are of one page, of whatever release."""
    return _told(one) == _told(other)


def _told(address: str) -> Sequence[object]:
    parts = urlsplit(address)
    asked = [pair for pair in parse_qsl(parts.query) if pair[0] not in ("release", "download")]
    return (parts.scheme, parts.netloc, parts.path or "/", urlencode(asked))
