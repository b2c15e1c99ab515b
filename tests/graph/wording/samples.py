"""Writes patterns out as sentences, with a value of the shipped seeds in each slot."""

from graph.landscape import Named
from graph.landscape.catalogue import QUESTIONS
from graph.wording.grammar import Asked, Pattern, Slot, grammar

NAMED = {one.name: one for one in QUESTIONS}
VALUES = {
    "place": ("Brazil", "Peru"),
    "player": ("Novartis", "Lonza"),
    "company": ("Roche", "Cellectis"),
    "entity": ("Mexico", "Chile"),
    "node": ("Kymriah", "Biomm"),
    "entities": ("Kite Pharma", "Moderna"),
    "from": ("Pfizer", "Sanofi"),
    "to": ("Kymriah", "Takeda"),
    "therapy": ("CAR T-cell therapy", "NK cell therapy"),
    "indication": ("multiple myeloma", "lymphoma"),
    "concept": ("multiple myeloma", "gene therapy"),
    "role": ("regulators", "hospitals"),
    "subject": ("Novartis", "Roche"),
    "object": ("Brazil", "Mexico"),
    "market": ("Global cellular immunotherapy market", "Brazil pharmaceutical 3PL market"),
    "series": ("Invented Outlook",),
    "newer": ("Coherent, Cellular Immunotherapy (2025)",),
    "report": ("Coherent, Cellular Immunotherapy (2025)",),
}
DATES = {"from": "2023", "until": "August 2025"}
ASKED = [one for one in grammar().questions if one.name in NAMED]


def written(asked: Asked, pattern: Pattern, pick: int = 0) -> str:
    """Return a sentence of a pattern; `pick` chooses among phrases and values."""
    words = []
    for element in pattern:
        if isinstance(element, Slot):
            values = [
                _value(NAMED[asked.name], element.names[0], pick + n) for n in range(element.least)
            ]
            words.append(" and ".join(values))
        else:
            words.append(" ".join(element.phrases[pick % len(element.phrases)]))
    return " ".join(words).replace(" 's", "'s")


def _value(question: Named, name: str, pick: int) -> str:
    parameter = next(one for one in question.parameters if one.name == name)
    if parameter.kind == "date":
        return DATES[name]
    if parameter.kind == "integer":
        return str(parameter.least + (parameter.default == parameter.least))
    if parameter.kind == "entity":
        return VALUES[name][pick % len(VALUES[name])]
    words = grammar()
    choices = words.choices.get(f"{question.name}.{name}", words.choices.get(name, {}))
    there = ("true", "false") if parameter.kind == "boolean" else parameter.choices
    # Not the default, which a reading leaves out.
    default = str(parameter.default).lower()
    usable = [one for one in there if one in choices and one not in default]
    value = usable[pick % len(usable)]
    return choices[value][pick % len(choices[value])]
