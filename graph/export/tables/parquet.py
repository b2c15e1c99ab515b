"""Tables as Parquet: lists are lists, decimals are exact, columns carry their description."""

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from graph.export.tables.catalogue import Datatype, Field, Table
from graph.export.tables.csv_file import Step
from graph.export.tables.filling import Filled
from graph.export.tables.values import DIGITS_BEFORE, DIGITS_BEHIND

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 10_000  # of a row group


def schema(table: Table, release: str) -> "pa.Schema":
    """The schema: names, types, and as metadata of each field what the catalogue says of it."""
    import pyarrow as pa  # noqa: PLC0415 - large, and only needed where a file is written

    return pa.schema(
        [
            pa.field(
                field.name, _type(field), field.name not in (table.key, table.about), _told(field)
            )
            for field in table.fields
        ],
        metadata={
            "title": table.title,
            "description": table.description,
            "class": table.class_,
            "primary_key": table.key,
            "release": release,
        },
    )


def write_parquet(table: Filled, release: str, target: BinaryIO, step: Step) -> None:
    """Write the table, a group of rows after the other."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    made = schema(table.table, release)
    rows = table.rows()
    with pq.ParquetWriter(target, made, compression="snappy", version="2.6") as writer:
        while batch := list(islice(rows, _ROWS)):
            columns = [
                pa.array(values, field.type)
                for values, field in zip(zip(*batch, strict=True), made, strict=True)
            ]
            writer.write_batch(pa.record_batch(columns, schema=made))
            for _ in batch:
                step()


def _type(field: Field) -> "pa.DataType":
    import pyarrow as pa  # noqa: PLC0415

    types: Mapping[Datatype, pa.DataType] = {
        "iri": pa.string(),
        "text": pa.string(),
        "integer": pa.int64(),
        "decimal": pa.decimal128(DIGITS_BEFORE + DIGITS_BEHIND, DIGITS_BEHIND),
        "boolean": pa.bool_(),
        "year": pa.int32(),
        "date": pa.date32(),
    }
    type_ = types[field.datatype]
    return pa.list_(type_) if field.many else type_


def _told(field: Field) -> dict[str, str]:
    told = {
        "title": field.title,
        "description": field.description,
        "property": field.property,
        "unit": field.unit,
    }
    return {key: value for key, value in told.items() if value}
