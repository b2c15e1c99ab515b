"""The table of problems: which exception has which type, status, title and remedy.

Types never change their meaning; new ones may come.
"""

from dataclasses import dataclass

from graph.errors import GraphError
from graph.query import (
    DatasetTooLarge,
    EngineFailure,
    NotAcceptable,
    NotExpressible,
    QuerySyntaxError,
    QueryTooDeep,
    RemoteAccessRefused,
    UnsupportedFunction,
    UpdateRefused,
)

TYPE_BASE = "https://w3id.org/therascape/problems#"


class MalformedRequest(GraphError):
    """A request that does not follow the SPARQL 1.1 Protocol; the message says how to."""


class UnsupportedBody(GraphError):
    """A request body of a type, charset or coding that the endpoint does not read."""


class BodyTooLarge(GraphError):
    """A request body beyond the limit; the message names the limit and its setting."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One row: what a problem is called, its status, and what to do about it.

    A problem without a name is one of HTTP alone (RFC 9457, 4.2.1).
    """

    name: str
    status: int
    title: str
    help: str
    exceptions: tuple[type[Exception], ...] = ()

    @property
    def type(self) -> str:
        """The URI that programs compare; `/problems` of a running service explains it."""
        return TYPE_BASE + self.name if self.name else "about:blank"


INTERNAL = Kind(
    "internal-error",
    500,
    "The service failed",
    "This is a fault of the service, not of the request. Its log has the details; please report "
    "it with the query.",
)
NOT_FOUND = Kind(
    "not-found",
    404,
    "There is nothing here",
    "The first page lists what there is; queries go to /sparql.",
)
METHOD = Kind(
    "method-not-allowed",
    405,
    "This address does not take that method",
    "The Allow header lists the methods that it takes.",
)
KINDS: tuple[Kind, ...] = (
    Kind(
        "query-syntax",
        400,
        "The query is not valid SPARQL 1.1",
        "Reading stopped at the line and column given; both count from 1.",
        (QuerySyntaxError,),
    ),
    Kind(
        "unsupported-function",
        400,
        "The query calls a function that there is not",
        "Functions are those of SPARQL 1.1, and casts to the types of XML Schema.",
        (UnsupportedFunction,),
    ),
    Kind(
        "malformed-request",
        400,
        "The request does not follow the SPARQL Protocol",
        "Send exactly one query: as a parameter of GET, in a form by POST, or as the body of a "
        "POST with Content-Type application/sparql-query. All text is UTF-8.",
        (MalformedRequest,),
    ),
    Kind(
        "query-too-deep",
        400,
        "The query is nested too deeply",
        "Write it with fewer brackets inside brackets.",
        (QueryTooDeep,),
    ),
    Kind(
        "remote-access-refused",
        403,
        "Queries reach nothing outside this service",
        "SERVICE and LOAD are refused, SILENT or not. Query the other service by itself, and give "
        "its answer to this one with VALUES.",
        (RemoteAccessRefused,),
    ),
    Kind(
        "update-refused",
        403,
        "This service answers queries only",
        "The graph changes by building a new release from the seeds, not by SPARQL Update.",
        (UpdateRefused,),
    ),
    Kind(
        "dataset-too-large",
        413,
        "The graphs asked for are too large to merge for one query",
        "Leave FROM and default-graph-uri out (the default graph is the merge of all graphs "
        "already), name fewer graphs, or name them with FROM NAMED.",
        (DatasetTooLarge,),
    ),
    NOT_FOUND,
    METHOD,
    Kind(
        "not-acceptable",
        406,
        "The answer cannot be written in any format that the client accepts",
        "The member offered lists the media types for this kind of query; use one in Accept, or "
        "leave Accept out.",
        (NotAcceptable,),
    ),
    Kind(
        "not-expressible",
        406,
        "This very answer cannot be written in the format that was asked for",
        "XML has no place for some characters, and RDF/XML for some properties; the member offered "
        "lists the media types that can hold the answer.",
        (NotExpressible,),
    ),
    Kind(
        "body-too-large",
        413,
        "The request is larger than this service accepts",
        "The setting max_body_bytes (THERASCAPE_MAX_BODY_BYTES) is the limit.",
        (BodyTooLarge,),
    ),
    Kind(
        "unsupported-body",
        415,
        "The endpoint does not read bodies of this type",
        "Send application/sparql-query or application/x-www-form-urlencoded, in UTF-8, without a "
        "Content-Encoding.",
        (UnsupportedBody,),
    ),
    Kind(
        "engine-failure",
        500,
        "The engine failed on this query",
        "The query was accepted and could not be answered. Please report it; written otherwise, "
        "it may work.",
        (EngineFailure,),
    ),
    INTERNAL,
)
