"""Values of rows as terms of RDF."""

from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from graph.authorities import notation_of
from graph.dates import StatedDate
from ontology.namespaces import XSD
from ontology.vocabulary import expand

_EDTF = NamedNode("http://id.loc.gov/datatypes/edtf")
_DATE_TYPES = {"year": XSD.gYear, "month": XSD.gYearMonth, "day": XSD.date}


def text_as(value: str, column_type: str) -> NamedNode | Literal:
    """The term of a text, by the type of its column: an IRI, a typed code, or a literal."""
    match column_type:
        case "iri":
            return NamedNode(value)
        case "match":
            return NamedNode(expand(f"skos:{value}"))
        case "notation":
            return Literal(value, datatype=notation_of(value))
        case "phrase":
            return phrase(value)
        case _:
            return Literal(value)


def phrase(text: str) -> Literal:
    """Words of our own, which are English."""
    return Literal(text, language="en")


def decimal(value: Decimal) -> Literal:
    """A number with all its digits."""
    return Literal(f"{value:f}", datatype=XSD.decimal)


def day(text: str) -> Literal:
    """A day, in the form of ISO 8601."""
    return Literal(text, datatype=XSD.date)


def date_literal(value: StatedDate) -> Literal:
    """A date as precisely as it is stated; what XML Schema has no type for is EDTF."""
    return Literal(value.form, datatype=_DATE_TYPES.get(value.precision, _EDTF))
