"""Attacks made up at random: SERVICE and LOAD, nested, disguised, in innocent company.

The same seed makes the same attacks. Each has its own path at the listener, so that hits tell which
of them got through.
"""

import random
from collections.abc import Callable, Iterator
from typing import TypeVar

from tests.egress.attacks import QUERY, UPDATE, Attack

T = TypeVar("T")

_HOST = "http://127.0.0.1:4321/"
_INNOCENT = (
    "?s ?p ?o .",
    "?s <http://data/p> ?o .",
    "?s a <http://data/SERVICE> .",
    "BIND('SERVICE <http://data/> {' AS ?text)",
    'BIND("""# \'SERVICE\' " """ AS ?long)',
    "BIND('\\'' AS ?quote)",
    "BIND(<b:#> AS ?hash)",
    "VALUES ?service { <http://data/service> 1 'LOAD' }",
    "VALUES (?v ?w) { (UNDEF 'SERVICE') }",
    "FILTER(1 < 2)",
    "FILTER(!BOUND(?nothing) || 1 >2)",
    "OPTIONAL { ?s d:service ?more }",
    "OPTIONAL { ?s d:a.b ?more }",
    "{ ?s ?p ?o } UNION { ?s ?p 1.5e3 }",
    "MINUS { ?s d:none true }",
    "# SERVICE <http://data/> {\n",
    "",
)
_WRAPPERS = (
    "{ %s }",
    "{ { %s } }",
    "OPTIONAL { %s }",
    "{ ?s ?p ?o } UNION { %s }",
    "{ %s } UNION { ?s ?p ?o }",
    "?s ?p ?o MINUS { %s }",
    "?s ?p ?o FILTER EXISTS { %s }",
    "?s ?p ?o FILTER NOT EXISTS { %s }",
    "?s ?p ?o FILTER(EXISTS{%s}||false)",
    "?s ?p ?o BIND(IF(EXISTS { %s }, 1, 2) AS ?if%d)",
    "GRAPH ?g%d { ?s ?p ?o . %s }",
    "GRAPH <http://data/g> { %s }",
    "{ SELECT * { %s } }",
    "{ SELECT DISTINCT * WHERE { %s } LIMIT 5 }",
    "{ SELECT (COUNT(*) AS ?n%d) { %s } }",
    "{ SELECT ?s { ?s ?p ?o } ORDER BY (EXISTS { %s }) }",
)
_GAPS = (" ", "  ", "\n", "\t", "\r\n", " # comment\n", "#\n", "#'\n", '#"{\n', "\n#}\n")


class Grammar:
    """Makes attacks with one source of randomness."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def attacks(self, count: int) -> Iterator[Attack]:
        """Make so many, of which a third are updates."""
        for number in range(count):
            if self._random.random() < 1 / 3:
                yield Attack(f"generated-{number}", "generated", UPDATE, self._update())
            else:
                yield Attack(f"generated-{number}", "generated", QUERY, self._query())

    def _query(self) -> str:
        form = self._one(
            "SELECT * %s",
            "SELECT DISTINCT * WHERE %s",
            "SELECT * %s LIMIT 3",
            "ASK %s",
            "ASK WHERE %s",
            "CONSTRUCT { ?s ?p ?o } WHERE %s",
            "DESCRIBE * %s",
            "SELECT (EXISTS %s AS ?there) { ?s ?p ?o }",
            "SELECT * { ?s ?p ?o } ORDER BY (EXISTS %s)",
            "SELECT (COUNT(*) AS ?count) %s",
        )
        return self._with_prologue(lambda: form.replace("%s", self._group(self._depth())))

    def _update(self) -> str:
        return self._with_prologue(
            lambda: self._gap().join(
                [*(self._harmless() + ";" for _ in range(self._random.randrange(3))), self._harm()]
            )
        )

    def _harmless(self) -> str:
        return self._one(
            "INSERT DATA { <a:s> <a:p> 'LOAD <http://data/>' }",
            "DELETE DATA { <a:s> d:SERVICE <a:o> }",
            "CREATE SILENT GRAPH d:load",
            "CLEAR SILENT GRAPH d:service",
            "INSERT { ?s d:p 1 } WHERE { ?s ?p ?o FILTER(?o = 'SERVICE') }",
        )

    def _harm(self) -> str:
        if self._random.random() < 1 / 4:
            endpoint = self._gap() + self._endpoint()
            silent = self._one("", " SILENT")
            into = self._one("", " INTO GRAPH <a:g>", " into graph d:g")
            return self._case("LOAD") + self._case(silent) + endpoint + into
        form = self._one(
            "INSERT { ?s ?p ?o } WHERE %s",
            "INSERT { GRAPH <a:g> { ?s ?p ?o } } WHERE %s",
            "DELETE { ?s ?p ?o } WHERE %s",
            "DELETE { ?s ?p ?o } INSERT { ?s d:p 1 } WHERE %s",
            "WITH <http://data/g> INSERT { ?s d:p 2 } WHERE %s",
            "INSERT { ?s d:p 3 } USING <http://data/g> WHERE %s",
        )
        return form.replace("%s", self._group(self._depth()))

    def _with_prologue(self, rest: Callable[[], str]) -> str:
        """The rest, after the prefixes that it may use."""
        prologue = f"PREFIX d: <http://data/> PREFIX e: <{_HOST}> PREFIX : <{_HOST}>"
        if self._random.random() < 0.2:
            prologue += " PREFIX service: <http://data/> PREFIX LOAD: <http://data/>"
        return f"BASE <{_HOST}> {prologue}{self._gap()}{rest()}"

    def _depth(self) -> int:
        return self._one(0, 0, 1, 1, 2, 3, 4, 6, 9)

    def _group(self, depth: int) -> str:
        return "{" + self._gap() + self._pattern(depth) + self._gap() + "}"

    def _pattern(self, depth: int) -> str:
        if depth:
            wrapper = self._one(*_WRAPPERS).replace("%d", str(depth))
            inner = wrapper.replace("%s", self._pattern(depth - 1))
        else:
            inner = self._service()
        return self._gap().join([self._one(*_INNOCENT), inner, self._one(*_INNOCENT)])

    def _service(self) -> str:
        keyword = self._case("SERVICE")
        if self._random.random() < 0.1:
            place = self._random.randrange(len(keyword))
            escaped = f"\\u{ord(keyword[place]):04X}"
            keyword = keyword[:place] + escaped + keyword[place + 1 :]
        before = self._one("", "", "", "?s ?p 1.", "?s ?p ?o.", "?s ?p true.", "{}")
        silent = self._one("", self._gap() + self._case("SILENT"), self._case("SILENT"))
        gap = self._one(self._gap(), "")
        return (
            f"{before}{keyword}{silent}{gap}{self._endpoint()}{self._one(' ', '')}{self._asked()}"
        )

    def _asked(self) -> str:
        return self._one(
            "{}", "{ ?s ?p ?o }", "{?s?p?o}", "{ ?s ?p ?o FILTER(?o='}') }", "{ # }\n }"
        )

    def _endpoint(self) -> str:
        return self._one(
            f"<{_HOST}x>",
            f"<{_HOST}x>",
            f"<{_HOST}x?a={{b}}#c>".replace("{", "%7B").replace("}", "%7D"),
            "<http://localhost:4321/x>",
            "<\\u0068ttp://127.0.0.1:4321/x>",
            "<x>",
            "<?x>",
            "<//127.0.0.1:4321/x>",
            "e:x",
            ":x",
            "e:x\\-y",
            "e:%78.y",
        )

    def _case(self, word: str) -> str:
        return self._one(
            word, word, word.lower(), "".join(self._one(c.lower(), c.upper()) for c in word)
        )

    def _gap(self) -> str:
        return self._one(*_GAPS)

    def _one(self, *of: T) -> T:
        return self._random.choice(of)
