"""Commands in the process of the tests: to start Python anew takes longer than most of them."""

import io
import os
import subprocess
import sys
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from service.cli import cli
from service.failures import run


def in_process(
    *arguments: str, folder: Path = Path(), text: str = "", **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run `therascape` in a folder, with `text` on its standard input."""
    files = [io.BytesIO(text.encode()), io.BytesIO(), io.BytesIO()]
    given, printed, told = (io.TextIOWrapper(file, "utf-8", write_through=True) for file in files)
    with ExitStack() as stack:
        stack.enter_context(chdir(folder))
        stack.enter_context(patch.dict(os.environ, environment))
        stack.enter_context(patch.object(sys, "stdin", given))
        stack.enter_context(redirect_stdout(printed))
        stack.enter_context(redirect_stderr(told))
        code = run(cli, arguments)
    output, errors = (file.getvalue().decode() for file in files[1:])
    return subprocess.CompletedProcess(arguments, code, output, errors)
