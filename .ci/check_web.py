"""Check the types and the format of web/: TypeScript in its strict mode, and Prettier.

Run by `make lint`, and with --write by `make format`, in the development environment. The tools are
those of web/package-lock.json, kept in web/node_modules. Where the npm registry cannot be reached,
one line says so and nothing is checked.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hatch_build import Unreachable, node_environment, npm_ci, tools  # noqa: E402

WEB = ROOT / "web"
STAMP = WEB / "node_modules" / ".stamp"
CHECKED = ("src", "styles", "build.mjs", "package.json", "tsconfig.json", ".prettierrc.json")


def install() -> None:
    """Bring the tools of the lock file into web/node_modules, if others are there."""
    want = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    if not STAMP.is_file() or STAMP.read_text() != want:
        npm_ci(WEB)
        STAMP.write_text(want)


def main(arguments: list[str]) -> None:
    """Check, or put into form; exit with what is wrong."""
    try:
        node, _ = tools()
        install()
    except Unreachable as error:
        print(f"web: not checked, since {error}")
        return
    environment = node_environment(node, os.environ)
    option = "--write" if "--write" in arguments else "--check"
    prettier = ("node_modules/prettier/bin/prettier.cjs", option, "--log-level", "warn", *CHECKED)
    for command in (("node_modules/typescript/bin/tsc", "--project", "."), prettier):
        done = subprocess.run([node, *command], cwd=WEB, env=environment, check=False)
        if done.returncode:
            sys.exit(f"web: {command[0].split('/')[1]} found what is above")


if __name__ == "__main__":
    main(sys.argv[1:])
