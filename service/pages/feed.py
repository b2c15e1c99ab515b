"""An Atom feed (RFC 4287), written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from graph.citation import AUTHORS
from service.version import version

_ATOM = "http://www.w3.org/2005/Atom"
# What no document in XML 1.0 can have, escaped or not (section 2.2).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is new: `lines` are plain text, `page` is where it is read, `id` an IRI that stays."""

    id: str
    title: str
    updated: datetime
    page: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed. `address` is its own, `page` that of the same for people."""

    id: str
    title: str
    subtitle: str
    updated: datetime
    address: str
    page: str
    entries: Sequence[Entry]


def write_feed(feed: Feed) -> bytes:
    """Return the feed as a document."""
    root = Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", _date(feed.updated))
    _text(SubElement(root, "author"), "name", AUTHORS)
    SubElement(root, "link", rel="self", type="application/atom+xml", href=feed.address)
    SubElement(root, "link", rel="alternate", type="text/html", href=feed.page)
    _text(root, "generator", "Therascape").set("version", version())
    for entry in feed.entries:
        _entry(root, entry)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _entry(root: Element, entry: Entry) -> None:
    made = SubElement(root, "entry")
    _text(made, "id", entry.id)
    _text(made, "title", entry.title)
    _text(made, "updated", _date(entry.updated))
    SubElement(made, "link", rel="alternate", type="text/html", href=entry.page)
    items = "".join(f"<li>{escape(line)}</li>" for line in entry.lines)
    _text(made, "content", f"<ul>{items}</ul>").set("type", "html")


def _text(parent: Element, name: str, text: str) -> Element:
    made = SubElement(parent, name)
    made.text = _NOT_XML.sub("\ufffd", text)
    return made


def _date(moment: datetime) -> str:
    """A date as RFC 3339 has it, which RFC 4287 asks for."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
