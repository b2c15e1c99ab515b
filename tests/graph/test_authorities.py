"""Identifiers have the form and the check digits that their authority gives them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.authorities import (
    AUTHORITIES,
    authority_of,
    lei_is_sound,
    notation_of,
    ror_is_sound,
    space_of,
)
from ontology.namespaces import KG

BY_NAME = {authority.name: authority for authority in AUTHORITIES}
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


@st.composite
def rors(draw: st.DrawFn) -> str:
    """Ids as ROR makes them: a number in base 32, and 98 less what it leaves when divided by 97."""
    number = draw(st.integers(0, 32**6 - 1))
    digits = ""
    for _ in range(7):
        number, digit = divmod(number, 32)
        digits = _CROCKFORD[digit] + digits
    value = sum(_CROCKFORD.index(c) * 32**n for n, c in enumerate(reversed(digits)))
    return f"{digits}{98 - value * 100 % 97:02d}"


@st.composite
def leis(draw: st.DrawFn) -> str:
    """18 letters and digits, and the two digits that make the whole 1 modulo 97."""
    head = draw(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=18, max_size=18))
    number = int("".join(str(int(c, 36)) for c in head + "00"))
    return f"{head}{98 - number % 97:02d}"


@pytest.mark.parametrize("identifier", ["034xvzb47", "01f80g185", "04jhswv08"])
def test_real_ror_ids_are_sound(identifier: str) -> None:
    assert BY_NAME["ror"].form.fullmatch(identifier)
    assert ror_is_sound(identifier)


@pytest.mark.parametrize("identifier", ["213800PRXJ7WA41AIN67", "5493007CICYM7A0SZ714"])
def test_real_leis_are_sound(identifier: str) -> None:
    assert BY_NAME["lei"].form.fullmatch(identifier)
    assert lei_is_sound(identifier)


@given(rors(), st.integers(1, 6), st.sampled_from(_CROCKFORD))
def test_another_letter_has_other_check_digits(identifier: str, at: int, letter: str) -> None:
    assert BY_NAME["ror"].form.fullmatch(identifier)
    assert ror_is_sound(identifier)
    copied = identifier[:at] + letter + identifier[at + 1 :]
    assert ror_is_sound(copied) == (copied == identifier)


def _number(letters: str) -> str:
    return "".join(str(int(letter, 36)) for letter in letters)


@given(leis(), st.integers(0, 16))
def test_letters_exchanged_have_other_check_digits(identifier: str, at: int) -> None:
    assert BY_NAME["lei"].form.fullmatch(identifier)
    assert lei_is_sound(identifier)
    one, other = identifier[at], identifier[at + 1]
    copied = identifier[:at] + other + one + identifier[at + 2 :]
    # A letter counts as a number of two digits: X and 3 are 333 in either order.
    assert lei_is_sound(copied) == (_number(one + other) == _number(other + one))


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("wikidata", ["Q155", "Q1"], ["q155", "Q0", "Q", "155", "P31", "Q155 "]),
        ("ror", ["034xvzb47"], ["34xvzb47", "134xvzb47", "034xvzb4", "034xvzbi7", "034XVZB47"]),
        ("lei", ["5493007CICYM7A0SZ714"], ["5493007CICYM7A0SZ71", "5493007CICYM7A0SZ71A"]),
        ("mondo", ["MONDO:0004992"], ["MONDO:4992", "MONDO_0004992", "0004992", "mondo:0004992"]),
        ("mesh", ["D009369", "D000086382"], ["C009369", "D9369", "D0093690", "d009369"]),
        ("ncit", ["C3224"], ["3224", "NCIT:C3224", "D3224", "C"]),
        ("iso-3166-1", ["BR", "BRA"], ["br", "B", "BRAZ", "076"]),
        ("m49", ["005", "419"], ["5", "0005", "BR"]),
    ],
)
def test_an_identifier_has_the_form_of_its_authority(
    name: str, good: list[str], bad: list[str]
) -> None:
    form = BY_NAME[name].form
    assert all(form.fullmatch(text) for text in good)
    assert not any(form.fullmatch(text) for text in bad)


def test_an_iri_leads_to_its_authority() -> None:
    for authority in AUTHORITIES:
        assert authority_of(authority.space + "x") is authority
        assert space_of(authority.space + "x") == authority.space
    page = authority_of("https://www.wikidata.org/wiki/Q155")
    assert page is BY_NAME["wikidata"]
    assert authority_of("https://acme.example/Q155") is None
    assert BY_NAME["mondo"].iri("MONDO:0004992") == "http://purl.obolibrary.org/obo/MONDO_0004992"
    assert BY_NAME["m49"].iri("005") is None


@given(st.from_regex(r"https?://[a-z.]{1,9}(/[a-z]{0,4}){0,3}(#[a-z]{0,3})?", fullmatch=True))
def test_the_space_of_any_other_iri_is_its_host(iri: str) -> None:
    if authority_of(iri) is None:
        scheme, _, rest = iri.partition("://")
        assert space_of(iri) == f"{scheme}://{rest.partition('/')[0].partition('#')[0]}/"


@pytest.mark.parametrize(
    ("code", "datatype"),
    [("BR", KG.Iso3166Alpha2), ("BRA", KG.Iso3166Alpha3), ("076", KG.UnM49), ("76", None)],
)
def test_a_code_of_a_place_is_known_by_its_form(code: str, datatype: object) -> None:
    assert notation_of(code) == datatype
