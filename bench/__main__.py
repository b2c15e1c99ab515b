"""`make bench`: without a name, other SPARQL servers beside ours; ARGS="adversarial" and so on for
more.

Absolute times depend on the machine; the calibration loop printed first lets two machines be
compared. A benchmark that has goals fails when one is missed.
"""

from pathlib import Path

import click

from bench import (
    adversarial,
    bulk,
    connections,
    export,
    forecast,
    fuzz,
    http,
    kills,
    network,
    queries,
    replicas,
    search,
)
from bench import processes as several


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Measure; without a command, as `peers` does."""
    if context.invoked_subcommand is None:
        context.invoke(peers_)


@main.command("queries")
def queries_() -> None:
    """Build, start, and our queries beside rdflib's."""
    queries.run()


@main.command("adversarial")
@click.argument("names", nargs=-1)
def adversarial_(names: tuple[str, ...]) -> None:
    """Every attack of tests/hostile/queries, or some of them by NAMES."""
    adversarial.run(names)


@main.command("connections")
def connections_() -> None:
    """Two hundred slow connections of each kind."""
    connections.run()


@main.command("fuzz")
@click.option("--count", default=10_000, show_default=True, help="Requests of each kind.")
@click.option("--seed", default=1, show_default=True)
def fuzz_(count: int, seed: int) -> None:
    """Mutated queries, and requests of chance."""
    fuzz.run(count, seed)


@main.command("kills")
@click.option("--kills", "count", default=200, show_default=True)
@click.option("--seed", default=1, show_default=True)
def kills_(count: int, seed: int) -> None:
    """Kill the service while it is written to."""
    kills.run(count, seed)


@main.command("replicas")
@click.option("--seconds", default=120, show_default=True, help="Of kills.")
@click.option("--seed", default=1, show_default=True)
def replicas_(seconds: int, seed: int) -> None:
    """Kill a publisher and its replicas while releases are made and clients ask."""
    replicas.run(seconds, seed)


@main.command("search")
@click.option("--count", default=1_000_000, show_default=True, help="Names.")
@click.option("--seed", default=1, show_default=True)
def search_(count: int, seed: int) -> None:
    """A million names, searched."""
    search.run(count, seed)


@main.command("http")
@click.option("--seconds", default=3, show_default=True, help="Of each of the five runs.")
@click.option("--deadline", default=2, show_default=True, help="Seconds, for all servers.")
def http_(seconds: int, deadline: int) -> None:
    """wrk, beside the native server."""
    http.run(seconds, deadline)


@main.command("processes")
@click.option("--seconds", default=3, show_default=True, help="Of each of the five runs.")
@click.argument("processes", nargs=-1, type=int)
def processes_(seconds: int, processes: tuple[int, ...]) -> None:
    """Wrk over one process that answers and over PROCESSES of them (2 unless given)."""
    several.run(seconds, (1, *(processes or (2,))))


@main.command("network")
@click.option("--edges", default=10_000_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
def network_(edges: int, seed: int) -> None:
    """Neighbourhoods and paths, beside networkx and igraph."""
    network.run(edges, seed)


@main.command("forecast")
@click.option("--markets", default=1_000_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
def forecast_(markets: int, seed: int) -> None:
    """The reference consensus for a million markets, beside a plain loop."""
    forecast.run(markets, seed)


@main.command("export")
@click.option("--statements", type=click.IntRange(min=1), default=10_000_000, show_default=True)
@click.option("--formats", is_flag=True, help="Other RDF formats as well.")
@click.option("--disk", is_flag=True, help="The engine has its store on disk: less memory.")
def export_(statements: int, formats: bool, disk: bool) -> None:
    """Exports, beside the engine's own dump."""
    export.run(statements, formats=formats, disk=disk)


@main.command("bulk")
@click.option("--statements", type=click.IntRange(min=1), default=10_000_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--file", type=click.Path(exists=True, path_type=Path), help="Import this one.")
@click.option("--runs", default=3, show_default=True)
@click.option("--rules", "derives", is_flag=True, help="Derive as well; told apart.")
def bulk_(statements: int, seed: int, file: Path | None, runs: int, derives: bool) -> None:
    """A file of N-Quads into a release, beside the engine's own loader."""
    bulk.run(statements, seed, file, runs, derives=derives)


@main.command("peers")
@click.argument("words", nargs=-1)
@click.option(
    "--statements",
    "sizes",
    multiple=True,
    type=click.IntRange(min=1),
    default=(100_000, 1_000_000),
    show_default=True,
    help="About so many; once for each size.",
)
@click.option("--rdflib-endpoint", help="Its program, where it is not on the path.")
@click.option("--seconds", default=1.0, show_default=True, help="Of each run of the mixed load.")
@click.option("--write/--no-write", default=True, show_default=True, help="Into docs/.")
def peers_(
    *,
    words: tuple[str, ...],
    sizes: tuple[int, ...],
    rdflib_endpoint: str | None,
    seconds: float,
    write: bool,
) -> None:
    """Other SPARQL servers beside ours; WORDS choose queries by name or class."""
    # They need matplotlib, which the others do not.
    from bench.peers import running  # noqa: PLC0415
    from bench.peers.cases import cases  # noqa: PLC0415

    try:
        cases(words)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="WORDS") from None
    running.run(sizes, words, rdflib_endpoint, seconds, running.DOCS if write else None)


@main.command("pages")
@click.argument("words", nargs=-1)
def pages_(words: tuple[str, ...]) -> None:
    """First paint of every page in Chromium, or of those whose name has one of WORDS."""
    from bench import pages  # noqa: PLC0415 - needs Playwright, which the others do not

    pages.run(words)


if __name__ == "__main__":
    main()
