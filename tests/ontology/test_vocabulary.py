import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.terms import terms
from ontology.vocabulary import UnknownTerm, contract, expand, prefixes


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("activeIn", "https://w3id.org/therascape/ns#activeIn"),
        ("kg:activeIn", "https://w3id.org/therascape/ns#activeIn"),
        ("skos:altLabel", "http://www.w3.org/2004/02/skos/core#altLabel"),
        ("dct:", "http://purl.org/dc/terms/"),
    ],
)
def test_a_prefixed_name_stands_for_an_iri(name: str, iri: str) -> None:
    assert expand(name) == iri


def test_a_prefix_that_is_not_declared_is_refused() -> None:
    with pytest.raises(
        UnknownTerm, match=r"prefix 'acme' of 'acme:x' is not declared in ontology/"
    ):
        expand("acme:x")


@given(st.sampled_from(terms()), st.sampled_from(sorted(prefixes())), st.from_regex(r"[a-zA-Z]\w*"))
def test_what_is_contracted_expands_to_what_it_was(term: object, prefix: str, local: str) -> None:
    iri = expand(f"{prefix}:{local}")
    short = contract(iri)
    assert (expand(short) if not short.startswith("<") else short[1:-1]) == iri
    name = getattr(term, "name", "")
    assert contract(expand(name)) == f"kg:{name}"


@pytest.mark.parametrize("iri", ["https://acme.example/x", "http://purl.org/dc/terms/a/b", ""])
def test_what_no_prefix_fits_is_shown_whole(iri: str) -> None:
    assert contract(iri) == f"<{iri}>"
