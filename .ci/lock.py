"""Compile requirements/*.txt from pyproject.toml: every file of every pin by its hash.

One resolution serves all platforms and all Pythons that pyproject.toml admits; dev.txt is compiled
first and constrains the others, so that a package has one version everywhere. No index address is
written. Arguments go to `uv pip compile`.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEV = "requirements/dev.txt"


def compile_pins(output: str, *what: str) -> None:
    """Compile `what` (arguments of uv) into `output`; the pins in there stay unless upgraded."""
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "--quiet"),
        *("--universal", "--python-version", "3.11", "--fork-strategy", "fewest"),
        *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"),
        *("--custom-compile-command", "make lock"),
        *("--output-file", output),
        *what,
    ]
    subprocess.run(command, cwd=ROOT, check=True)


def main(arguments: list[str]) -> None:
    """Compile the three files, dev.txt first."""
    compile_pins(DEV, "pyproject.toml", "--group", "dev", *arguments)
    compile_pins("requirements/runtime.txt", "pyproject.toml", "--constraints", DEV, *arguments)
    compile_pins("requirements/build.txt", "--group", "build", "--constraints", DEV, *arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
