"""The invented landscape with hostile words: in every cell that takes words, and in statements.

What the reader lets into a table stands in the cells. What it refuses there, anybody may still
write as a statement, or bring in a release of their own: names of ten thousand characters, control
characters, text that runs against its own direction. These are put into the statements.
"""

import itertools
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from graph.build import build
from graph.release import JSON, DataDirectory, Release
from graph.terms import DEFAULT_BASE
from ontology.description import Table, tables
from ontology.namespaces import DCAT, RDFS
from tests.landscape.spoil import BRIEF, OUTLOOK, cells, copied, swap, write

#: What a cell may hold, and each a way out of somewhere: of an element, an attribute, a comment, a
#: script, a style, a template, a table of a spreadsheet, a line of text.
WORDS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)' x='",
    "&lt;b&gt; &amp;amp; &#60;i&#62; &copy",
    "</title></style></textarea></select></svg></script><script>alert(1)</script>",
    "]]><!--<script>--></script>",
    "{{7*7}}${7*7}{%if 1%}<%=7*7%>#{7*7}",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example/";"x")',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd \u0645\u0631\u062d\u0628\u0627",
    "zero\u200bwidth\u200djoiner\u00adsoft",
    "\U0001f469\U0001f3fd\u200d\U0001f52c \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e7",
    "Z" + "\u0315\u0321\u0489" * 60,
    "W" * 700,
    "word " * 140 + "end",
    "\\u003cscript\\u003e %3Cscript%3E %s %(x)s {0} \\",
    "<a href=javascript:alert(1)>",
    "<style>*{display:none}</style><base href=//evil.example/>",
)

LONG = "L" * 10_000
LONG_WORDS = "many words " * 909 + "at last"
REVERSED = (
    "\u202egpj.exe\u202c \u2067\u05d0 \x1b[31mred\x07 tab\there\nline\r\nline \x00nul \ufeff\ufffe"
)

#: What statements say, by the path of the IRI of a thing. All stand in tables above.
NAMES: Mapping[str, str] = {
    "id/agent/helio-group": LONG,
    "id/therapy/lumicel": LONG_WORDS,
    "id/place/sudria": REVERSED,
    "id/agent/estia-biolabs": "CASE alike",
    "id/agent/boreal-health-fund": "case ALIKE",
    "source/acme-brief": LONG,
    "id/market/global-lumen-grafts": LONG_WORDS,
    "id/event/lumicel-approval-norland": LONG,
}
MATCH = "http://www.w3.org/2004/02/skos/core#exactMatch"
ODD = "https://acme.example/'onclick='alert(1)/?a=&lt;b&gt;&copy=1#:~:text=x"
#: Addresses that no page may lead to, and one that is only odd.
ADDRESSES = (
    "javascript:alert(1)",
    "data:text/html,%3Cscript%3Ealert(1)%3C/script%3E",
    "vbscript:msgbox(1)",
    "https://evil.example/?'onclick='alert(1)",
)
_WORDED = ("text", "phrase")
_PRINTED = 120  # characters of a fragment as printed, at most
#: Words that are names of something else, or have a form of their own.
_FORMED = frozenset((("retired", "entity"), ("links", "identifier"), ("places", "code")))
_DETAILS = ("base", "sources", "rules", "schema", "versions")


def hostile_seeds(folder: Path) -> Path:
    """A copy of the invented seeds with hostile words in every cell that takes words."""
    seeds = copied(folder)
    turn = itertools.cycle(WORDS)
    printed = itertools.cycle([words for words in WORDS if len(words) <= _PRINTED])
    for path in sorted(seeds.glob("*/*.csv")):
        table = tables()[path.name.split(".")[0]]
        rows = cells(path)
        for row in rows[1:]:
            for number, name in enumerate(rows[0]):
                if row[number] and name == "printed":
                    row[number] = f"{next(printed)} | {row[number]}"
                elif row[number] and _takes_words(table, name):
                    row[number] = f"{next(turn)} {row[number]}"
        write(path, rows)
    manifest = seeds / OUTLOOK / "source.toml"
    swap(manifest, 'title = "Lumen Graft Outlook"', f"title = '''{WORDS[4]}{WORDS[1]} Outlook'''")
    swap(manifest, '"Acme, Outlook (2024)"', f"'''{WORDS[0]}{WORDS[2]} Outlook'''")
    swap(manifest, "https://acme.example/reports/lumen?edition=7", ODD)
    swap(manifest, "Invented for tests.", WORDS[0])
    return seeds


def hostile_release(folder: Path) -> Release:
    """The current release of a new data directory in `folder`: these seeds, and in the statements
    what their reader refuses. The release before it has the seeds alone."""
    data = DataDirectory(folder / "data")
    built = build(data, seeds=hostile_seeds(folder)).release
    details = {name: built.manifest[name] for name in _DETAILS}
    details["sources"] = [_source(source) for source in built.manifest["sources"]]
    os.utime(built.path / "data.nq", (1_700_000_000, 1_700_000_000))  # told apart from the next
    return data.publish(_statements(built), details)


def _statements(release: Release) -> Iterator[Quad]:
    labels = {DEFAULT_BASE + path: name for path, name in NAMES.items()}
    for quad in release.store():
        if quad.graph_name == DefaultGraph():
            continue  # all of it stands in a graph with a name, too
        subject = getattr(quad.subject, "value", "")
        if subject in labels and quad.predicate == RDFS.label:
            name = Literal(labels[subject], language="en")
            yield Quad(quad.subject, quad.predicate, name, quad.graph_name)
        else:
            yield quad
        if subject in labels and quad.predicate == RDFS.label:
            page = NamedNode(ADDRESSES[0])
            yield Quad(quad.subject, DCAT.landingPage, page, quad.graph_name)
            for address in ADDRESSES:
                yield Quad(quad.subject, NamedNode(MATCH), NamedNode(address), quad.graph_name)


def _source(source: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """What the manifest says of a source, which is where some pages have it from."""
    if source["slug"] != BRIEF:
        return source
    return {**source, "title": LONG, "short_title": REVERSED, "url": ADDRESSES[0]}


def _takes_words(table: Table, name: str) -> bool:
    column = table.columns.get(name)
    return column is not None and column.type in _WORDED and (table.name, name) not in _FORMED
