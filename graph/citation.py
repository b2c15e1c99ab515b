"""How to cite a release: the Citation File Format 1.2.0, and BibTeX.

A release is named by its content and has no time stamp, so a citation has no date: the version is
the id, which is the SHA-256 of the statements. The reports that the statements come from are cited
as references, with the dates that they print.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.release import Release

AUTHORS = "The Therascape authors"
LICENCE = "CC-BY-4.0"
_MESSAGE = "Please cite this release by its version, and the reports whose facts you use."
_DATE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-[0-9]{2})?)?")
# What YAML 1.2 lets stand in a quoted text as it is (section 5.1), but for quotes and backslashes.
_UNPRINTABLE = re.compile(
    "[^\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # an escaped brace would still count as one in BibTeX
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "#$%&_"},
}


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation of a release says. `url` is where a service answers from it, if one does."""

    title: str
    version: str
    url: str | None
    references: Sequence[Mapping[str, Any]]

    @property
    def name(self) -> str:
        """The name of the bytes of the release, wherever they are: `ni:///sha-256;…` (RFC 6920)."""
        digest = urlsafe_b64encode(bytes.fromhex(self.version)).decode().rstrip("=")
        return f"ni:///sha-256;{digest}"


def citation(release: Release, url: str | None = None) -> Citation:
    """Return what to cite a release by; `url` is that of the service that answers."""
    sources = tuple(release.manifest.get("sources", ()))
    number = f"{len(sources)} source" + ("" if len(sources) == 1 else "s")
    title = f"Therascape: a cited knowledge graph of market reports, release of {number}"
    return Citation(title, release.id, url, sources)


def cff(cited: Citation) -> str:
    """Return CITATION.cff: YAML that has the keys of the Citation File Format 1.2.0."""
    document: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": _MESSAGE,
        "type": "dataset",
        "title": cited.title,
        "authors": [{"name": AUTHORS}],
        "version": cited.version,
        "license": LICENCE,
        "identifiers": [
            {"type": "other", "value": cited.name, "description": "SHA-256 of the statements"}
        ],
    }
    if cited.url:
        document["url"] = cited.url
    if cited.references:
        document["references"] = [_reference(source) for source in cited.references]
    return "".join(f"{line}\n" for line in _yaml(document))


def bibtex(cited: Citation) -> str:
    """Return BibTeX: an entry for the release, then one for each report."""
    release = {
        "title": _braced(cited.title),
        "author": _braced(AUTHORS),
        "version": cited.version,
        "note": _tex(f"Version {cited.version}, licence {LICENCE}"),
        "url": _address(cited.url),
    }
    entries = [_entry("misc", f"therascape-{cited.version[:12]}", release)]
    for source in cited.references:
        year, month = _year_and_month(source)
        report = {
            "title": _braced(source.get("title")),
            "author": _braced(source.get("publisher")),
            "institution": _tex(source.get("publisher")),
            "number": _tex(source.get("code")),
            "year": str(year or ""),
            "month": str(month or ""),
            "url": _address(source.get("url")),
        }
        entries.append(_entry("techreport", f"therascape-source-{source.get('slug')}", report))
    return "\n".join(entries)


def _reference(source: Mapping[str, Any]) -> dict[str, Any]:
    """A report as CFF has references: type, title and authors are required there."""
    publisher = str(source.get("publisher") or "unknown")
    found: dict[str, Any] = {
        "type": "report",
        "title": str(source.get("title") or source.get("slug")),
        "authors": [{"name": publisher}],
        "publisher": {"name": publisher},
    }
    year, month = _year_and_month(source)
    printed = str(source.get("published") or "")
    if year and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", printed):
        found["date-published"] = printed
    if year:
        found["year"] = year
    if month:
        found["month"] = month
    if source.get("code"):
        found["number"] = str(source["code"])
    if source.get("url"):
        found["url"] = str(source["url"])
    return found


def _year_and_month(source: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """When a report says that it was published; a range or a bound is no date to cite."""
    match = _DATE.fullmatch(str(source.get("published") or ""))
    if match is None:
        return None, None
    return int(match[1]), int(match[2]) if match[2] else None


def _yaml(document: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    for key, value in document.items():
        if isinstance(value, Mapping):
            yield f"{indent}{key}:"
            yield from _yaml(value, f"{indent}  ")
        elif isinstance(value, list):
            yield f"{indent}{key}:"
            for item in value:
                first, *rest = _yaml(item, f"{indent}    ")
                yield f"{indent}  - {first.strip()}"
                yield from rest
        else:
            yield f"{indent}{key}: {value if isinstance(value, int) else _quoted(value)}"


def _quoted(text: str) -> str:
    """A text in double quotes, whatever is in it."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return '"' + _UNPRINTABLE.sub(lambda found: f"\\U{ord(found[0]):08x}", plain) + '"'


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{re.sub('[^a-zA-Z0-9-]', '-', key)},", *lines, "}", ""])


def _braced(text: object) -> str:
    """A name or title that is to stay as it is: no part of it is a first name or in small."""
    return f"{{{_tex(text)}}}" if text else ""


def _tex(text: object) -> str:
    """A text for LaTeX; what no printer has becomes a space."""
    shown = "".join(c if c.isprintable() else " " for c in str(text or ""))
    return "".join(_LATEX.get(letter, letter) for letter in shown)


def _address(url: object) -> str:
    """An address, with what would end the field percent-encoded."""
    return re.sub(r"[{}\\\s]", lambda found: f"%{ord(found[0]):02X}", str(url or ""))
