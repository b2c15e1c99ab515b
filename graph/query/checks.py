"""What is refused before the engine sees it: reaching out, updates, nesting that kills.

This gives early and clear errors, and errs towards refusing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from graph.problems import candidates
from graph.query.errors import QuerySyntaxError, RemoteAccessRefused
from graph.query.escapes import unescape
from graph.query.lexer import Lexed, lex
from graph.query.nesting import check_nesting
from graph.query.outline import Outline, read_outline
from graph.query.spelling import is_readable, spell
from graph.query.tokens import Token
from graph.query.words import UPDATE_WORDS, WORDS

_TERMS = ("iri", "name", "variable")


@dataclass(frozen=True, slots=True)
class Admitted:
    """A query that may be given to the engine, as `text`. `cost` is that of `check_nesting`."""

    text: str
    tokens: tuple[Token, ...]
    end: tuple[int, int]
    outline: Outline
    cost: int


def admit(query: str, predefined: Collection[str]) -> Admitted:
    """Return the query with what was found out about it. `predefined` are prefixes without colon.

    Raises RemoteAccessRefused, UpdateRefused, QueryTooDeep, and QuerySyntaxError for what can be
    no query whatever follows.
    """
    _check_encoding(query)
    lexed, text = _readings(query)
    if lexed.error:
        raise lexed.error
    outline = read_outline(lexed.tokens, lexed.end, predefined)
    _check_words(lexed.tokens, WORDS)
    cost = check_nesting(lexed.tokens[len(outline.prologue) :])
    if not is_readable(lexed.tokens):
        text = spell(lexed.tokens).text
    return Admitted(text, lexed.tokens, lexed.end, outline, cost)


def admit_update(update: str) -> Lexed:
    """Return the tokens of an update, of which none reaches out. Nesting is not looked at.

    Raises RemoteAccessRefused, QueryTooDeep for brackets, and QuerySyntaxError.
    """
    _check_encoding(update)
    lexed, _ = _readings(update)
    if lexed.error:
        raise lexed.error
    _check_words(lexed.tokens, UPDATE_WORDS)
    return lexed


def _readings(query: str) -> tuple[Lexed, str]:
    """Return the tokens and the text to run: as written, unless only the other reading is one."""
    lexed = lex(query)
    _refuse_remote(lexed.tokens)
    unescaped = unescape(query)
    if unescaped is None:
        return lexed, query
    replaced = lex(unescaped.text)
    tokens = unescaped.written(replaced.tokens, query)
    _refuse_remote(tokens)
    if lexed.error and not replaced.error:
        return Lexed(tokens, None, lexed.end), unescaped.text
    return lexed, query


def _refuse_remote(tokens: Sequence[Token]) -> None:
    for index, token in enumerate(tokens):
        if token.kind == "word":
            if "SERVICE" in token.word:
                raise _refused(token, "SERVICE")
            if token.word.startswith("LOAD"):
                raise _refused(token, "LOAD")
        elif token.kind == "name" and _may_hold_service(tokens, index):
            raise _refused(token, "SERVICE")


def _may_hold_service(tokens: Sequence[Token], index: int) -> bool:
    """Whether the engine may find the keyword SERVICE inside of a name.

    It needs no space after a keyword (`SERVICEex:a {`), ends a name at its second dot
    (`ex:a.b.SERVICE <…> {`), and takes `ex:` alone for the name if `ex:SERVICE` makes no IRI. All
    of these are followed by a brace, which a name rarely is unless GRAPH stands before it.
    """
    if "SERVICE" not in tokens[index].text.upper():
        return False
    if index and tokens[index - 1].word in ("GRAPH", "FROM", "NAMED"):
        return False
    following = list(tokens[index + 1 : index + 4])
    if following and following[0].word == "SILENT":
        del following[0]
    if following and following[0].kind in _TERMS:
        del following[0]
    return bool(following) and following[0].text == "{"


def _refused(token: Token, word: str) -> RemoteAccessRefused:
    remedy = (
        "ask the other service by itself, and give what it says to this one with VALUES"
        if word == "SERVICE"
        else "get the document yourself, and send what it says"
    )
    if token.kind == "name":
        remedy += f" (if {token.text} is a name, write a dot between it and the brace)"
    return RemoteAccessRefused(
        token.line, token.column, f"{word} would reach out to another machine; {remedy}"
    )


def _check_words(tokens: Iterable[Token], known: Collection[str]) -> None:
    for token in tokens:
        # The engine needs no space after a keyword; a word that is two could hide either.
        if token.kind == "word" and token.word not in known:
            message = f"{token.text} is no word of SPARQL. {candidates(token.word, known)}"
            raise QuerySyntaxError(token.line, token.column, message.rstrip())


def _check_encoding(query: str) -> None:
    try:
        query.encode()
    except UnicodeEncodeError as error:
        before = query[: error.start]
        line, column = before.count("\n") + 1, error.start - before.rfind("\n")
        raise QuerySyntaxError(line, column, "half of a surrogate pair is no character") from None
