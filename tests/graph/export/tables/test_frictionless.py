"""A data package says of its files what is true of them."""

import hashlib
import io
import json
import re
import zipfile
from typing import Any

import pytest

from graph.export.tables.catalogue import tables
from graph.release import Release
from tests.graph.export.tables.csvw_checker import complaints
from tests.graph.export.tables.reading import csv_rows, written

_FORMS = {
    "string": r"(?s).*",
    "integer": r"-?\d+",
    "number": r"-?\d+(\.\d+)?",
    "boolean": "true|false",
    "year": r"\d{4}",
    "date": r"\d{4}-\d\d-\d\d",
}


@pytest.fixture(scope="module")
def package(shipped: Release) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(written(shipped, "datapackage"))) as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def descriptor(package: dict[str, bytes]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(package["datapackage.json"])
    return told


def test_the_descriptor_comes_first_and_names_every_file(
    package: dict[str, bytes], descriptor: dict[str, Any]
) -> None:
    assert next(iter(package)) == "datapackage.json"
    paths = [resource["path"] for resource in descriptor["resources"]]
    assert paths == [f"data/{table.name}.csv" for table in tables()]
    assert set(package) == {*paths, "datapackage.json", "README.md", "data/csv-metadata.json"}


def test_sizes_and_hashes_are_those_of_the_files(
    package: dict[str, bytes], descriptor: dict[str, Any]
) -> None:
    for resource in descriptor["resources"]:
        body = package[resource["path"]]
        assert resource["bytes"] == len(body)
        assert resource["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"


def test_files_are_as_their_schemas_say(
    package: dict[str, bytes], descriptor: dict[str, Any]
) -> None:
    cells = 0
    for resource in descriptor["resources"]:
        rows = csv_rows(package[resource["path"]])
        fields = resource["schema"]["fields"]
        assert list(rows[0]) == [field["name"] for field in fields]
        (key,) = resource["schema"]["primaryKey"]
        assert len({row[key] for row in rows}) == len(rows)
        for row in rows:
            for field in fields:
                text = row[field["name"]]
                assert text or not field.get("constraints", {}).get("required")
                many = field["type"] == "list"
                form = _FORMS[field["itemType"] if many else field["type"]]
                parts = text.split(field["delimiter"]) if many else [text]
                for part in filter(None, parts):
                    assert re.fullmatch(form, part), (field["name"], part)
                    cells += 1
    assert cells > 10_000


def test_csvw_metadata_lie_where_they_are_looked_for(package: dict[str, bytes]) -> None:
    group = json.loads(package["data/csv-metadata.json"])
    assert group["@type"] == "TableGroup"
    assert len(group["tables"]) == len(tables())
    for table in group["tables"]:
        body = package[f"data/{table['url']}"]
        assert complaints({"@context": group["@context"], **table}, body) == []


def test_sources_and_rights_are_named(
    package: dict[str, bytes], descriptor: dict[str, Any], shipped: Release
) -> None:
    rows = csv_rows(package["data/sources.csv"])
    assert [source["title"] for source in descriptor["sources"]] == [r["label"] for r in rows]
    assert all(source["rights"] for source in descriptor["sources"])
    assert any(source.get("path", "").startswith("https://") for source in descriptor["sources"])
    assert [licence["path"] for licence in descriptor["licenses"]] == ["README.md"]
    assert shipped.id in package["README.md"].decode()
    assert descriptor["id"].startswith("ni:///sha-256;")
    assert "created" not in descriptor
