"""From a failure to a message of a few lines and an exit code."""

import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from graph.errors import GraphError
from service.settings import InvalidSetting
from service.text import excerpt, visible

OK, PROBLEMS, USAGE, FAILED, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 3, 130, 141

# What only writing ends with; files have a name in their errors.
_NOT_WRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

EPILOG = """\b
Exit codes:
  0  done, and nothing is wrong
  1  problems were found: in the seeds, in what they cover, or in the query
  2  the command line or a setting is wrong
  3  it could not be done: nothing built yet, port in use, disk full …"""


class PipeClosed(Exception):
    """Whoever reads standard output has enough. Of a BrokenPipeError click makes exit code 1."""


class QueryFailed(GraphError):
    """A query that the engine refuses, with the text that it was given."""

    def __init__(self, error: GraphError, query: str) -> None:
        super().__init__(str(error))
        self.line = getattr(error, "line", None) or 0
        self.column = getattr(error, "column", None) or 0
        self.query = query


def run(command: click.Command, arguments: Sequence[str]) -> int:
    """Run the command and return its exit code; failures are told on standard error."""
    try:
        code = command.main(list(arguments), prog_name="therascape", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except (PipeClosed, BrokenPipeError):
        _silence(sys.stdout.fileno())  # whoever reads has enough
        return PIPE_CLOSED
    except OSError as error:
        if error.filename is not None or error.errno not in _NOT_WRITTEN:
            raise
        _silence(sys.stdout.fileno())
        click.echo(f"therascape: cannot write standard output: {error.strerror}", err=True)
        return FAILED
    except GraphError as error:
        _tell(error)
        return _code(error)
    return int(code or OK)


def damaged_store(why: str, place: Path | None = None) -> str:
    """What to say of a store on the disk that is damaged, and the remedy."""
    return (
        f"the store on the disk is damaged ({why}); check the disk, and remove "
        f"{place or 'the folder stores of the data directory'}: a service makes it again"
    )


def _silence(descriptor: int) -> None:
    """Let nothing be written any more: Python must not try to flush again on the way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)


def _tell(error: GraphError) -> None:
    if problems := getattr(error, "problems", ()):
        for problem in problems:
            click.echo(visible(str(problem)), err=True)
        number = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        click.echo(f"therascape: {number} to mend in the seeds; nothing was changed", err=True)
        return
    from graph.query import StoreUnreadable  # noqa: PLC0415 - not needed where all goes well

    if isinstance(error, StoreUnreadable) and error.__cause__ is not None:
        # Read by this process: its own words are for clients of a service.
        error = GraphError(damaged_store(str(error.__cause__)))
    click.echo(f"therascape: {visible(str(error))}", err=True)
    if isinstance(error, QueryFailed):
        for line in excerpt(error.query, error.line, error.column):
            click.echo(f"{line.number:>5} | {visible(line.text)}", err=True)
            if line.column:
                before = len(visible(line.text[: line.column - 1]))
                click.echo(f"{'':>5} | {' ' * before}^", err=True)


def _code(error: GraphError) -> int:
    from graph.problems import InvalidSeeds  # noqa: PLC0415 - not needed where all goes well

    if isinstance(error, InvalidSeeds | QueryFailed):
        return PROBLEMS
    return USAGE if isinstance(error, InvalidSetting) else FAILED
