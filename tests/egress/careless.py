"""A service without any of our care: `python -m tests.egress.careless < attacks`.

It gives what it is sent to rdflib, which fetches what is named; prints what came out of each.
"""

import json
import logging
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path

from rdflib import Dataset

from tests.egress.attacks import Attack

ROOT = Path(__file__).parents[2]


def answers(attacks: Iterable[Attack]) -> dict[str, str]:
    """What it gives away, by name of the attack."""
    rows = [(a.name, a.kind, a.media_type, a.text) for a in attacks]
    done = subprocess.run(
        [sys.executable, "-m", "tests.egress.careless"],
        cwd=ROOT,
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, str] = json.loads(done.stdout)
    return found


def _answer(kind: str, media_type: str, text: str) -> str:
    dataset = Dataset(default_union=True)
    if kind == "query":
        return str(dataset.query(text).serialize(format="json"))
    if kind == "update":
        dataset.update(text)
    else:
        dataset.parse(data=text, format=media_type)
    return dataset.serialize(format="nquads")


def main() -> None:
    logging.disable()
    warnings.simplefilter("ignore")
    socket.setdefaulttimeout(0.1)
    outcomes = {}
    for name, *attack in json.load(sys.stdin):
        try:
            outcomes[name] = _answer(*attack)
        except Exception as error:  # noqa: BLE001 - whatever an attack leads to
            outcomes[name] = str(error)
    json.dump(outcomes, sys.stdout)


if __name__ == "__main__":
    main()
