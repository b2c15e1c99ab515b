"""What readers of tables should know: in words, for sheets and for the text beside a package."""

import base64
from collections.abc import Iterator

from graph.export.tables.catalogue import SEPARATOR, Table
from graph.release import Release

RIGHTS = (
    "Facts, names, numbers and short headings from reports of third parties, each with its place."
    " The rights in the reports stay with their publishers: the table of sources says for each"
    " whose it is and what is kept of it."
)
CONVENTIONS = (
    (
        "A cell without a value is empty, and says nothing of why. What a report does not state,"
        " what is not yet recorded and what it announces are told apart by the release alone."
    ),
    (
        f"Several values stand in one cell, parted by {SEPARATOR!r}, and as lists in Parquet. A"
        " space behind a semicolon inside of a value is one that does not break (U+00A0)."
    ),
    "Where a column names a thing, the column with the ending _iri has its IRI, in the same order.",
    (
        "Values are decimals. The digits as printed stand beside them, since 24.00 and 24 are one"
        " number and not one statement."
    ),
    (
        "A date is as precise as the source is: 2025-01 is January 2025, never the first of"
        " January. The columns earliest and latest are its bounds, inclusive."
    ),
    "Forecasts and findings are computed; no source says them.",
)
"""Sentences that hold for every table, in every format."""


def name_of(release: Release) -> str:
    """The IRI of a release: its hash, as RFC 6920 names things by hashes."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(release.id)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def facts(release: Release) -> Iterator[tuple[str, str]]:
    """What a file is of: names and values."""
    yield "Made from", "a release of Therascape, a cited knowledge graph of market reports"
    yield "Release", release.id
    yield "Base of the IRIs", release.iris.base
    for name, version in sorted(release.manifest.get("versions", {}).items()):
        yield f"Version of {name}", str(version)
    yield "Rights", RIGHTS
    yield (
        "How to cite",
        "the release by its hash, and the report that a row comes from by its source and section",
    )


def columns(table: Table) -> Iterator[tuple[str, str, str, str, str]]:
    """Table, column, meaning, unit and property of every column."""
    for field in table.fields:
        yield (
            table.title,
            field.name,
            field.description,
            field.unit or "",
            field.property or "",
        )


def readme(release: Release, tables: tuple[Table, ...], remarks: tuple[str, ...]) -> str:
    """The text beside the files of a package, in Markdown."""
    lines = ["# Tables of a Therascape release", ""]
    lines += [f"- {name}: {value}" for name, value in facts(release)]
    lines += ["", "## Tables", ""]
    lines += [f"- `data/{table.name}.csv`: {table.description}" for table in tables]
    lines += ["", "## Conventions", "", *(f"- {text}" for text in CONVENTIONS)]
    lines.append(
        "- CSV files have text as it is. A spreadsheet may take a cell that begins with =, +, - or"
        " @ for a formula: open the Excel file there."
    )
    if remarks:
        lines += ["", "## Left out", "", *(f"- {remark}" for remark in remarks)]
    return "\n".join((*lines, ""))
