"""Makes one answer as large as it may be, and prints the bytes of its body and those it took."""

import sys
from collections.abc import Iterator
from pathlib import Path

from graph.query import ResultTooLarge
from graph.remote.graphs import Graphs
from graph.remote.results import bindings, triples

LONGEST = 16 * 1024 * 1024
_NAME = "https://w3id.org/therascape/id/claim/first-report-%d"
_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


def _rows() -> Iterator[bytes]:
    yield b'{"head":{"vars":["s","o"]},"results":{"bindings":[{}'
    row = (
        f',{{"s":{{"type":"uri","value":"{_NAME}"}},'
        f'"o":{{"type":"literal","value":"0%d","datatype":"{_INTEGER}"}}}}'
    ).encode()
    for begin in range(0, 10_000_000, 1000):
        yield b"".join(row % (n, n) for n in range(begin, begin + 1000))


def _lines(number: int) -> Iterator[bytes]:
    line = f'<{_NAME}> <urn:p> "%d"^^<{_INTEGER}> .\n'.encode()
    for begin in range(0, number, 1000):
        yield b"".join(line % (n, n) for n in range(begin, begin + 1000))


def _peak() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    (found,) = (line for line in lines if line.startswith("VmHWM"))
    return int(found.split()[1]) * 1024


def _body(what: str) -> int:
    try:
        if what.startswith("graph"):
            with Graphs(LONGEST).one(float("inf"), None) as graph:
                graph.add(triples(_lines(int(what.removeprefix("graph")))))
                return len(graph.written("text/turtle", {"c": _NAME.removesuffix("%d")}))
        return len(bindings(_rows(), ["s", "o"], what, LONGEST)[0])
    except ResultTooLarge as error:
        return error.size


if __name__ == "__main__":
    before = _peak()
    print(_body(sys.argv[1]), _peak() - before)
