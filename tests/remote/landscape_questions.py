"""Questions with a name, as they are asked of databases elsewhere and of the embedded engine."""

from collections.abc import Mapping, Sequence

from graph.landscape import Answer, Asking, read_arguments
from graph.landscape.catalogue import question
from graph.query import EmbeddedEngine
from graph.remote import RemoteClient
from graph.terms import DEFAULT_BASE

Asked = tuple[str, Mapping[str, Sequence[str]]]


def of(kind: str, *slugs: str) -> list[str]:
    return [f"id/{kind}/{slug}" for slug in slugs]


COHERENT = "source/coherent-cellular-immunotherapy"
#: One of each way in which these questions are asked: several queries are put together for each.
SOME: Sequence[Asked] = (
    ("compare", {"entities": of("agent", "kite-pharma", "novartis"), "level": ["group"]}),
    ("compare", {"entities": of("place", "latin-america", "brazil")}),
    ("compare", {"entities": of("therapy", "yescarta", "jnj-90014496")}),
    ("compare", {"entities": of("concept", "car-t-cell-therapy", "cancer")}),
    (
        "compare",
        {
            "entities": of(
                "market",
                "global-cellular-immunotherapy-market",
                "latin-america-cell-and-gene-therapy-market",
            )
        },
    ),
    ("competitors", {"company": of("agent", "kite-pharma")}),
    ("market-exposure", {"entity": of("agent", "kite-pharma")}),
    ("market-exposure", {"entity": of("place", "brazil")}),
    ("thinly-covered", {"report": [COHERENT], "concept": of("concept", "cancer"), "most": ["9"]}),
)
MORE: Sequence[Asked] = (
    ("compare", {"entities": of("agent", "kite-pharma", "johnson-and-johnson", "jw-therapeutics")}),
    ("compare", {"entities": of("agent", "novartis", "pfizer")}),
    ("compare", {"entities": of("place", "brazil", "mexico", "chile"), "level": ["group"]}),
    ("competitors", {"company": of("agent", "novartis"), "level": ["group"]}),
    ("competitors", {"company": of("agent", "celluris"), "players": ["all"], "least": ["3"]}),
    ("market-exposure", {"entity": of("agent", "novartis"), "level": ["group"]}),
    ("market-exposure", {"entity": of("agent", "celluris"), "via": ["market"]}),
    ("market-exposure", {"entity": of("place", "japan")}),
    ("thinly-covered", {}),
    ("thinly-covered", {"place": of("place", "latin-america"), "level": ["group"]}),
    ("thinly-covered", {"players": ["companies"], "most": ["5"]}),
)


def words(asked: Asked) -> str:
    """What a question is, in short."""
    name, given = asked
    return "-".join([name, *(one.rsplit("/", 1)[-1] for some in given.values() for one in some)])


def landscape_answer(engine: EmbeddedEngine | RemoteClient, asked: Asked) -> Answer:
    name, given = asked
    named = question(name)
    assert named is not None
    read = read_arguments(named.parameters, given, lambda _, text, __: f"{DEFAULT_BASE}{text}")
    return named.run(Asking(engine, DEFAULT_BASE), read)
