"""Attacks that are too long to be files: each function returns the text of one query."""

from collections.abc import Callable

MEGABYTE = 1_000_000
_CROSS = "?a ?b ?c . ?d ?e ?f"


def _numbers(count: int) -> str:
    return " ".join(map(str, range(count)))


def _nested(opening: str, core: str, closing: str, depth: int) -> str:
    return opening * depth + core + closing * depth


def concat_doubling() -> str:
    """A string that doubles 36 times: 1 TB."""
    steps = (f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(36))
    return f'SELECT (STRLEN(?x36) AS ?n) {{ BIND("sixteen letters." AS ?x0) {" ".join(steps)} }}'


def concat_cross() -> str:
    """A string of 5 MB, grown in every row."""
    return f'SELECT ?y {{ ?s ?p ?o BIND(CONCAT("{"x" * 5 * MEGABYTE}", STR(?s)) AS ?y) }}'


def literal_compared() -> str:
    """A literal of 5 MB, compared with everything."""
    return f'SELECT * {{ ?s ?p ?o . ?o ?q ?r FILTER(?r = "{"é" * (5 * MEGABYTE // 2)}") }}'


def literal_regex() -> str:
    """A pattern of 2 MB."""
    return f'ASK {{ ?s ?p ?o FILTER(REGEX(STR(?o), "{"(a|b)*c" * (2 * MEGABYTE // 7)}")) }}'


def values_itself() -> str:
    """100,000 values, paired with themselves."""
    values = _numbers(100_000)
    return (
        f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {values} }} VALUES ?y {{ {values} }} "
        "FILTER(?x * ?y = 7) }"
    )


def values_doubling() -> str:
    """Forty groups of two values, which have nothing in common: 2^40 rows out of nothing."""
    groups = " ".join(f"VALUES ?x{n} {{ 0 1 }}" for n in range(40))
    return f"SELECT (COUNT(*) AS ?n) {{ {groups} }}"


def values_undef() -> str:
    """30,000 rows with holes, joined with as many: no index helps."""
    rows = " ".join(f"({n} UNDEF {n})" if n % 2 else f"(UNDEF {n} {n})" for n in range(30_000))
    return (
        f"SELECT (COUNT(*) AS ?n) {{ {{ VALUES (?x ?y ?z) {{ {rows} }} }} "
        f"{{ VALUES (?x ?y ?w) {{ {rows} }} }} }}"
    )


def in_many() -> str:
    """50,000 terms to compare with each object."""
    return f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o . ?o ?q ?r FILTER(?r IN ({_listed(50_000)})) }}"


def _listed(count: int) -> str:
    return ", ".join(f"'{n}'" for n in range(count))


def in_pairs() -> str:
    """5,000 computed terms to compare with each pair of statements."""
    terms = ", ".join(f"STRLEN('{n}')" for n in range(5000))
    return f"ASK {{ {_CROSS} FILTER(STRLEN(STR(?c)) * -1 IN ({terms})) }}"


def from_named_many() -> str:
    """400 graphs that are not there, and pairs of those that are."""
    graphs = " ".join(f"FROM NAMED <urn:graph:{n}>" for n in range(400))
    ours = "FROM NAMED <https://w3id.org/therascape/graph/ontology>"
    ours += " FROM NAMED <https://w3id.org/therascape/graph/reference>"
    return (
        f"SELECT (COUNT(*) AS ?n) {graphs} {ours} "
        "{ GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } GRAPH ?i { ?x ?y ?z } }"
    )


def alternatives() -> str:
    """A closure over 400 alternatives."""
    paths = "|".join(f"^<urn:p{n}>|!<urn:q{n}>" for n in range(200))
    return f"SELECT (COUNT(*) AS ?n) {{ ?a ({paths})* ?b }}"


def conditions_cross() -> str:
    """400 conditions on each pair of statements."""
    tests = " || ".join(f'STR(?c) = CONCAT("{n}", STR(?f))' for n in range(400))
    return f"ASK {{ {_CROSS} FILTER({tests}) }}"


def optional_many() -> str:
    """200 optional parts, each of which matches everything."""
    parts = " ".join(f"OPTIONAL {{ ?s{n} rdf:type ?t{n} }}" for n in range(200))
    return f"SELECT * {{ {parts} }}"


def columns_many() -> str:
    """490 columns for every statement."""
    columns = " ".join(f"(CONCAT(STR(?s), STR(?p)) AS ?c{n})" for n in range(490))
    return f"SELECT {columns} {{ ?s ?p ?o }}"


def subselects_sorted() -> str:
    """Twelve levels, each of which sorts pairs of what the one inside of it gave."""
    query = "?x0 ?p ?o"
    for n in range(12):
        query = f"{{ SELECT ?x{n} {{ {query} . ?y{n} ?p{n} ?o{n} }} ORDER BY ?y{n} LIMIT 40000 }}"
    return f"SELECT * {{ {query} }}"


def parentheses(depth: int) -> str:
    """Brackets around a number."""
    return f"SELECT ({_nested('(', '1', ')', depth)} AS ?x) {{}}"


def groups(depth: int) -> str:
    """Groups inside groups."""
    return f"ASK {_nested('{', '', '}', depth)}"


def exists(depth: int) -> str:
    """EXISTS inside EXISTS."""
    return f"ASK {{ {_nested('FILTER EXISTS { ?s ?p ?o ', '', '}', depth)} }}"


def subselects(depth: int) -> str:
    """Subselects inside subselects."""
    return f"SELECT * {_nested('{ SELECT * ', '{ ?s ?p ?o }', '}', depth)}"


def patterns(depth: int) -> str:
    """REGEX inside REGEX."""
    return f"ASK {{ FILTER({_nested('REGEX(STR(', chr(34) * 2, '), ' + repr('a') + ')', depth)}) }}"


def collections(depth: int) -> str:
    """Lists inside lists."""
    return f"ASK {{ {_nested('(', '1', ')', depth)} ?p ?o }}"


def negations(count: int) -> str:
    """`!` in a row."""
    return f"ASK {{ FILTER({'!' * count} true) }}"


def operators(count: int) -> str:
    """One long sum."""
    return f"ASK {{ FILTER({' + '.join('1' for _ in range(count))} > 0) }}"


def groups_in_a_row(count: int) -> str:
    """Groups side by side, each of everything."""
    return f"SELECT * {{ {' '.join(f'{{ ?s{n} ?p{n} ?o{n} }}' for n in range(count))} }}"


def comment() -> str:
    """6 MB that say nothing."""
    return "#" * 3 * MEGABYTE + "\nASK {}" + "\n# " * MEGABYTE


def objects_many() -> str:
    """16,000 triples in one pattern: the engine's recursion runs out of stack."""
    return f"ASK {{ ?s ?p {', '.join(['1'] * 16_000)} }}"


def patterns_many() -> str:
    """1,500 triples in one pattern: the engine orders them in cubic time."""
    return f"ASK {{ {' . '.join(f'?s{n} ?p{n} ?s{n + 1}' for n in range(1500))} }}"


def escapes_many() -> str:
    """A name of 400,000 letters, each as an escape."""
    return "ASK { ?s ?p '" + "\\u0061" * 400_000 + "' }"


def word_long() -> str:
    """A word of 3 MB that is no keyword."""
    return f"SELECT * {{ {'SELEKT' * (3 * MEGABYTE // 6)} }}"


def words_unknown() -> str:
    """20,000 names in the service's own namespaces that are not there."""
    names = " ".join(f"kg:activeInn{n}" for n in range(20_000))
    return f"SELECT * {{ VALUES ?class {{ {names} }} ?s a ?class }}"


def prefixes_many() -> str:
    """20,000 prefixes and a name of each."""
    declared = "\n".join(f"PREFIX p{n}: <urn:p{n}:>" for n in range(20_000))
    names = " ".join(f"p{n}:x" for n in range(20_000))
    return f"{declared} SELECT * {{ VALUES ?class {{ {names} }} ?s a ?class }}"


def prefixes_chained() -> str:
    """20,000 bases, each relative to the one before."""
    return "BASE <http://b.example/>\n" + "BASE <a/>\n" * 20_000 + "ASK { <x> <y> <z> }"


def error_at_the_end() -> str:
    """2 MB of a good query, and then a mistake."""
    return f"SELECT * {{ {'?s ?p ?o . ' * (2 * MEGABYTE // 11)} ?s ?p }}"


def quotes_open() -> str:
    """Strings that begin and do not end."""
    return "ASK { " + "'''x'' " * (MEGABYTE // 7)


def iris_open() -> str:
    """IRIs that begin and do not end."""
    return "ASK { " + "<a" * MEGABYTE


def brackets_open(count: int) -> str:
    """Brackets that nothing closes."""
    return "ASK " + "{" * count


MADE: dict[str, Callable[[], str]] = {
    "concat-doubling": concat_doubling,
    "concat-cross": concat_cross,
    "literal-compared": literal_compared,
    "literal-regex": literal_regex,
    "values-itself": values_itself,
    "values-doubling": values_doubling,
    "values-undef": values_undef,
    "in-many": in_many,
    "in-pairs": in_pairs,
    "from-named-many": from_named_many,
    "alternatives": alternatives,
    "conditions-cross": conditions_cross,
    "optional-many": optional_many,
    "columns-many": columns_many,
    "subselects-sorted": subselects_sorted,
    "parentheses-480": lambda: parentheses(480),
    "parentheses-520": lambda: parentheses(520),
    "parentheses-million": lambda: parentheses(MEGABYTE),
    "groups-480": lambda: groups(480),
    "groups-520": lambda: groups(520),
    "exists-240": lambda: exists(240),
    "exists-520": lambda: exists(520),
    "subselects-16": lambda: subselects(16),
    "subselects-17": lambda: subselects(17),
    "patterns-8": lambda: patterns(8),
    "patterns-17": lambda: patterns(17),
    "collections-520": lambda: collections(520),
    "negations-16": lambda: negations(16),
    "negations-17": lambda: negations(17),
    "operators-900": lambda: operators(900),
    "operators-1100": lambda: operators(1100),
    "groups-in-a-row": lambda: groups_in_a_row(300),
    "comment": comment,
    "objects-many": objects_many,
    "patterns-many": patterns_many,
    "escapes-many": escapes_many,
    "word-long": word_long,
    "words-unknown": words_unknown,
    "prefixes-many": prefixes_many,
    "bases-chained": prefixes_chained,
    "error-at-the-end": error_at_the_end,
    "quotes-open": quotes_open,
    "iris-open": iris_open,
    "brackets-million": lambda: brackets_open(MEGABYTE),
}
