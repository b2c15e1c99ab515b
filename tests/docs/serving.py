"""A service over a folder of releases, as the pages have it, on a free port."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.docs.markdown import ROOT

#: Where the pages and notebooks say that the service is.
ADDRESS = "http://127.0.0.1:8000"


@contextmanager
def serving(data: Path, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run `therascape serve`, and end it; gives its address, without a slash at the end."""
    with subprocess.Popen(
        [sys.executable, "-m", "service", "serve", "--port", "0", "--data", str(data)],
        env={**os.environ, **(environment or {})},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield _address(process)
        finally:
            process.terminate()


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    printed = ""
    while not (found := re.search(r"is on (http://\S+)/ ", printed)):
        line = process.stdout.readline()
        assert line, printed
        printed += line
    return found[1]
