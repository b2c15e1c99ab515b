"""Compile requirements/*.txt from pyproject.toml, and web/package-lock.json from its neighbour:
every file of every pin by its hash.

One resolution serves all platforms and all Pythons that pyproject.toml admits; dev.txt is compiled
first and constrains the others, so that a package has one version everywhere. No index address is
written. Arguments go to `uv pip compile`; what web/package.json names is exact already.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hatch_build import node_environment, tools  # noqa: E402

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


def lock_web() -> None:
    """Write web/package-lock.json: in a copy, since an installed tree has no hashes to give."""
    node, npm = tools()
    web = ROOT / "web"
    with tempfile.TemporaryDirectory() as name:
        for file in (".npmrc", "package.json", "package-lock.json"):
            if (web / file).is_file():
                shutil.copy(web / file, name)
        command = (node, npm, "install", "--package-lock-only", "--ignore-scripts", "--no-audit")
        subprocess.run(command, cwd=name, env=node_environment(node, os.environ), check=True)
        shutil.copy(Path(name, "package-lock.json"), web)


def main(arguments: list[str]) -> None:
    """Compile the three files, dev.txt first."""
    compile_pins(DEV, "pyproject.toml", "--group", "dev", *arguments)
    compile_pins("requirements/runtime.txt", "pyproject.toml", "--constraints", DEV, *arguments)
    compile_pins("requirements/build.txt", "--group", "build", "--constraints", DEV, *arguments)
    lock_web()


if __name__ == "__main__":
    main(sys.argv[1:])
