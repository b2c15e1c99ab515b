"""Understands a question in words by the grammar, or says that and why it does not."""

from collections.abc import Iterator, Sequence
from itertools import islice, product

from graph.landscape import Named, Parameter
from graph.wording.dates import date_at
from graph.wording.grammar import Asked, Grammar, grammar
from graph.wording.matching import LEFT_OVER, NEARLY, Fit, Matcher
from graph.wording.sentences import Sentences
from graph.wording.slots import Filling, Line, Slots
from graph.wording.tokens import normalised
from graph.wording.understanding import Names, Reading, Understanding, UnknownWords

MOST_CHARACTERS = 500
MOST_WORDS = 60
_MOST_READINGS = 8
_NEAR = 3


def understand(text: str, search: Names, questions: Sequence[Named]) -> Understanding:
    """Return how a question in English words is understood; it never raises.

    Only what every word has a place in is understood: a word that the grammar and the names do not
    know makes it unsure, a negation without a place makes it not understood.
    """
    if len(text) > MOST_CHARACTERS:
        return _refused(text[:MOST_CHARACTERS], f"it is longer than {MOST_CHARACTERS} characters")
    line = Line(normalised(text), search)
    if not line.tokens:
        return _refused(line.text, "there are no words")
    if len(line.tokens) > MOST_WORDS:
        return _refused(line.text, f"it has more than {MOST_WORDS} words and signs")
    words = grammar()
    fits = sorted(_fits(line, questions, words), key=lambda fit: fit.cost)
    if fits and fits[0].cost < NEARLY:
        cheapest = [fit for fit in fits if fit.cost == fits[0].cost]
        # A word that asks is no name: "companies" are players, though there is a type of that name.
        fewest = min(len(fit.fillings) for fit in cheapest)
        chosen = [fit for fit in cheapest if len(fit.fillings) == fewest]
    else:
        chosen = [f for f in fits if f.cost < fits[0].cost + LEFT_OVER and _enough(f)]
    readings = tuple(islice(_distinct(chosen, line, questions, words), _MOST_READINGS))
    unknown = tuple(_unknown(line, words))
    if not readings:
        return Understanding(line.text, "not understood", (), unknown, _why_not(line, words))
    if len(readings) == 1 and chosen[0].cost < NEARLY:
        return Understanding(line.text, "understood", readings)
    return Understanding(line.text, "unsure", readings, unknown, _why_unsure(line.text, chosen))


def asked_questions(questions: Sequence[Named], words: Grammar) -> Iterator[tuple[Asked, Named]]:
    """The questions that have a name and words, in the order of the grammar."""
    named = {one.name: one for one in questions}
    return ((one, named[one.name]) for one in words.questions if one.name in named)


def _fits(line: Line, questions: Sequence[Named], words: Grammar) -> Iterator[Fit]:
    for asked, question in asked_questions(questions, words):
        matcher = Matcher(asked, Slots(question, words), words, line)
        yield from islice(matcher.fits(), _MOST_READINGS)


def _enough(fit: Fit) -> bool:
    """Whether enough words have a place for the fit to be worth offering."""
    placed = sum(use.purpose not in ("left over", "function word") for use in fit.uses)
    return 2 * fit.left_over <= placed + 1


def _distinct(
    fits: Sequence[Fit], line: Line, questions: Sequence[Named], words: Grammar
) -> Iterator[Reading]:
    named = {one.name: one for one in questions}
    seen: set[tuple[str, str]] = set()
    for fit in fits:
        question = named[fit.question.name]
        sentences = Sentences(fit.question, question, words, line.names)
        for arguments in _arguments(fit, question):
            sentence = sentences.sentence(arguments, line.labels)
            if (question.name, sentence) not in seen:
                seen.add((question.name, sentence))
                uses = tuple(sorted(fit.uses, key=lambda use: use.start))
                score = (1 - fit.left_over / len(line.tokens)) * (1 if fit.exact else 0.8)
                yield Reading(question.name, arguments, sentence, uses, round(score, 3))


def _arguments(fit: Fit, question: Named) -> Iterator[dict[str, list[str]]]:
    """The arguments of a fit, once for each thing that a name may mean."""
    values = [value.texts for filling in fit.fillings for value in filling.values]
    for chosen in islice(product(*values), _MOST_READINGS):
        yield arguments_of(fit.fillings, chosen, question)


def arguments_of(
    fillings: Sequence[Filling], chosen: Sequence[str], question: Named
) -> dict[str, list[str]]:
    """Return arguments in the order of the parameters, with these values one after the other.

    What is the default is left out.
    """
    rest = iter(chosen)
    given: dict[str, list[str]] = {}
    for filling in fillings:
        texts = [next(rest) for _ in filling.values]
        given.update(dict.fromkeys(filling.names, texts))
    return {
        one.name: given[one.name]
        for one in question.parameters
        if one.name in given and given[one.name] != _default(one)
    }


def _default(parameter: Parameter) -> list[str]:
    default = parameter.default
    values = default if isinstance(default, tuple | list) else (default,)
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in values]


def _unknown(line: Line, words: Grammar) -> Iterator[UnknownWords]:
    named: set[int] = set()
    for at in range(len(line.tokens)):
        for end, hits in line.named(at, ()):
            if hits[0].how == "exact":
                named.update(range(at, end))
        if line.tokens[at].kind == "entity" and line.addressed(line.tokens[at].key):
            named.add(at)
        if found := date_at(line.tokens, at):
            named.update(range(at, found[0]))
    first = None
    for at, token in enumerate((*line.tokens, None)):
        strange = (
            token is not None
            and at not in named
            and token.key not in words.vocabulary
            and token.kind in ("word", "entity")
        )
        if strange and first is None:
            first = at
        elif not strange and first is not None:
            start, end = line.tokens[first].start, line.tokens[at - 1].end
            near = line.names.find(line.text[start:end], (), _NEAR)
            labels = tuple(dict.fromkeys(hit.label for hit in near))
            yield UnknownWords(start, end, line.text[start:end], labels)
            first = None


def _refused(text: str, reason: str) -> Understanding:
    return Understanding(text, "not understood", reason=reason)


def _why_not(line: Line, words: Grammar) -> str:
    if any(token.key in words.negations for token in line.tokens):
        return "no question fits, and a word that says no is never left out"
    return "no question fits these words"


def _why_unsure(text: str, fits: Sequence[Fit]) -> str:
    left = [text[u.start : u.end] for u in fits[0].uses if u.purpose == "left over"]
    if left:
        return f"there is no place for {', '.join(map(repr, left))}"
    if not fits[0].exact:
        return "a name is only nearly so spelt"
    return "it can be understood in several ways"
