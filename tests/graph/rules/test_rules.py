"""Each rule fires on what it says, and on nothing less; each edge leads back to its premises."""

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from graph.figures.stored import merged
from graph.rules import Rule, RuleError, _rule, derive, rules
from graph.terms import Iris
from ontology.description import tables
from ontology.namespaces import KG, RDF, RDFS, SKOS
from ontology.terms import terms
from ontology.vocabulary import expand
from tests.landscape.made import IRIS, Made, ask, make, term
from tests.landscape.spoil import OUTLOOK, copied, delete, edit

Spoil = Callable[[Path], object]


def without(table: str, key: str) -> Spoil:
    return lambda seeds: delete(seeds / OUTLOOK / f"{table}.csv", key)


def emptied(table: str, key: str, **columns: str) -> Spoil:
    return lambda seeds: edit(seeds / OUTLOOK / f"{table}.csv", key, **columns)


def every(*spoils: Spoil) -> Spoil:
    return lambda seeds: [spoil(seeds) for spoil in spoils]


#: For each rule: one derived statement (subject, object, premise, evidence), and a change of its
#: premise after which it must be gone. The edge is the rule's.
CASES: dict[str, tuple[tuple[str, str, str, str], Spoil]] = {
    "approved-there": (
        ("agent/brightcell", "place/norland", "event/lumicel-approval-norland", "approved"),
        # A site's authorisation is no approval, though another source calls it one.
        emptied("regulatory_events", "ao-reg-1", kind="treatment-site-authorisation"),
    ),
    "arm-there": (
        ("agent/helio-norland", "place/norland", "claim/ao-rel-2", "arm"),
        emptied("organisation_relations", "ao-rel-2", place=""),
    ),
    "based-in": (
        ("agent/estia-biolabs", "place/sudria", "claim/ao-prof-1", "based"),
        emptied("organisation_profiles", "ao-prof-1", country=""),
    ),
    "based-there": (
        ("agent/estia-biolabs", "place/sudria", "claim/ao-prof-1", "based"),
        emptied("organisation_profiles", "ao-prof-1", country=""),
    ),
    "collaborates-with": (
        ("agent/brightcell", "agent/estia-biolabs", "event/brightcell-estia-licence", "deal"),
        emptied("deals", "ao-deal-1", parties="brightcell"),
    ),
    "counted-to-region": (
        ("place/norland", "place/ao-boreal-region", "claim/ao-grp-1", "region-of-report"),
        without("groupings", "ao-grp-1"),
    ),
    "develops": (
        ("agent/brightcell", "therapy/lumicel", "claim/ao-ther-1", "developer"),
        emptied("therapy_profiles", "ao-ther-1", developers=""),
    ),
    "initiative-there": (
        ("agent/boreal-health-fund", "place/norland", "event/boreal-network", "initiative"),
        emptied("initiatives", "ao-init-1", places=""),
    ),
    "licensed-there": (
        ("agent/estia-biolabs", "place/sudria", "event/brightcell-estia-licence", "licensed"),
        emptied("deals", "ao-deal-1", licensee=""),
    ),
    "trial-authorised-there": (
        ("agent/estia-biolabs", "place/norland", "event/lumicel-trial-norland", "trial"),
        emptied("regulatory_events", "ao-reg-3", kind="treatment-site-authorisation"),
    ),
    "launched-there": (
        ("agent/brightcell", "place/sudria", "event/lumicel-launch-sudria", "launched"),
        emptied("launches", "ao-launch-1", place=""),
    ),
    "licensed-to": (
        ("agent/brightcell", "agent/estia-biolabs", "event/brightcell-estia-licence", "licence"),
        emptied("deals", "ao-deal-1", licensee=""),
    ),
    "listed-in": (
        ("agent/helio-group", "source/acme-outlook", "claim/ao-list-1", "listed"),
        emptied("listings", "ao-list-1", bracket_organisation=""),
    ),
    "milestone-there": (
        ("agent/estia-biolabs", "place/sudria", "event/estia-hundred-patients", "patients-treated"),
        emptied("milestones", "ao-mile-1", places=""),
    ),
    "named-in": (
        ("agent/acme-insights", "source/acme-outlook#title", "claim/ao-name-1", "named"),
        without("names", "ao-name-1"),
    ),
    "owns": (
        ("agent/helio-group", "technology/glow", "claim/ao-tech-1", "called-so"),
        emptied("technology_profiles", "ao-tech-1", organisations=""),
    ),
    "part-of": (
        ("agent/brightcell", "agent/helio-group", "claim/ao-rel-1", "subsidiary-of"),
        # Another name is no part.
        emptied("organisation_relations", "ao-rel-1", relation="renamed-from"),
    ),
    "regulates-in": (
        ("agent/norland-medicines-board", "place/norland", "claim/ao-role-1", "regulates"),
        emptied("regulatory_roles", "ao-role-1", place="", implied=""),
    ),
    "said-active-there": (
        ("agent/brightcell", "place/sudria", "claim/ao-act-1", "pipeline"),
        emptied("activities", "ao-act-1", place=""),
    ),
    "site-authorised-there": (
        ("agent/helio-group", "place/sudria", "event/lumicel-site-sudria", "authorised-site"),
        emptied("regulatory_events", "ao-reg-2", kind="accelerated-approval"),
    ),
    "target": (
        ("therapy/lumicel", "concept/grx", "claim/ao-ther-1", "called-so"),
        emptied("therapy_profiles", "ao-ther-1", targets=""),
    ),
    "therapy-type": (
        ("therapy/lumicel", "concept/graft", "claim/ao-ther-1", "called-so"),
        emptied("therapy_profiles", "ao-ther-1", therapy_types=""),
    ),
    "tied-by-development": (
        ("agent/brightcell", "therapy/lumicel", "claim/ao-ther-1", "developer"),
        emptied("therapy_profiles", "ao-ther-1", developers=""),
    ),
    "tied-by-initiative": (
        ("agent/boreal-health-fund", "therapy/lumicel", "event/boreal-network", "initiative"),
        emptied("initiatives", "ao-init-1", therapies=""),
    ),
    "tied-by-launch": (
        ("agent/brightcell", "therapy/lumicel", "event/lumicel-launch-sudria", "launched"),
        # A platform is no therapy.
        emptied("launches", "ao-launch-1", launched="technology:glow"),
    ),
    "tied-by-profile": (
        ("agent/helio-group", "therapy/lumicel", "claim/ao-ther-1", "called-its-product"),
        emptied("therapy_profiles", "ao-ther-1", marketers=""),
    ),
    "tied-by-regulatory-event": (
        ("agent/helio-group", "therapy/lumicel", "event/lumicel-site-sudria", "regulatory-event"),
        emptied("regulatory_events", "ao-reg-2", applicants=""),
    ),
    "tied-by-result": (
        (
            "agent/brightcell",
            "therapy/lumicel",
            "event/lumicel-phase-2-response",
            "clinical-result",
        ),
        emptied("clinical_results", "ao-clin-1", organisations=""),
    ),
    "treats-profile": (
        ("therapy/lumicel", "concept/grey-fever", "claim/ao-ther-1", "called-so"),
        emptied("therapy_profiles", "ao-ther-1", indications=""),
    ),
    "treats-regulatory": (
        (
            *("therapy/lumicel", "concept/grey-fever"),
            *("event/lumicel-approval-norland", "regulatory-event"),
        ),
        emptied("regulatory_events", "ao-reg-1", indications=""),
    ),
    "value-chain-there": (
        ("agent/helio-norland", "place/norland", "claim/ao-chain-1", "value-chain"),
        emptied("value_chain", "ao-chain-1", place=""),
    ),
}
NAMES = sorted(rule.name for rule in rules())


def test_every_rule_has_a_case_here() -> None:
    assert sorted(CASES) == NAMES


def described(made: Made) -> set[tuple[str, ...]]:
    """Every derived statement as (rule, subject, object, premises together, evidence)."""
    found = ask(
        merged(made.derived),
        """SELECT ?rule ?s ?o ?premise ?evidence WHERE {
             ?d a kg:DerivedStatement ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ;
                kg:rule ?r ; kg:premise ?premise ; kg:evidence ?evidence .
             ?r kg:derives ?p ; rdfs:label ?rule .
             ?s ?p ?o }""",
    )
    return {(rule.strip('"'), *rest) for rule, *rest in found}


def node(name: str) -> str:
    return name if name.startswith("source") else f"id/{name}"


@pytest.mark.parametrize("name", CASES)
def test_a_rule_fires_on_its_premise_and_no_longer_without_it(
    made: Made, tmp_path: Path, name: str
) -> None:
    (subject, object_, premise, evidence), spoil = CASES[name]
    expected = (name, node(subject), node(object_), node(premise), f"id/concept/{evidence}")
    assert expected in described(made)
    seeds = copied(tmp_path)
    spoil(seeds)
    assert expected not in described(make(seeds))


def test_nothing_is_derived_but_what_the_cases_and_their_like_say(made: Made) -> None:
    """A rule that fires too often is seen here."""
    ties = ask(merged(made.derived), "SELECT ?who ?where { ?who kg:activeIn ?where }")
    assert ties == [
        ("id/agent/boreal-health-fund", "id/place/norland"),
        ("id/agent/brightcell", "id/place/norland"),
        ("id/agent/brightcell", "id/place/sudria"),
        ("id/agent/estia-biolabs", "id/place/norland"),
        ("id/agent/estia-biolabs", "id/place/sudria"),
        ("id/agent/helio-group", "id/place/sudria"),
        ("id/agent/helio-norland", "id/place/norland"),
    ]


def test_an_edge_goes_with_its_last_premise(made: Made, tmp_path: Path) -> None:
    edge = Quad(
        term("id/agent/brightcell"), KG.activeIn, term("id/place/sudria"), IRIS.graph("derived")
    )
    seeds = copied(tmp_path)
    for present, spoil in (
        (True, emptied("launches", "ao-launch-1", place="")),
        (True, emptied("factors", "ao-fact-1", place="")),
        (False, without("activities", "ao-act-1")),
    ):
        assert edge in made.derived
        spoil(seeds)
        assert (edge in make(seeds).derived) == present


def test_being_listed_is_no_tie_to_a_place(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    edit(seeds / OUTLOOK / "listings.csv", "ao-list-1", place="sudria")
    before, after = described(make()), described(make(seeds))
    assert before == after


def test_activity_is_stored_where_the_evidence_names_it_and_never_rolled_up(made: Made) -> None:
    places = {q.object for q in made.derived if q.predicate == KG.activeIn}
    assert places == {term("id/place/norland"), term("id/place/sudria")}
    rolled = ask(
        merged(made.quads),
        "SELECT DISTINCT ?p { <id/agent/brightcell> kg:activeIn/kg:placeWithin* ?p }",
    )
    assert rolled == [
        ("id/place/ao-boreal-region",),
        ("id/place/norland",),
        ("id/place/sudria",),
        ("id/place/world",),
    ]


def test_no_derived_triple_equals_a_claimed_one(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    # A report counts a country to the region that the register has it in, too.
    edit(seeds / OUTLOOK / "groupings.csv", "ao-grp-1", region="world")
    made = make(seeds)
    claimed = {(q.subject, q.predicate, q.object) for q in made.claimed}
    derived = {(q.subject, q.predicate, q.object) for q in made.derived}
    assert not claimed & derived
    # The register's edge has the report's evidence beside it all the same.
    premise = ("counted-to-region", "id/place/norland", "id/place/world", "id/claim/ao-grp-1")
    found = described(Made(made.landscape, (), made.quads, (), ()))
    assert (*premise, "id/concept/region-of-report") in found


def test_every_edge_is_described_and_every_description_has_its_edge(made: Made) -> None:
    edges = {rule.edge for rule in rules()}
    stated = {(q.subject, q.predicate, q.object) for q in made.derived if q.predicate in edges}
    parts = defaultdict[object, dict[object, object]](dict)
    premises = defaultdict[object, set[object]](set)
    for quad in made.derived:
        parts[quad.subject][quad.predicate] = quad.object
        if quad.predicate == KG.premise:
            premises[quad.subject].add(quad.object)
    told = set()
    for statement, found in parts.items():
        if found.get(RDF.type) == KG.DerivedStatement:
            told.add((found[RDF.subject], found[RDF.predicate], found[RDF.object]))
            assert premises[statement]
            assert found[KG.evidence]
            assert found[RDFS.label]
    assert told == stated


def test_premises_are_facts_that_a_source_states(made: Made) -> None:
    graphs = {IRIS.graph(source.slug) for source in made.landscape.sources}
    stated = {q.subject for q in made.claimed if q.predicate == KG.mention}
    for quad in made.derived:
        if quad.predicate == KG.premise:
            assert quad.object in stated
    assert {q.graph_name for q in made.claimed if q.predicate == KG.mention} == graphs


def test_a_derived_statement_names_the_reports_that_support_it_alone(made: Made) -> None:
    query = "SELECT DISTINCT ?d ?source {{ ?d a kg:DerivedStatement ; {} ?source }}"
    named = set(ask(merged(made.derived), query.format("dct:source")))
    telling = set(ask(merged(made.quads), query.format("kg:premise/dct:source")))
    # Both sources tell the approval; only one says who received it.
    assert named < telling
    assert {d for d, _ in named} == {d for d, _ in telling}


def test_what_is_only_implied_between_premise_and_edge_is_marked(made: Made) -> None:
    marked = ask(
        merged(made.quads),
        """SELECT ?rule ?property {
             ?d kg:impliedProperty ?property ; kg:rule/rdfs:label ?rule ; kg:premise ?premise .
             FILTER (?premise = <id/claim/ao-role-1>) }""",
    )
    assert marked == [('"regulates-in"', "kg:place")]
    unmarked = ask(
        merged(made.derived),
        "SELECT ?p { ?d kg:impliedProperty ?p ; kg:premise <id/claim/ao-rel-1> }",
    )
    assert unmarked == []


# -- the files --------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", rules(), ids=NAMES)
def test_a_rule_derives_a_declared_property_with_declared_evidence(made: Made, rule: Rule) -> None:
    declared = {declared.iri: declared for declared in terms() if not declared.is_class}
    assert rule.edge.value in declared
    assert declared[rule.edge.value].comment
    assert rule.comment.endswith(".")
    if rule.evidence is None:
        assert "?evidence" in rule.query.partition("WHERE")[0]
        return
    scheme = Quad(
        IRIS.thing("concept", rule.evidence),
        SKOS.inScheme,
        IRIS.thing("scheme", "evidence"),
        IRIS.graph("reference"),
    )
    assert scheme in made.claimed


def test_what_is_derived_is_used_for_nothing_else() -> None:
    """An edge that a table stated too could equal a derived one."""
    columns = {c.predicate for table in tables().values() for c in table.columns.values()}
    both = {rule.edge.value for rule in rules()} & columns
    assert both == {expand("kg:placeWithin")}  # registered, and counted by reports


def test_a_rule_names_only_terms_that_are_declared() -> None:
    declared = {declared.name for declared in terms()}
    for rule in rules():
        body = "\n".join(line for line in rule.query.splitlines() if not line.startswith("#"))
        named = set(re.findall(r"\bkg:(\w+)", body))
        assert named
        assert named <= declared, rule.name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * {}", "begin with # rule"),
        ("# rule: other\n# edge: owns\n# evidence: x\n# Text.\n", "begin with # rule"),
        ("# rule: acme\n# evidence: x\n# Text.\n", "begin with # rule"),
        ("# rule: acme\n# edge: owns\n# evidence: x\nSELECT * {}", "and a text"),
        ("# rule: acme\n# edge: owns\n# Text.\nSELECT * {}", "name # evidence: or bind"),
        ("# rule: acme\n# edge: owns\n# evidence: x\n# Text.\nSELECT ?evidence {}", "not both"),
    ],
)
def test_a_rule_file_that_does_not_say_what_it_is_is_refused(text: str, message: str) -> None:
    with pytest.raises(RuleError, match=message) as refused:
        _rule("acme.rq", text)
    assert "graph/rules/acme.rq" in str(refused.value)


def test_a_rule_without_premises_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "# rule: acme\n# edge: owns\n# evidence: x\n# Text.\nSELECT ?subject ?object { }"
    monkeypatch.setattr("graph.rules.rules", lambda: (_rule("acme.rq", text),))
    with pytest.raises(RuleError, match="select at least"):
        list(derive([], IRIS))


def test_rules_are_told_in_the_graph(made: Made) -> None:
    told = ask(
        merged(made.derived), "SELECT ?l ?c { ?r a kg:Rule ; rdfs:label ?l ; rdfs:comment ?c }"
    )
    assert [label.strip('"') for label, _ in told] == NAMES


def test_rules_find_their_code_lists_under_any_base() -> None:
    base = Iris("https://data.acme.example/a/")
    assert len(make(iris=base).derived) == len(make().derived)
    assert isinstance(base.thing("rule", "owns"), NamedNode)


def test_an_edge_that_rests_on_what_is_implied_says_so(made: Made, tmp_path: Path) -> None:
    """A place that a report implies never looks like one that it states."""
    edge = ("id/agent/brightcell", "id/place/sudria")
    assert implied(made, "launched-there", edge) == set()
    seeds = copied(tmp_path)
    emptied("launches", "ao-launch-1", implied="place")(seeds)
    assert implied(make(seeds), "launched-there", edge) == {KG.place}


def implied(made: Made, rule: str, edge: tuple[str, str]) -> set[object]:
    """The implied properties of the derived statements of one edge by one rule."""
    of = [set[object](), set[object](), set[object]()]
    for quad in made.derived:
        ends = (RDF.subject, term(edge[0])), (RDF.object, term(edge[1]))
        for found, (predicate, value) in zip(
            of, (*ends, (KG.rule, IRIS.thing("rule", rule))), strict=True
        ):
            if (quad.predicate, quad.object) == (predicate, value):
                found.add(quad.subject)
    both = set.intersection(*of)
    return {
        q.object for q in made.derived if q.subject in both and q.predicate == KG.impliedProperty
    }
