"""Tokens of a SPARQL query, told apart exactly as the engine does it.

The engine reads without tokens: it tries at each place what may stand there. So `<` begins an IRI
in `?s <p> ?o` and is an operator in `FILTER(?a<?b)`, whatever follows it. Whoever could make the
lexer see an IRI or a string where the engine sees an operator could hide a SERVICE in it;
therefore the lexer knows which brackets hold expressions.
"""

import re
from dataclasses import dataclass, field
from typing import cast

from graph.query.errors import QueryError, QuerySyntaxError
from graph.query.escapes import stands_for_characters
from graph.query.nesting import MAX_DEPTH, too_deep
from graph.query.tokens import SKIPPED, STRINGS, TOKEN, Kind, Places, Token


@dataclass(frozen=True, slots=True)
class Lexed:
    """The tokens up to the first thing that is no token, or is nested too deeply."""

    tokens: tuple[Token, ...]
    error: QueryError | None
    end: tuple[int, int]


@dataclass(slots=True)
class _Bracket:
    token: Token
    expression: bool
    uncertain: bool = False
    subselect: bool = False


_CLOSES = {")": "(", "]": "[", "}": "{", "|}": "{|", ">>": "<<"}
_OPENS = frozenset(_CLOSES.values())
_OPERANDS = frozenset(("iri", "name", "blank", "variable", "string", "language", "number"))
# The engine may find one of these inside of what is one name in SPARQL; see checks.py.
_GLUED = re.compile(r"filter|bind", re.IGNORECASE)
_TELLING = frozenset("#'()[]")


def lex(text: str) -> Lexed:
    """Return the tokens of a query, each as the engine would read it. Never raises."""
    lexer = _Lexer(text)
    error = None
    try:
        lexer.run()
    except QueryError as found:
        error = found
    return Lexed(tuple(lexer.tokens), error, lexer.places.of(len(text)))


@dataclass(slots=True)
class _Lexer:
    text: str
    tokens: list[Token] = field(default_factory=list)
    brackets: list[_Bracket] = field(default_factory=list)
    places: Places = field(init=False)

    def __post_init__(self) -> None:
        self.places = Places(self.text)

    def run(self) -> None:
        position = 0
        while True:
            skipped = SKIPPED.match(self.text, position)
            assert skipped is not None
            position = skipped.end()
            if position == len(self.text):
                break
            token = self.read(position)
            self.follow(token)
            self.tokens.append(token)
            position += len(token.text)
        if self.brackets:
            opened = self.brackets[-1].token
            raise _error(opened, f"{opened.text} is never closed")

    def read(self, position: int) -> Token:
        line, column = self.places.of(position)
        first = self.text[position]
        if first in "\"'":
            return Token(
                "string", self.read_string(position, (line, column)), position, line, column
            )
        if first == "<" and self.after_operand():
            sign = "<=" if self.text.startswith("<=", position) else "<"
            return Token("mark", sign, position, line, column)
        if first == ">" and self.innermost() == "<<" and self.text.startswith(">>", position):
            return Token("mark", ">>", position, line, column)
        match = TOKEN.match(self.text, position)
        if match is None:
            raise QuerySyntaxError(line, column, f"unexpected {first!r}")
        token = Token(cast("Kind", match.lastgroup), match[0], position, line, column)
        if token.kind == "iri":
            self.check_iri(token)
        return token

    def read_string(self, position: int, place: tuple[int, int]) -> str:
        quote = self.text[position]
        quotes = quote * 3 if self.text.startswith(quote * 3, position) else quote
        match = STRINGS[quotes].match(self.text, position)
        if match is None:
            raise QuerySyntaxError(
                *place, f"this string has no closing {quotes}, or an escape that there is not"
            )
        if not stands_for_characters(match[0]):
            raise QuerySyntaxError(*place, "this string has an escape for no character")
        return match[0]

    def check_iri(self, token: Token) -> None:
        if not stands_for_characters(token.text):
            raise _error(token, "this IRI has an escape for no character")
        bracket = self.brackets[-1] if self.brackets else None
        if bracket and bracket.uncertain and self.ended() and not _TELLING.isdisjoint(token.text):
            raise _error(
                token,
                "this can be read as an IRI and as a comparison; write the IRI as a prefixed name, "
                "or put the list into a triple of its own",
            )

    def innermost(self) -> str:
        return self.brackets[-1].token.text if self.brackets else ""

    def ended(self) -> bool:
        """Whether an operand ends here, after which an expression can only have an operator."""
        if not self.tokens:
            return False
        last = self.tokens[-1]
        return last.kind in _OPERANDS or last.text in (")", ">>") or last.word in ("TRUE", "FALSE")

    def after_operand(self) -> bool:
        return bool(self.brackets) and self.brackets[-1].expression and self.ended()

    def follow(self, token: Token) -> None:
        """Keep account of the brackets."""
        if token.kind == "mark":
            if token.text in _OPENS:
                if len(self.brackets) == MAX_DEPTH:
                    raise too_deep(token)
                self.brackets.append(self.open(token))
            elif opening := _CLOSES.get(token.text):
                if self.innermost() != opening:
                    raise _error(token, f"unexpected {token.text}")
                self.brackets.pop()
        elif token.word == "SELECT" and self.innermost() == "{" and self.tokens[-1].text == "{":
            self.brackets[-1].subselect = True

    def open(self, token: Token) -> _Bracket:
        parent = self.brackets[-1] if self.brackets else None
        last = self.tokens[-1] if self.tokens else None
        if token.text != "(" or last is None or last.text == "<<":
            return _Bracket(token, expression=False)
        if parent is None or parent.subselect:
            return _Bracket(token, expression=True)
        if parent.token.text == "(":
            return _Bracket(token, parent.expression, parent.uncertain)
        if last.kind == "word":
            data = last.text == "a" or last.word in ("TRUE", "FALSE", "UNDEF", "VALUES")
            return _Bracket(token, not data)
        return self.open_after_term(token, last)

    def open_after_term(self, token: Token, last: Token) -> _Bracket:
        """A list, unless it holds the arguments of a function in a FILTER without brackets."""
        if last.kind not in ("iri", "name"):
            return _Bracket(token, expression=False)
        before = self.tokens[-2] if len(self.tokens) > 1 else last
        glued = any(t.kind == "name" and _GLUED.search(t.text) for t in (last, before))
        return _Bracket(token, before.word == "FILTER", glued)


def _error(token: Token, message: str) -> QuerySyntaxError:
    return QuerySyntaxError(token.line, token.column, message)
