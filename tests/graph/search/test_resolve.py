import pytest

from graph.landscape import AmbiguousEntity, UnknownEntity
from graph.landscape.resolving import resolver
from graph.search import Named, NoSuchName, Search, SeveralOfThatName
from graph.terms import DEFAULT_BASE

ID = f"{DEFAULT_BASE}id/"


@pytest.mark.parametrize(
    ("text", "kinds", "thing"),
    [
        ("Brazil", ("place",), "place/brazil"),
        ("brazil ", ("place",), "place/brazil"),
        ("BR", ("place",), "place/brazil"),
        ("place/brazil", ("place",), "place/brazil"),
        (f"{ID}place/brazil", (), "place/brazil"),
        ("the United States", ("place",), "place/united-states"),
        ("gilead", ("agent",), "agent/gilead-sciences"),
        ("Cellectis SA", ("agent",), "agent/cellectis"),
        ("gene therapies", ("concept",), "concept/gene-therapy"),
        ("axicabtagene ciloleucel", ("therapy",), "therapy/yescarta"),
    ],
)
def test_a_name_an_iri_or_a_short_iri_is_one_thing(
    search: Search, text: str, kinds: tuple[str, ...], thing: str
) -> None:
    assert search.resolve("it", text, kinds) == ID + thing


@pytest.mark.parametrize(
    ("text", "kinds", "near"),
    [
        ("Brasil", ("place",), "Brazil"),
        ("Novart", ("agent",), "Novartis"),
        ("squibb bristol", ("agent",), "Bristol Myers Squibb"),
        ("Brazil", ("agent",), None),
        ("place/brazil", ("agent",), None),
        ("place/atlantis", ("place",), None),
        ("", ("place",), None),
        ("🧬", (), None),
    ],
)
def test_what_is_no_whole_name_is_refused_with_what_is_near(
    search: Search, text: str, kinds: tuple[str, ...], near: str | None
) -> None:
    with pytest.raises(NoSuchName) as refused:
        search.resolve("player", text, kinds)
    assert (refused.value.near[:1] or (None,))[0] == near or near is None
    assert str(refused.value).startswith(f"`player`: nothing is called {text!r}")
    assert (near or "") in str(refused.value)


def several() -> Search:
    return Search.of(
        [
            Named(f"{ID}agent/one", "agent", "Kite", statements=1),
            Named(f"{ID}agent/two", "agent", "Kite Pharma", ("Kite",), statements=9),
            Named(f"{ID}therapy/kite", "therapy", "Kite"),
        ],
        DEFAULT_BASE,
    )


def test_several_of_a_name_are_told_the_most_connected_first() -> None:
    with pytest.raises(SeveralOfThatName) as refused:
        several().resolve("player", "kite", ("agent",))
    assert refused.value.candidates == (f"{ID}agent/two", f"{ID}agent/one")
    assert f"give one of {ID}agent/two, {ID}agent/one" in str(refused.value)
    assert several().resolve("therapy", "kite", ("therapy",)) == f"{ID}therapy/kite"


def test_a_region_that_each_report_draws_is_none_of_them_by_its_name(search: Search) -> None:
    with pytest.raises(SeveralOfThatName) as refused:
        search.resolve("place", "Latin America", ("place",))
    assert set(refused.value.candidates) == {
        f"{ID}place/{slug}"
        for slug in ("latin-america", "cmi8447-latin-america", "th6287-latin-america")
    }
    for iri in refused.value.candidates:
        assert search.resolve("place", iri, ("place",)) == iri


def test_the_questions_get_errors_of_their_own(search: Search) -> None:
    assert resolver(search)("place", "Brazil", ("place",)) == f"{ID}place/brazil"
    with pytest.raises(UnknownEntity) as unknown:
        resolver(search)("place", "Brasil", ("place",))
    assert (unknown.value.name, unknown.value.text) == ("place", "Brasil")
    assert unknown.value.near[0] == "Brazil"
    with pytest.raises(AmbiguousEntity) as ambiguous:
        resolver(several())("player", "Kite", ("agent",))
    assert ambiguous.value.candidates == (f"{ID}agent/two", f"{ID}agent/one")
