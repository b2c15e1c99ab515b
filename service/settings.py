"""Settings as rows: name, default and help. They come from flags and THERASCAPE_* variables only.

A flag beats its environment variable, which beats the default.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from graph.errors import GraphError
from graph.replica.address import publisher_address
from graph.template.budget import LEAST_WORKER_MEMORY, usual_worker_memory
from graph.terms import DEFAULT_BASE
from service import values
from service.tokens import hashed


class InvalidSetting(GraphError):
    """A setting has a value that cannot be used; the message names its flag and its variable."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row. `read` turns text into the value and raises ValueError with the reason.

    A `secret` has no flag, since others on the machine can see command lines, and is never printed;
    a token that others are to bring is kept as its hash.
    """

    name: str
    default: str | float | bool | None
    help: str
    read: Callable[[str], Any]
    secret: bool = False

    @property
    def flag(self) -> str:
        """Its flag on the command line; empty for a secret."""
        return "" if self.secret else "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return "THERASCAPE_" + self.name.upper()

    @property
    def is_switch(self) -> bool:
        """Whether its flag takes no value."""
        return isinstance(self.default, bool)


_MIB = 1024 * 1024
_WORKER_MEMORY = usual_worker_memory()

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "data",
        None,
        "Folder that holds the built releases. Unless given: .therascape/ in a checkout, else "
        "therascape/ in the XDG data folder.",
        values.text,
    ),
    Setting(
        "base",
        DEFAULT_BASE,
        "Base of the IRIs that a build mints for things, graphs and sources; ends with a slash.",
        values.base,
    ),
    Setting("host", "127.0.0.1", "Address that the service listens on.", values.text),
    Setting(
        "port",
        8000,
        "Port that the service listens on; 0 takes any free one, and prints it.",
        values.between(0, 65535),
    ),
    Setting(
        "proxies",
        None,
        "IP addresses and networks of the proxies in front of the service, with commas between: "
        "what they say in X-Forwarded-For and X-Forwarded-Proto is believed, and nobody else.",
        values.addresses,
    ),
    Setting(
        "empty",
        False,
        "Serve a store of your own that begins empty, kept in the folder `empty` of the data "
        "directory, instead of the release of the seeds.",
        values.switch,
    ),
    Setting(
        "default_graph",
        "merged",
        "What a query without FROM is asked of: `merged`, the RDF merge of all graphs, or "
        "`strict`, the default graph of the dataset alone.",
        values.one_of("merged", "strict"),
    ),
    Setting(
        "store",
        "auto",
        "Where the statements are: `memory`; `disk`, where nothing is written to them; `auto`, on "
        "the disk where they would need more memory than the service may use.",
        values.one_of("auto", "memory", "disk"),
    ),
    Setting(
        "engine",
        None,
        "Address of a SPARQL database elsewhere that answers the queries, or two of them with a "
        "space between: `therascape publish` loads one while the other one answers.",
        values.text,
    ),
    Setting(
        "engine_update",
        None,
        "Address where the database takes SPARQL updates; two for two databases. Used by "
        "`therascape publish` where there is no engine_store.",
        values.text,
    ),
    Setting(
        "engine_store",
        None,
        "Address of the database's graph store (SPARQL 1.1 Graph Store HTTP Protocol); two for two "
        "databases. Used by `therascape publish`.",
        values.text,
    ),
    Setting(
        "engine_graphs",
        "urn:therascape:",
        "What the names of graphs begin with that the service keeps in the database for itself.",
        values.prefix,
    ),
    Setting("engine_user", None, "User name for the database.", values.text),
    Setting("engine_password", None, "Password for the database.", values.text, secret=True),
    Setting(
        "engine_password_file",
        None,
        "File with the password for the database, in one line.",
        values.text,
    ),
    Setting("engine_token", None, "Bearer token for the database.", values.text, secret=True),
    Setting(
        "engine_token_file",
        None,
        "File with the bearer token for the database, in one line.",
        values.text,
    ),
    Setting("deadline", 30, "Seconds after which a query is ended.", values.seconds(0.1, 86_400)),
    Setting(
        "update_deadline",
        60,
        "Seconds after which a write is given up.",
        values.seconds(0.1, 86_400),
    ),
    Setting(
        "processes",
        1,
        "Processes that take requests and send answers, beside those that evaluate queries; they "
        "share one engine.",
        values.between(1, 64),
    ),
    Setting(
        "workers", 4, "Processes that evaluate queries at the same time.", values.between(1, 256)
    ),
    Setting(
        "queue",
        64,
        "Queries that may wait for a worker; more are told when to come back.",
        values.between(0, 10_000),
    ),
    Setting(
        "worker_memory",
        _WORKER_MEMORY,
        "MiB that one query may use beyond what the data take. Unless given: 512, or 8 % of the "
        "total of a machine or a container with less than 8 GiB.",
        values.between(LEAST_WORKER_MEMORY, 1_048_576),
    ),
    Setting(
        "total_memory",
        None,
        "MiB that the whole service may use. Unless given: 80 % of what the machine or the "
        "container has.",
        values.between(64, 16_777_216),
    ),
    Setting("max_result", 64, "MiB of the largest answer to a query.", values.between(1, 2047)),
    Setting(
        "spool",
        64,
        "MiB of large answers that are sent from memory; more wait in temporary files.",
        values.between(16, 1_048_576),
    ),
    Setting(
        "cache",
        64,
        "MiB of answers that are kept to be given again, none larger than an eighth of it.",
        values.between(0, 1_048_576),
    ),
    Setting(
        "threads",
        96,
        "Requests that each process works on at the same time, those that wait for a worker "
        "included.",
        values.between(1, 1024),
    ),
    Setting(
        "max_body_bytes",
        _MIB,
        "Largest body of a query or an update, in bytes.",
        values.between(1024, 1024 * _MIB),
    ),
    Setting(
        "max_graph_bytes",
        64 * _MIB,
        "Largest body of a graph that is written to /store, in bytes.",
        values.between(1024, 1024 * _MIB),
    ),
    Setting(
        "shown_rows",
        200,
        "Rows of a result that a page shows; it says so, and downloads are always complete.",
        values.between(1, 100_000),
    ),
    Setting(
        "header_seconds",
        10,
        "Seconds that a client has to send the head of a request.",
        values.seconds(0.1, 3600),
    ),
    Setting(
        "body_seconds",
        30,
        "Seconds that a client has to send the body of a request.",
        values.seconds(0.1, 3600),
    ),
    Setting(
        "send_seconds",
        60,
        "Seconds that a client has to take an answer.",
        values.seconds(0.1, 86_400),
    ),
    Setting(
        "stop_seconds",
        10,
        "Seconds that requests under way have to finish when the service is stopped.",
        values.between(1, 3600),
    ),
    Setting("read_only", False, "Take no writes, whatever token they come with.", values.switch),
    Setting(
        "write_token",
        None,
        "Token that allows writes: 20 characters or more that nobody can guess.",
        hashed,
        secret=True,
    ),
    Setting(
        "write_token_file",
        None,
        "File of tokens that allow writes, one a line, each with a name before it if you like; "
        "`sha256:` and the hash may stand for a token.",
        values.text,
    ),
    Setting(
        "admin_token",
        None,
        "Token that may see which queries run: 20 characters or more that nobody can guess.",
        hashed,
        secret=True,
    ),
    Setting(
        "admin_token_file",
        None,
        "File of tokens that may see which queries run, in the same form.",
        values.text,
    ),
    Setting(
        "query_log",
        None,
        "File that gets a line of JSON for each query and write; `-` is standard error, `off` is "
        "none. Unless given: log/queries.jsonl in the data directory, 10 MB and five older ones.",
        values.text,
    ),
    Setting(
        "request_log",
        None,
        "File that gets such a line for every request, pages included; `-` is standard error. "
        "Unless given: none.",
        values.text,
    ),
    Setting(
        "log_events",
        False,
        "Say on standard error when the service starts and stops, and when it begins a "
        "checkpoint, besides what goes wrong.",
        values.switch,
    ),
    Setting(
        "checkpoint_writes",
        500,
        "Writes after which a new release is made of what was written.",
        values.between(1, 1_000_000),
    ),
    Setting(
        "checkpoint_seconds",
        3600,
        "Seconds after which a new release is made of what was written.",
        values.seconds(1, 31_536_000),
    ),
    Setting(
        "follow",
        None,
        "Address of a publisher: serve its newest release, in a data directory of its own, and "
        "take no writes.",
        publisher_address,
    ),
    Setting(
        "follow_seconds",
        10,
        "Seconds between two looks at whether the publisher has a newer release.",
        values.seconds(0.1, 86_400),
    ),
    Setting(
        "follow_max_bytes",
        8 * 1024 * _MIB,
        "Largest release that is fetched from the publisher, in bytes.",
        values.between(1, 2**50),
    ),
)
BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force. The rows of SETTINGS say what each means."""

    data: str | None = None
    base: str = DEFAULT_BASE
    host: str = "127.0.0.1"
    port: int = 8000
    proxies: str | None = None
    empty: bool = False
    default_graph: str = "merged"
    store: str = "auto"
    engine: str | None = None
    engine_update: str | None = None
    engine_store: str | None = None
    engine_graphs: str = "urn:therascape:"
    engine_user: str | None = None
    engine_password: str | None = field(default=None, repr=False)
    engine_password_file: str | None = None
    engine_token: str | None = field(default=None, repr=False)
    engine_token_file: str | None = None
    deadline: float = 30
    update_deadline: float = 60
    processes: int = 1
    workers: int = 4
    queue: int = 64
    worker_memory: int = _WORKER_MEMORY
    total_memory: int | None = None
    max_result: int = 64
    spool: int = 64
    cache: int = 64
    threads: int = 96
    max_body_bytes: int = _MIB
    max_graph_bytes: int = 64 * _MIB
    shown_rows: int = 200
    header_seconds: float = 10
    body_seconds: float = 30
    send_seconds: float = 60
    stop_seconds: int = 10
    read_only: bool = False
    write_token: str | None = None
    write_token_file: str | None = None
    admin_token: str | None = None
    admin_token_file: str | None = None
    query_log: str | None = None
    request_log: str | None = None
    log_events: bool = False
    checkpoint_writes: int = 500
    checkpoint_seconds: float = 3600
    follow: str | None = None
    follow_seconds: float = 10
    follow_max_bytes: int = 8 * 1024 * _MIB

    def __post_init__(self) -> None:
        # What is written belongs at the publisher; a database elsewhere, and a store on the disk,
        # hold releases.
        if self.follow is not None or self.engine is not None or self.store == "disk":
            object.__setattr__(self, "read_only", True)

    @property
    def strict(self) -> bool:
        """Whether the default graph is that of the dataset, and no merge."""
        return self.default_graph == "strict"


def load_settings(
    flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings; `flags` by name, None where a flag was not given.

    An empty variable counts as not set. Raises InvalidSetting.
    """
    flags = flags or {}
    environment = os.environ if environment is None else environment
    values = {}
    for name in (one.name for one in fields(Settings)):
        setting = BY_NAME[name]
        flag, variable = flags.get(name), environment.get(setting.variable)
        if flag is not None and setting.flag:
            values[name] = _read(setting, str(flag), setting.flag)
        elif variable:
            values[name] = _read(setting, variable, setting.variable)
    return Settings(**values)


def _read(setting: Setting, value: str, where: str) -> Any:
    try:
        return setting.read(value)
    except ValueError as error:
        shown = "its value" if setting.secret else repr(value)
        raise InvalidSetting(f"{where}: {shown} cannot be used: {error}") from None
