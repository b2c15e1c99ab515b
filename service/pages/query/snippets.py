"""The same result from a program: a few lines for a shell, Python, R and JavaScript that run."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Form = Literal["bindings", "boolean", "graph"]

# What goes with a query to the endpoint; the rest is about the page.
_SENT = ("default-graph-uri", "named-graph-uri", "editions", "timeout", "release")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A program; `needs` says what it takes besides the language itself."""

    language: str
    text: str
    needs: str = ""


def snippets(
    endpoint: str, query: str, parameters: Mapping[str, Sequence[str]], form: Form
) -> tuple[Snippet, ...]:
    """Return programs that ask the endpoint for the answer to a query with its parameters."""
    pairs = [(name, value) for name in _SENT for value in parameters.get(name, ())]
    return (
        Snippet("curl", _curl(endpoint, query, pairs, form)),
        Snippet("Python", _python(endpoint, query, pairs, form), "pip install SPARQLWrapper"),
        Snippet("R", _r(endpoint, query, pairs, form)),
        Snippet("JavaScript", _javascript(endpoint, query, pairs, form)),
    )


_Pairs = Sequence[tuple[str, str]]


def _curl(endpoint: str, query: str, pairs: _Pairs, form: Form) -> str:
    kind = {"graph": "text/turtle", "boolean": "application/sparql-results+json"}.get(
        form, "text/csv"
    )
    parts = [f"curl --silent --show-error --fail-with-body {shlex.quote(endpoint)}"]
    parts.append(f"--header {shlex.quote(f'Accept: {kind}')}")
    parts += [
        f"--data-urlencode {shlex.quote(f'{name}={value}')}"
        for name, value in (*pairs, ("query", query))
    ]
    return " \\\n  ".join(parts)


def _python(endpoint: str, query: str, pairs: _Pairs, form: Form) -> str:
    kind = "TURTLE" if form == "graph" else "JSON"
    ask = {
        "graph": "print(endpoint.query().convert().decode())",
        "boolean": 'print(endpoint.query().convert()["boolean"])',
        "bindings": "answer = endpoint.query().convert()\n"
        'for row in answer["results"]["bindings"]:\n'
        '    print({name: term["value"] for name, term in row.items()})',
    }[form]
    lines = [
        f"from SPARQLWrapper import {', '.join((*sorted((kind, 'POST')), 'SPARQLWrapper'))}",
        "",
        f"endpoint = SPARQLWrapper({json.dumps(endpoint)})",
        "endpoint.setMethod(POST)",
        f"endpoint.setReturnFormat({kind})",
        *(f"endpoint.addParameter({name!a}, {value!a})" for name, value in pairs),
        f"endpoint.setQuery({_python_text(query)})",
        ask,
    ]
    return "\n".join(lines)


def _python_text(text: str) -> str:
    """A literal: as it is written where that is safe to read and to copy, else escaped."""
    plain = all(c in {"\n", "\t"} or c.isprintable() for c in text)
    if plain and "'''" not in text and "\\" not in text and not text.endswith("'"):
        return f"'''{text}'''"
    return ascii(text)


def _r(endpoint: str, query: str, pairs: _Pairs, form: Form) -> str:
    kind = {"graph": "turtle", "boolean": "json"}.get(form, "csv")
    named = [*pairs, ("format", kind), ("query", query)]
    fields = ",\n".join(f"  `{name}` = {_r_text(value)}" for name, value in named)
    read = "read.csv(address)" if form == "bindings" else 'cat(readLines(address), sep = "\\n")'
    return "\n".join(
        (
            "fields <- list(",
            fields,
            ")",
            "encode <- function(value) URLencode(value, reserved = TRUE)",
            'pairs <- paste0(names(fields), "=", vapply(fields, encode, ""))',
            f'address <- paste0({_r_text(endpoint + "?")}, paste(pairs, collapse = "&"))',
            read,
        )
    )


def _r_text(text: str) -> str:
    """A string of R. A NUL, which R has none of, no query has either."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\n", "\t": "\t"}
    inner = "".join(
        escapes.get(c) or (c if c.isprintable() else f"\\U{{{ord(c):X}}}") for c in text
    )
    return f'"{inner}"'


def _javascript(endpoint: str, query: str, pairs: _Pairs, form: Form) -> str:
    kind = "text/turtle" if form == "graph" else "application/sparql-results+json"
    read = "await answer.text()" if form == "graph" else "await answer.json()"
    show = {"graph": "read", "boolean": "read.boolean", "bindings": "read.results.bindings"}[form]
    lines = ",\n".join(f"  {json.dumps(line)}" for line in query.split("\n"))
    return "\n".join(
        (
            f'const query = [\n{lines},\n].join("\\n");',
            "const body = new URLSearchParams({ query });",
            *(f"body.append({json.dumps(name)}, {json.dumps(value)});" for name, value in pairs),
            f"const answer = await fetch({json.dumps(endpoint)}, {{",
            '  method: "POST",',
            f'  headers: {{ Accept: "{kind}" }},',
            "  body,",
            "});",
            "if (!answer.ok) throw new Error(await answer.text());",
            f"const read = {read};",
            f"console.log({show});",
        )
    )
