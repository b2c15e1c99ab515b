"""What all reports share: how many things there are, and the rows of their registers.

Places, concepts and markets are few, whatever the number of reports; organisations and therapies
grow with it. Each row follows from its number, so none has to be kept.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graph.synthetic.errors import CannotGenerate
from graph.synthetic.names import label, slug, word, words

Cells: TypeAlias = Mapping[str, str]
"""A row: cells by column."""

MOST_REPORTS = 10_000_000
REGIONS, COUNTRIES, CITIES = 6, 48, 96
PUBLISHERS = 24
INDICATIONS, THERAPY_TYPES = 40, 24
_AREAS = 8
"""The first so many indications and therapy types, which the others stand below."""
_TOP = 17
"""The first so many organisations may be the top of a group; so is every one without a group."""


@dataclass(frozen=True, slots=True)
class World:
    """A landscape of so many `reports`, from this `seed`."""

    reports: int
    seed: int

    @classmethod
    def of(cls, reports: int, seed: int) -> "World":
        """The landscape of these numbers. Raises CannotGenerate for such as none can have."""
        if not 0 < reports <= MOST_REPORTS:
            raise CannotGenerate(
                f"{reports} reports cannot be made: give a number from 1 to {MOST_REPORTS:,}"
            )
        if seed < 0:
            raise CannotGenerate(f"the seed {seed} is negative: give 0 or more")
        return cls(reports, seed)

    @property
    def organisations(self) -> int:
        """How many organisations there are besides publishers."""
        return 24 + 6 * self.reports

    @property
    def therapies(self) -> int:
        """How many therapies there are."""
        return 12 + 3 * self.reports

    @property
    def launches(self) -> int:
        """How many launches there are to tell of; deals and approvals are as many."""
        return 12 + 6 * self.reports


def organisation(number: int) -> str:
    """The slug of an organisation."""
    return slug(number)


def organisation_names(number: int) -> tuple[str, ...]:
    """Its names: the registered one first, then aliases, where it has any."""
    kinds = words()["companies"]
    names = [label(number, f" {kinds[number % len(kinds)]}")]
    if number % 3 == 0:
        names.append(label(number))
    if number % 9 == 0:
        names.append(f"{words()['mark']} Code {number}")
    return tuple(names)


def publisher(number: int) -> str:
    """The slug of a publisher."""
    return slug(number, "-insights")


def publisher_name(number: int) -> str:
    """The name of a publisher."""
    return label(number, " Insights")


def therapy(number: int) -> str:
    """The slug of a therapy."""
    return slug(number, "cel")


def therapy_name(number: int) -> str:
    """The name of a therapy."""
    return label(number, "cel")


def country(number: int) -> str:
    """The slug of a country."""
    return slug(number, "-country")


def country_name(number: int) -> str:
    """The name of a country."""
    return label(number, "land")


def indication(number: int) -> str:
    """The slug of an indication."""
    return slug(number, "-indication")


def indication_name(number: int) -> str:
    """The name of an indication."""
    kinds = words()["indications"]
    return label(number, f" {kinds[number % len(kinds)]}")


def therapy_type(number: int) -> str:
    """The slug of a therapy type."""
    return slug(number, "-therapy-type")


def therapy_type_name(number: int) -> str:
    """The name of a therapy type."""
    kinds = words()["therapy_types"]
    return label(number, f" {kinds[number % len(kinds)]}")


def markets() -> tuple[tuple[str, str], ...]:
    """The slug and the name of each market."""
    return tuple(
        (f"{_product(kind)}-{place}", f"{words()['mark']} market of {name}, {place_name}")
        for kind, name in enumerate(words()["products"])
        for place, place_name in (
            ("world", "worldwide"),
            *((_region(n), label(n, " Region")) for n in range(2)),
        )
    )


def organisation_row(number: int) -> Cells:
    """The row of an organisation."""
    name, *aliases = organisation_names(number)
    cells = {"slug": organisation(number), "label": name, "type": "org-company"}
    if aliases:
        cells["aliases"] = " | ".join(aliases)
        cells["decision"] = "short form of an invented name"
    if number >= _TOP and number % _TOP == 0:
        cells["group"] = organisation(number // _TOP % _TOP)
        cells["group_decision"] = "an invented group"
    return cells


def therapy_row(number: int) -> Cells:
    """The row of a therapy; every fourth has an alias."""
    cells = {"slug": therapy(number), "label": therapy_name(number)}
    return cells | ({"aliases": f"syn-{word(number)}"} if number % 4 == 0 else {})


def fixed_registers() -> Mapping[str, tuple[Cells, ...]]:
    """The rows of registers that do not grow, by table."""
    return {
        "concepts": (*_concepts(),),
        "markets": (*_markets(),),
        "places": (*_places(),),
    }


def growing_registers(world: World) -> Mapping[str, Iterator[Cells]]:
    """The rows of registers that grow with the reports, by table; publishers are in them."""
    return {
        "organisations": _all_organisations(world),
        "therapies": map(therapy_row, range(world.therapies)),
    }


def publisher_row(number: int) -> Cells:
    """The row of a publisher."""
    return {
        "slug": publisher(number),
        "label": publisher_name(number),
        "type": "org-publisher",
    }


def _all_organisations(world: World) -> Iterator[Cells]:
    yield from map(publisher_row, range(PUBLISHERS))
    yield from map(organisation_row, range(world.organisations))


def _region(number: int) -> str:
    return slug(number, "-region")


def _product(number: int) -> str:
    return slug(number, "-product")


def _places() -> Iterator[Cells]:
    for number in range(REGIONS):
        yield _place(_region(number), label(number, " Region"), "place-region", "world")
    for number in range(COUNTRIES):
        within = _region(number % REGIONS)
        yield _place(country(number), country_name(number), "place-country", within)
    for number in range(CITIES):
        within = country(number % COUNTRIES)
        yield _place(slug(number, "-city"), label(number, " City"), "place-city", within)


def _place(key: str, name: str, kind: str, within: str) -> Cells:
    return {"slug": key, "label": name, "type": kind, "within": within}


def _concepts() -> Iterator[Cells]:
    for number, name in enumerate(words()["products"]):
        shown = f"{words()['mark']} {name}"
        yield {"slug": _product(number), "label": shown, "scheme": "market-product"}
    yield from _tree(INDICATIONS, "indication", indication, indication_name)
    yield from _tree(THERAPY_TYPES, "therapy-type", therapy_type, therapy_type_name)


def _tree(
    count: int, scheme: str, key: Callable[[int], str], name: Callable[[int], str]
) -> Iterator[Cells]:
    for number in range(count):
        cells = {"slug": key(number), "label": name(number), "scheme": scheme}
        yield cells if number < _AREAS else cells | {"broader": key(number % _AREAS)}


def _markets() -> Iterator[Cells]:
    for market, name in markets():
        product = market.partition("-product")[0] + "-product"
        place = market.removeprefix(f"{product}-")
        yield {"slug": market, "label": name, "product": product, "place": place}
