"""What a text that is being typed may become: questions with entities filled in, and entities."""

from collections.abc import Iterator, Sequence
from itertools import islice

from graph.landscape import Named
from graph.search import Hit
from graph.wording.grammar import Asked, Grammar, Slot, grammar, slots_of
from graph.wording.sentences import Sentences
from graph.wording.slots import Line, Slots
from graph.wording.tokens import normalised
from graph.wording.typed import Typed
from graph.wording.understand import MOST_CHARACTERS, MOST_WORDS, arguments_of, asked_questions
from graph.wording.understanding import Names, Suggestion


def suggest(
    prefix: str, search: Names, questions: Sequence[Named], limit: int = 10
) -> tuple[Suggestion, ...]:
    """Return what a text may become, best first; it never raises.

    Questions that are complete come first, then what is called so with what can be asked of the
    first one, then questions that lack a value. Nothing typed: every question.
    """
    if len(prefix) > MOST_CHARACTERS or limit < 1:
        return ()
    line = Line(normalised(prefix), search)
    if len(line.tokens) > MOST_WORDS:
        return ()
    words = grammar()
    unfinished = not prefix[-1:].isspace()
    begun: list[Suggestion] = []
    for asked, question in asked_questions(questions, words):
        begun += _begun(asked, question, words, line, unfinished)
    hits = search.complete(line.text, (), limit) if line.tokens else ()
    called = [hit for hit in hits if hit.how in ("exact", "prefix")]
    rest = [hit for hit in hits if hit.how not in ("exact", "prefix")]
    ordered = (
        *(one for one in begun if one.complete and one.arguments),
        *map(_entity, called[: max(1, limit // 2)]),
        *(_asked_of(called[0], questions, words, search) if called else ()),
        *(one for one in begun if not (one.complete and one.arguments)),
        *map(_entity, (*called[max(1, limit // 2) :], *rest)),
    )
    once: dict[tuple[str, str], Suggestion] = {}
    for one in ordered:
        once.setdefault((one.text, one.iri), one)
    return tuple(islice(once.values(), limit))


def _entity(hit: Hit) -> Suggestion:
    return Suggestion(hit.label, "entity", iri=hit.iri, type_label=hit.type_label)


def _begun(
    asked: Asked, question: Named, words: Grammar, line: Line, unfinished: bool
) -> Iterator[Suggestion]:
    """The ways in which a text is the beginning of one question."""
    typed = Typed(Slots(question, words), question, words, line, unfinished)
    sentences = Sentences(asked, question, words, line.names)
    for way in typed.ways(asked):
        values = [value.texts for filling in way.fillings for value in filling.values]
        if all(len(texts) == 1 for texts in values):
            arguments = arguments_of(way.fillings, [texts[0] for texts in values], question)
            text = sentences.begun(arguments, line.labels)
            complete = not way.lacks and _is_complete(asked, question, arguments)
            if way.lacks:
                text = f"{text} {way.lacks}"
            yield Suggestion(text, "question", question.name, arguments, complete)


def _is_complete(asked: Asked, question: Named, arguments: dict[str, list[str]]) -> bool:
    return all(
        len(arguments.get(slot.names[0], ())) >= slot.least for slot in slots_of(asked.patterns[0])
    ) and all(one.name in arguments for one in question.parameters if one.required)


def _asked_of(
    hit: Hit, questions: Sequence[Named], words: Grammar, search: Names
) -> Iterator[Suggestion]:
    """The questions that can be asked of a thing; what needs nothing else comes first."""
    found = []
    for asked, question in asked_questions(questions, words):
        slot = _slot_for(hit, asked, Slots(question, words))
        if slot is not None:
            arguments = {slot.names[0]: [hit.iri]}
            sentences = Sentences(asked, question, words, search)
            text = sentences.begun(arguments, {hit.iri: hit.label})
            complete = _is_complete(asked, question, arguments)
            found.append(Suggestion(text, "question", question.name, arguments, complete))
    yield from sorted(found, key=lambda one: not one.complete)


def _slot_for(hit: Hit, asked: Asked, slots: Slots) -> Slot | None:
    """The first place of a question that a thing may take."""
    return next(
        (slot for slot in slots_of(asked.patterns[0]) if slots.takes(slot.names[0], hit)), None
    )
