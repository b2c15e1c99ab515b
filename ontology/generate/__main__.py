"""Write the derived files, or with `--check` fail when one is out of date."""

import sys
from collections.abc import Callable
from pathlib import Path

from ontology.generate import context, data_model, namespaces, shapes

ROOT = Path(__file__).resolve().parents[2]
FILES: dict[str, Callable[[], str]] = {
    "ontology/namespaces.py": namespaces.render,
    "ontology/context.jsonld": context.render,
    "ontology/shapes-tables.ttl": shapes.render,
    "docs/data-model.md": data_model.render,
}


def outdated(root: Path = ROOT) -> list[str]:
    """The derived files whose text differs from what would be written."""
    return [
        name
        for name, render in FILES.items()
        if not (root / name).is_file() or (root / name).read_text("utf-8") != render()
    ]


def main(arguments: list[str]) -> int:
    """Exit code 1 when `--check` finds a file out of date."""
    stale = outdated()
    if arguments == ["--check"]:
        for name in stale:
            sys.stderr.write(f"{name} is out of date: run `python -m ontology.generate`\n")
        return 1 if stale else 0
    for name in stale:
        (ROOT / name).write_text(FILES[name](), "utf-8")
        sys.stdout.write(f"wrote {name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
