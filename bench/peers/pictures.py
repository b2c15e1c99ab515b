"""Pictures of a run as SVG: for each size, every query and who takes how long."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from bench.peers import contenders as who
from bench.peers.results import Results, Size

_STYLES = {
    who.OURS: ("o", "#b8401a"),
    who.ON_DISK: ("P", "#d98a6b"),
    who.OXIGRAPH_MEMORY: ("s", "#4f7f99"),
    who.OXIGRAPH_DISK: ("D", "#0b4a6f"),
    who.VIRTUOSO: ("^", "#5b8c3a"),
    who.RDFLIB: ("v", "#8a6d9e"),
    who.CACHED: ("o", "#b8401a"),
    who.NGINX_MEMORY: ("s", "#4f7f99"),
    who.NGINX_DISK: ("D", "#0b4a6f"),
}
_SETTINGS: Any = {
    "svg.fonttype": "none",  # text stays text: small, and it can be searched
    "svg.hashsalt": "therascape",
    "font.family": "sans-serif",
    "font.size": 9,
}


def name(size: Size, what: str) -> str:
    """The name of the file of a picture."""
    return f"peers-{size.statements // 1000}k-{what}.svg"


def write(results: Results, folder: Path) -> None:
    """Write all pictures, and remove those of other sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("peers-*.svg"):
        old.unlink()
    for size in results.sizes:
        computed = [one for one in who.COMPUTED if one in _STYLES]
        _draw(size, computed, "Computed", folder / name(size, "computed"))
        _draw(size, list(who.REPEATED), "Given again", folder / name(size, "repeated"))


def _draw(size: Size, names: list[str], title: str, path: Path) -> None:
    shown = [one for one in names if one in size.servers]
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(8, 1.4 + 0.25 * len(size.queries)), layout="constrained")
        axes = figure.add_subplot()
        for one in shown:
            marker, colour = _STYLES[one]
            rows = [
                (row, query.found.times[one])
                for row, query in enumerate(size.queries)
                if one in query.found.times
            ]
            if not rows:
                continue
            places = [row for row, _ in rows]
            axes.hlines(
                places,
                [times.least for _, times in rows],
                [times.most for _, times in rows],
                color=colour,
                alpha=0.5,
                linewidth=1,
            )
            medians = [times.median for _, times in rows]
            axes.plot(medians, places, marker, color=colour, label=one, markersize=5)
        axes.set_xscale("log")
        axes.set_yticks(range(len(size.queries)), [f"{q.kind}: {q.title}" for q in size.queries])
        axes.invert_yaxis()
        axes.grid(axis="x", color="#d5dee3", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(left=False)
        axes.set_xlabel("milliseconds (median, least to most), fewer is better")
        figure.suptitle(f"{title}: {size.statements:,} statements", x=0.01, ha="left")
        figure.legend(loc="outside lower left", ncols=4, frameon=False, fontsize=8)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    lines = path.read_text("utf-8").splitlines()
    path.write_text("".join(f"{line.rstrip()}\n" for line in lines), "utf-8")
