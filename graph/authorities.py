"""Who issues identifiers outside, in which form, under which IRIs; and codes of places.

An identifier that does not fit its authority is a slip of the pen, so forms and check digits are
held against it. Nothing here says that an identifier exists: that is what a link's source is for.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from ontology.namespaces import KG

#: The mapping relations of SKOS (SKOS Reference, section 10).
MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
#: Concepts of the scheme link-status.
PROPOSED, CONFIRMED, REJECTED = "link-proposed", "link-confirmed", "link-rejected"

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_NOTATIONS = (
    (re.compile(r"[A-Z]{2}"), KG.Iso3166Alpha2),
    (re.compile(r"[A-Z]{3}"), KG.Iso3166Alpha3),
    (re.compile(r"[0-9]{3}"), KG.UnM49),
)


@dataclass(frozen=True, slots=True)
class Authority:
    """Somebody who issues identifiers.

    Its things have IRIs of `space` and what `local` makes of an identifier; None where that is a
    name and cannot be told from the identifier. `hosts` are those whose other IRIs are pages.
    """

    name: str
    title: str
    homepage: str
    space: str
    form: re.Pattern[str]
    written: str
    hosts: tuple[str, ...] = ()
    local: Callable[[str], str] | None = str
    sound: Callable[[str], bool] = lambda _: True

    def iri(self, identifier: str) -> str | None:
        """The IRI of an identifier; None where it cannot be told from it."""
        return None if self.local is None else self.space + self.local(identifier)


def ror_is_sound(identifier: str) -> bool:
    """Whether the two check digits of a ROR id are those of its other characters.

    ISO 7064 mod 97-10 over the number that the first seven are in Crockford's base 32, as
    ror-community/generate-id has it.
    """
    number = 0
    for character in identifier[:7]:
        number = number * 32 + _CROCKFORD.index(character)
    return f"{98 - number * 100 % 97:02d}" == identifier[7:]


def lei_is_sound(identifier: str) -> bool:
    """Whether an LEI is 1 modulo 97, with letters as two digits (ISO 17442, ISO 7064)."""
    return int("".join(str(int(character, 36)) for character in identifier)) % 97 == 1


_LCC = "https://www.omg.org/spec/LCC/Countries/"
AUTHORITIES: tuple[Authority, ...] = (
    Authority(
        "wikidata",
        "Wikidata",
        "https://www.wikidata.org/",
        "http://www.wikidata.org/entity/",
        re.compile(r"Q[1-9][0-9]{0,11}"),
        "Q and digits",
        ("www.wikidata.org", "wikidata.org"),
    ),
    Authority(
        "ror",
        "Research Organization Registry (ROR)",
        "https://ror.org/",
        "https://ror.org/",
        re.compile(r"0[0-9a-hjkmnp-tv-z]{6}[0-9]{2}"),
        "0, six letters or digits and two check digits",
        ("ror.org", "www.ror.org"),
        sound=ror_is_sound,
    ),
    Authority(
        "lei",
        "Legal Entity Identifier (GLEIF)",
        "https://www.gleif.org/",
        "https://search.gleif.org/#/record/",
        re.compile(r"[0-9A-Z]{18}[0-9]{2}"),
        "20 letters and digits, the last two of them check digits (ISO 17442)",
        ("search.gleif.org",),
        sound=lei_is_sound,
    ),
    Authority(
        "mondo",
        "Mondo Disease Ontology",
        "https://mondo.monarchinitiative.org/",
        "http://purl.obolibrary.org/obo/MONDO_",
        re.compile(r"MONDO:[0-9]{7}"),
        "MONDO: and seven digits",
        local=lambda identifier: identifier.removeprefix("MONDO:"),
    ),
    Authority(
        "ncit",
        "NCI Thesaurus (NCIt)",
        "https://ncithesaurus.nci.nih.gov/",
        "http://purl.obolibrary.org/obo/NCIT_",
        re.compile(r"C[0-9]{2,9}"),
        "C and digits",
    ),
    Authority(
        "mesh",
        "Medical Subject Headings (MeSH)",
        "https://www.nlm.nih.gov/mesh/",
        "http://id.nlm.nih.gov/mesh/",
        re.compile(r"D[0-9]{6}(?:[0-9]{3})?"),
        "D and six or nine digits, for a descriptor",
        ("id.nlm.nih.gov", "meshb.nlm.nih.gov"),
    ),
    Authority(
        "iso-3166-1",
        "ISO 3166-1 country codes, as in the OMG's Languages, Countries and Codes",
        "https://www.omg.org/spec/LCC/",
        f"{_LCC}ISO3166-1-CountryCodes/",
        re.compile(r"[A-Z]{2,3}"),
        "the alpha-2 or alpha-3 code",
        local=None,
    ),
    Authority(
        "m49",
        "UN M49 region codes, as in the OMG's Languages, Countries and Codes",
        "https://www.omg.org/spec/LCC/",
        f"{_LCC}UN-M49-RegionCodes/",
        re.compile(r"[0-9]{3}"),
        "three digits",
        local=None,
    ),
)


def authority_of(iri: str) -> Authority | None:
    """The authority in whose space an IRI lies, or on whose host; None for any other IRI."""
    host = re.sub(r"https?://([^/?#]*).*", r"\1", iri).lower()
    spaces = (found for found in AUTHORITIES if iri.startswith(found.space))
    return next(spaces, None) or next((a for a in AUTHORITIES if host in a.hosts), None)


def space_of(iri: str) -> str:
    """What the IRIs of the dataset begin with that an IRI is of: its authority's, or its host's."""
    found = next((a.space for a in AUTHORITIES if iri.startswith(a.space)), None)
    host = re.match(r"https?://[^/?#]*", iri)
    return found or (f"{host[0]}/" if host else iri.partition(":")[0] + ":")


def notation_of(code: str) -> NamedNode | None:
    """The datatype of a code of a place, by its form; None for what is no code."""
    return next((datatype for form, datatype in _NOTATIONS if form.fullmatch(code)), None)
