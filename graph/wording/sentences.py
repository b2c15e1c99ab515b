"""Says a question and its arguments in canonical words, which are understood as just that."""

import re
from collections.abc import Mapping, Sequence

from graph.landscape import Named, Parameter
from graph.wording.dates import in_words
from graph.wording.grammar import Asked, Grammar, Pattern, Slot, slots_of
from graph.wording.slots import Line, Slots
from graph.wording.understanding import Names

_SLOT = re.compile(r"\{([\w-]+)[^}]*\}")
_ADDRESS = re.compile(r"/(?:id/)?([a-z]+/[a-z0-9-]+)$")


class Sentences:
    """Writes the sentences of one question."""

    def __init__(self, asked: Asked, question: Named, grammar: Grammar, names: Names) -> None:
        self._asked = asked
        self._question = question
        self._parameters = {one.name: one for one in question.parameters}
        self._grammar = grammar
        self._slots = Slots(question, grammar)
        self._names = names

    def sentence(self, arguments: Mapping[str, Sequence[str]], labels: Mapping[str, str]) -> str:
        """Return the sentence for these arguments; `labels` are the labels of their IRIs.

        A parameter that the grammar has no words for is added as `name value`.
        """
        for number, pattern in enumerate(self._asked.patterns[: len(self._asked.written)]):
            if all(name in arguments for slot in slots_of(pattern) for name in slot.names):
                return self._sentence(number, arguments, labels)
        return self._sentence(0, arguments, labels)

    def begun(self, arguments: Mapping[str, Sequence[str]], labels: Mapping[str, str]) -> str:
        """Return the first canonical sentence, with an ellipsis in the place of what is missing."""
        return self._sentence(0, arguments, labels)

    def _sentence(
        self, core: int, arguments: Mapping[str, Sequence[str]], labels: Mapping[str, str]
    ) -> str:
        pattern = self._asked.patterns[core]
        said = {name for slot in slots_of(pattern) for name in slot.names}
        words = [self._written(self._asked.written[core], pattern, arguments, labels)]
        for part in self._asked.parts:
            slots = slots_of(part.patterns[0])
            names = {name for slot in slots for name in slot.names}
            plain = all(len(slot.names) == 1 and not slot.change for slot in slots)
            if plain and names <= arguments.keys() and names.isdisjoint(said):
                said |= names
                words.append(self._written(part.written, part.patterns[0], arguments, labels))
        rest = (f"{name} {' '.join(arguments[name])}" for name in arguments if name not in said)
        return " ".join((*words, *rest))

    def name(self, parameter: str, iri: str, label: str) -> str:
        """Return what an entity is called where only it is meant: its address, if need be."""
        found = _ADDRESS.search(iri)
        address = found[1] if found else iri
        for text in (label, f"{label} [{address}]"):
            line = Line(text, self._names)
            fillings = self._slots.fillings(Slot((parameter,)), line, 0)
            whole = [f.values[0] for f in fillings if f.end == len(line.tokens)]
            if len(whole) == 1 and whole[0].exact and whole[0].texts == (iri,):
                return text
        return address

    def _written(
        self,
        text: str,
        pattern: Pattern,
        arguments: Mapping[str, Sequence[str]],
        labels: Mapping[str, str],
    ) -> str:
        slots = iter(slots_of(pattern))

        def value(match: re.Match[str]) -> str:
            slot = next(slots)
            parameter = self._parameters[match[1]]
            between = f" {' '.join(slot.joined[0])} " if slot.joined else " "
            values = [self._value(parameter, v, labels) for v in arguments.get(match[1], ())]
            missing = max(0, slot.least - len(values))
            return between.join((*values, *(["\u2026"] * missing)))

        return _SLOT.sub(value, text)

    def _value(self, parameter: Parameter, value: str, labels: Mapping[str, str]) -> str:
        match parameter.kind:
            case "entity":
                return self.name(parameter.name, value, labels.get(value, ""))
            case "date":
                return in_words(value)
            case "choice" | "boolean":
                name = parameter.name
                own = f"{self._question.name}.{name}"
                choices = self._grammar.choices.get(own, self._grammar.choices.get(name, {}))
                return choices[value][0]
        return value
