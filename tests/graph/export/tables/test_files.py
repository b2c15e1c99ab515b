"""Every format of a table has the same rows, and programs that people use read them rightly."""

import io
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graph.export.errors import NotOfThisScope
from graph.export.formats import FORMATS, format_named
from graph.export.model import Scope, silent
from graph.export.tables.catalogue import SEPARATOR, Table, table_named, tables
from graph.export.tables.csv_file import write_csv
from graph.export.tables.parquet import write_parquet
from graph.export.tables.values import cell_text
from graph.release import Release
from tests.graph.export.tables.csvw_checker import complaints
from tests.graph.export.tables.reading import (
    csv_rows,
    metadata,
    organisations,
    table_of,
    written,
)

SOME = ("events", "figures", "forecasts")


def ids(table: Table) -> str:
    return table.name


def by_pandas(release: Release, table: str) -> dict[str, pd.DataFrame]:
    files = {name: io.BytesIO(written(release, f"{table}-{name}")) for name in ("csv", "excel")}
    return {
        "csv": pd.read_csv(files["csv"], dtype=str, keep_default_na=False),
        "excel": pd.read_excel(
            files["excel"], sheet_name="Data", dtype=object, keep_default_na=False
        ),
        "parquet": pd.read_parquet(io.BytesIO(written(release, f"{table}-parquet"))),
    }


@pytest.mark.parametrize("name", SOME)
def test_every_format_has_the_same_rows(name: str, shipped: Release) -> None:
    fields = table_named(name).fields
    found = by_pandas(shipped, name)
    arrow = pq.read_table(io.BytesIO(written(shipped, f"{name}-parquet"))).to_pylist()
    rows = csv_rows(written(shipped, f"{name}-csv"))
    assert [list(frame.columns) for frame in found.values()] == [[f.name for f in fields]] * 3
    assert rows == found["csv"].to_dict("records")
    assert len(rows) == len(arrow) == len(found["excel"]) == len(found["parquet"]) > 40
    excel: list[dict[str, Any]] = found["excel"].to_dict("records")
    for text, typed, cells in zip(rows, arrow, excel, strict=True):
        for field in fields:
            value = typed[field.name]
            cell = tuple(value) if isinstance(value, list) else _decimal(value)
            assert text[field.name] == cell_text(cell, field)
            assert _of_excel(cells[field.name]) == text[field.name], field.name


def _decimal(value: Any) -> Any:
    if not isinstance(value, Decimal):
        return value
    return value.normalize() if value else Decimal(0)


def _of_excel(cell: Any) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)).normalize():f}"
    return cell.date().isoformat() if hasattr(cell, "date") else str(cell)


def test_types_are_right_in_pandas_without_help(shipped: Release) -> None:
    csv = pd.read_csv(io.BytesIO(written(shipped, "figures-csv")))
    excel = pd.read_excel(io.BytesIO(written(shipped, "figures-excel")), sheet_name="Data")
    parquet = pd.read_parquet(io.BytesIO(written(shipped, "figures-parquet")))
    for frame in (csv, excel):
        assert frame["value"].dtype == "float64"
        assert frame["year"].dropna().between(2000, 2050).all()
    assert csv["value"].sum() == pytest.approx(float(parquet["value"].sum()))
    assert excel["value"].tolist() == csv["value"].tolist()
    one = csv.set_index("claim").loc["https://w3id.org/therascape/id/claim/tsr-ci-fig-2"]
    assert (one["value"], one["year"], one["unit"]) == (13.51, 2031, "US dollars, billion")
    forecasts = pd.read_csv(io.BytesIO(written(shipped, "forecasts-csv")))
    assert forecasts["borrowed"].dtype == "bool"
    wide = forecasts.dropna(subset="lower_95")
    assert len(wide) > 50
    assert (wide["lower_95"] < wide["lower_50"]).all()
    assert (wide["lower_50"] < wide["median"]).all()
    assert (wide["median"] < wide["upper_80"]).all()
    assert (wide["upper_80"] < wide["upper_95"]).all()


@pytest.mark.parametrize("table", tables(), ids=ids)
def test_csv_is_what_its_csvw_metadata_say(table: Table, shipped: Release) -> None:
    body, told = written(shipped, f"{table.name}-csv"), metadata(shipped, table.name)
    assert complaints(told, body) == []
    assert told["url"] == f"{table.name}.csv"
    # And a file that differs does not pass.
    assert complaints(told, body.replace(b",", b",x", 1))
    assert complaints(told, body + body.split(b"\r\n")[1] + b"\r\n")


def test_the_checker_sees_values_of_other_types(shipped: Release) -> None:
    told, body = metadata(shipped, "figures"), written(shipped, "figures-csv")
    assert b",13.51," in body
    assert any(
        "no decimal" in one for one in complaints(told, body.replace(b",13.51,", b',"13,51",'))
    )
    broken = metadata(shipped, "figures")
    broken["tableSchema"]["aboutUrl"] = "{+nothing}"
    assert any("aboutUrl" in one for one in complaints(broken, body))


@pytest.mark.parametrize("table", tables(), ids=ids)
def test_the_schema_of_parquet_says_what_the_catalogue_says(table: Table, shipped: Release) -> None:
    schema = pq.read_schema(io.BytesIO(written(shipped, f"{table.name}-parquet")))
    for field in table.fields:
        found = schema.field(field.name)
        told = {key.decode(): value.decode() for key, value in found.metadata.items()}
        told.pop("PARQUET:field_id", None)
        assert told["description"] == field.description
        assert told.get("property") == field.property
        assert told.get("unit") == field.unit
        assert pa.types.is_list(found.type) == field.many
    assert schema.metadata[b"primary_key"].decode() == table.key
    assert schema.metadata[b"release"].startswith(b"ni:///sha-256;")


def test_text_of_any_script_survives(shipped: Release) -> None:
    names = {
        "a": "São Paulo; Rio",
        "b": 'Quote " comma , line\nend',
        "c": "日本\U0001f9ec",
        "d": "=1",
    }
    store = organisations(names)
    body, parquet = io.BytesIO(), io.BytesIO()
    with table_of(store) as rows:
        write_csv(rows, body, lambda: None)
    assert [row["label"] for row in csv_rows(body.getvalue())] == list(names.values())
    assert not body.getvalue().startswith(b"\xef\xbb\xbf")
    with table_of(store) as rows:
        write_parquet(rows, "ni:///x", parquet, lambda: None)
    assert pd.read_parquet(parquet)["label"].tolist() == list(names.values())
    assert shipped.id


def test_lists_are_lists_in_parquet(shipped: Release) -> None:
    parquet = pd.read_parquet(io.BytesIO(written(shipped, "events-parquet")))
    csv = csv_rows(written(shipped, "events-csv"))
    parties = [list(cell) for cell in parquet["parties"] if cell is not None]
    assert sorted(map(len, parties)) == [2, 2]
    assert [SEPARATOR.join(cell) for cell in parties] == [r["parties"] for r in csv if r["parties"]]


def test_an_empty_table_has_its_columns(shipped: Release) -> None:
    store, body, parquet = organisations({}), io.BytesIO(), io.BytesIO()
    with table_of(store) as rows:
        write_csv(rows, body, lambda: None)
    with table_of(store) as rows:
        write_parquet(rows, "ni:///x", parquet, lambda: None)
    names = [field.name for field in table_named("organisations").fields]
    assert list(pd.read_csv(io.BytesIO(body.getvalue())).columns) == names
    assert list(pd.read_parquet(parquet).columns) == names
    assert shipped.id


_WRITE = """
import hashlib, os, sys
from pathlib import Path
from graph.export.formats import format_named
from graph.export.model import Scope, silent
from graph.release.release import open_release
os.umask(int(sys.argv[3], 8))
release = open_release(Path(sys.argv[1]), sys.argv[2])
for name in sys.argv[5:]:
    with open(sys.argv[4], "wb") as file:
        format_named(name).write(release, Scope(), file, silent)
    print(name, hashlib.sha256(Path(sys.argv[4]).read_bytes()).hexdigest())
"""


@pytest.mark.parametrize(
    ("of", "table"),
    [("small", "organisations"), pytest.param("shipped", "events", marks=pytest.mark.exhaustive)],
)
def test_bytes_do_not_depend_on_hash_seed_time_zone_or_mode(
    of: str, table: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    release: Release = request.getfixturevalue(of)
    names = (f"{table}-csv", f"{table}-csvw", f"{table}-parquet", "excel", "datapackage")
    said = []
    for seed, zone, mask in (("1", "UTC", "022"), ("2", "Pacific/Auckland", "077")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone}
        arguments = [str(release.path), release.id, mask, str(tmp_path / "file"), *names]
        done = subprocess.run(
            [sys.executable, "-c", _WRITE, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        said.append(done.stdout)
    assert said[0] == said[1]
    assert len(said[0].splitlines()) == 5


def test_tables_are_of_whole_releases(shipped: Release) -> None:
    found = [format_ for format_ in FORMATS if format_.kind == "table"]
    assert len(found) == 2 + 4 * len(tables())
    assert len({f"{format_.stem}.{format_.ending}" for format_ in found}) == len(found)
    for format_ in found:
        target = io.BytesIO()
        with pytest.raises(NotOfThisScope, match="whole release"):
            format_.write(shipped, Scope("source", "x"), target, silent)
        assert target.getvalue() == b""


def test_progress_ends_where_it_leads_to(shipped: Release) -> None:
    for name in ("events-csv", "events-excel", "events-csvw", "datapackage", "excel"):
        told: list[tuple[int, int]] = []
        format_ = format_named(name)
        assert format_ is not None
        format_.write(shipped, Scope(), io.BytesIO(), lambda *both, to=told: to.append(both))
        assert told[-1][0] == told[-1][1]
        assert [done for done, _ in told] == sorted(done for done, _ in told)
