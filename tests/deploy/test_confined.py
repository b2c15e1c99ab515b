"""The container and the unit: what can be tried of them without either."""

import configparser
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from service.settings import SETTINGS, Settings
from tests.deploy.containerfile import copied, instructions, of
from tests.deploy.filtered import calls_of
from tests.docs.markdown import ROOT, blocks
from tests.house.checkout import PACKAGES, PYPROJECT
from tests.service.conftest import command_environment
from tests.service.dataset import publish

UNIT = ROOT / "deploy" / "therascape.service"
USER = 10001
TOKEN = "a-token-of-more-than-twenty-characters"
VARIABLES = {setting.variable for setting in SETTINGS}
MEMORY = "SELECT (GROUP_CONCAT(?x) AS ?y) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i BIND(STR(?a) AS ?x) }"


@contextmanager
def _started(command: Sequence[str], **environment: str) -> Iterator[str]:
    """Run a service; give its address; it has to end well."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = ""
        while not (found := re.search(r"is on (http://\S+)/ ", said)):
            line = process.stdout.readline()
            assert line, said + process.communicate()[1]
            said += line
        yield found[1].replace("0.0.0.0", "127.0.0.1")
    finally:
        process.send_signal(signal.SIGTERM)
        errors = process.communicate(timeout=20)[1]
    assert process.returncode == 0, errors
    assert not [line for line in errors.splitlines() if json.loads(line)["level"] == "error"]


def _status(address: str, query: str) -> int:
    try:
        with urllib.request.urlopen(f"{address}/sparql?query={quote(query)}", timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def _written(address: str) -> int:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/sparql-update"}
    text = b"INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }"
    request = urllib.request.Request(f"{address}/sparql", text, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return int(answer.status)


def _unit() -> list[tuple[str, str]]:
    """The lines of the unit, with those for tokens, which are comments at first."""
    text = re.sub(
        r"^#(?=LoadCredential|Environment)", "", UNIT.read_text("utf-8"), flags=re.MULTILINE
    )
    lines = text.splitlines()
    pairs = [line.partition("=") for line in lines if "=" in line and not line.startswith("#")]
    return [(name, value) for name, _, value in pairs]


def _variables(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    named = (value.partition("=") for name, value in pairs if name == "Environment")
    return {name: value for name, _, value in named}


def test_the_bases_are_pinned_and_the_user_is_nobody_else() -> None:
    assert all(re.search(r":\d+\.\d+-slim-\w+(?: AS \w+)?$", base) for base in of("FROM"))
    assert of("USER") == [f"{USER}:{USER}"]
    assert int(of("USER")[0].split(":")[0]) > 0
    supported = PYPROJECT["project"]["classifiers"]
    for base in of("FROM"):
        version = re.findall(r"python:(\d+\.\d+)", base)[0]
        assert f"Programming Language :: Python :: {version}" in supported


def test_all_that_is_copied_is_there_and_all_that_is_needed_is_copied() -> None:
    missing = [name for name in copied() if not (ROOT / name).exists()]
    assert missing == []
    hatch = {"pyproject.toml", "hatch_build.py", "web/", PYPROJECT["project"]["readme"]}
    needed = {f"{name}/" for name in PACKAGES} | hatch | set(PYPROJECT["project"]["license-files"])
    assert needed <= set(copied())
    for text in of("RUN"):
        for name in re.findall(r"requirements/\S+", text):
            assert (ROOT / name).is_file()


def test_settings_of_container_and_unit_are_settings() -> None:
    in_container = set(re.findall(r"(THERASCAPE_\w+)=", " ".join(of("ENV"))))
    in_unit = {name for name in _variables(_unit()) if name.startswith("THERASCAPE_")}
    assert in_container | in_unit <= VARIABLES
    assert {i.name for i in instructions()} >= {"HEALTHCHECK", "VOLUME", "USER", "STOPSIGNAL"}


@pytest.mark.exhaustive
@pytest.mark.timeout(600)
def test_the_wheel_is_built_from_what_is_copied(tmp_path: Path) -> None:
    """The last step of the first stage, from what the steps before it copied."""
    source = tmp_path / "source"
    for name in copied():
        whole = ROOT / name
        if whole.is_dir():
            leave = shutil.ignore_patterns("__pycache__", "node_modules")
            shutil.copytree(whole, source / name, symlinks=True, ignore=leave)
        else:
            shutil.copy(whole, source / name)
    step = of("RUN", 0)[-1].split(" && ")[0]
    assert step.startswith("/build/bin/python -m hatchling build")
    command = step.replace("/build/bin/python", sys.executable).replace("/wheel", f"{tmp_path}/w")
    subprocess.run(command.split(), cwd=source, check=True, capture_output=True)
    (wheel,) = (tmp_path / "w").glob("*.whl")
    environment = tmp_path / "environment"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--no-deps", "--target", environment, wheel],
        check=True,
        capture_output=True,
    )
    assert (environment / "service" / "documents" / "service.md").is_file()


#: A file system that is read-only but for the volume and /tmp, and a user without any right.
CONFINED = """
set -e
mount --make-rprivate /
if [ -n "$HIDDEN" ]; then
    mount --bind "$BASE" "$SCRATCH/base"
    mount -t tmpfs -o mode=755 tmpfs "$HIDDEN"
    mkdir -p "$BASE"
    mount --bind "$SCRATCH/base" "$BASE"
    mount -o remount,ro "$HIDDEN"
fi
mount --bind "$VOLUME" "$VOLUME"
mount -t tmpfs -o mode=1777 tmpfs "$SCRATCH/tmp"
mount -o remount,ro,bind /
if touch "$SCRATCH/writable" 2>/dev/null; then exit 9; fi
exec setpriv --reuid "$UID_" --regid "$UID_" --clear-groups --no-new-privs --bounding-set=-all \
    --inh-caps=-all "$@"
"""


@contextmanager
def _volume() -> Iterator[Path]:
    """A folder that the user of the container owns, and may reach."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for part in ("volume", "tmp", "base"):
            (folder / part).mkdir()
        publish(folder / "volume")
        for path in (folder / "volume", *(folder / "volume").rglob("*")):
            os.chown(path, USER, USER, follow_symlinks=False)
        yield folder


def test_it_runs_as_nobody_on_a_file_system_that_is_read_only() -> None:
    if os.geteuid() or not (shutil.which("unshare") and shutil.which("setpriv")):
        pytest.skip("needs root, unshare and setpriv")
    if subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mount namespace can be had here")
    base = Path(sys.base_prefix)
    top = Path("/", base.parts[1])
    hidden = "" if top.stat().st_mode & 0o005 == 0o005 else str(top)
    with _volume() as folder:
        outside = {
            "SCRATCH": str(folder),
            "VOLUME": str(folder / "volume"),
            "TMPDIR": str(folder / "tmp"),
            "XDG_CACHE_HOME": str(folder / "tmp"),
            "HOME": str(folder / "volume"),
            "HIDDEN": hidden,
            "BASE": str(base),
            "UID_": str(USER),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        environment = command_environment(folder / "volume") | outside
        command = (sys.executable, "-m", "service", "serve", "--port", "0")
        confined = ("unshare", "-m", "sh", "-c", CONFINED, "sh", *command)
        with _started(confined, **environment) as address:
            assert _status(address, "ASK {}") == 200
            _healthy(address)
        assert (folder / "volume" / "log" / "queries.jsonl").stat().st_uid == USER


def _healthy(address: str) -> None:
    """Ask as HEALTHCHECK has it."""
    (text,) = of("HEALTHCHECK")
    check = json.loads(text.partition("CMD ")[2])
    assert "http://127.0.0.1:8000" in check[2]
    check[0], check[2] = sys.executable, check[2].replace("http://127.0.0.1:8000", address)
    assert subprocess.run(check, check=False).returncode == 0
    check[2] = check[2].replace("/ready", "/no/such/place")
    assert subprocess.run(check, check=False, capture_output=True).returncode != 0


def test_the_unit_gives_the_service_time_to_stop() -> None:
    unit = dict(_unit())
    assert int(unit["TimeoutStopSec"]) > Settings().stop_seconds
    assert unit["Restart"] == "on-failure"
    strict = configparser.ConfigParser(strict=False, interpolation=None)
    strict.optionxform = str  # type: ignore[assignment,method-assign]
    strict.read(UNIT, "utf-8")
    assert strict.sections() == ["Unit", "Service", "Install"]
    for name, value in (("ProtectSystem", "strict"), ("NoNewPrivileges", "yes")):
        assert strict["Service"][name] == value


def test_the_command_of_the_unit_runs_under_its_filter(tmp_path: Path) -> None:
    """ExecStart with the variables, credentials, umask and system calls of the unit."""
    pairs = _unit()
    unit = dict(pairs)
    data, credentials = tmp_path / "data", tmp_path / "credentials"
    publish(data)
    credentials.mkdir()
    for name, value in pairs:
        if name == "LoadCredential":
            (credentials / value.partition(":")[0]).write_text(f"somebody {TOKEN}\n")
    environment = {
        name: value.replace("%d", str(credentials)).replace("/var/lib/therascape", str(data))
        for name, value in _variables(pairs).items()
    }
    program, *arguments = unit["ExecStart"].split()
    assert program.endswith("/bin/therascape")
    command = [sys.executable, "-m", "service", *arguments, "--port", "0"]
    analyze = shutil.which("systemd-analyze")
    if analyze and Path("/proc/self/status").is_file() and os.uname().sysname == "Linux":
        names = tmp_path / "names"
        allowed = [calls_of(group, analyze) for group in unit["SystemCallFilter"].split()]
        names.write_text("\n".join(sorted(set[str]().union(*allowed))))
        command = [sys.executable, "-m", "tests.deploy.filtered", str(names), *command]
    outside = command_environment(data) | environment | {"XDG_CACHE_HOME": str(tmp_path)}
    with _started([*command, "--worker-memory", "128"], **outside) as address:
        assert _written(address) == 204
        assert _status(address, "SELECT * { ?s ?p ?o }") == 200
        assert _status(address, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }") == 403
        assert _status(address, MEMORY) in (200, 507)
        assert _status(address, "ASK {} # again") == 200


def _drop_in() -> str:
    """The drop-in of the page that lets a database on another host be reached."""
    (block,) = [
        one.text
        for one in blocks(ROOT / "docs" / "deploy.md")
        if one.language == "ini" and "IPAddressAllow" in one.text
    ]
    return block


def test_what_the_unit_keeps_from_being_reached_is_said_with_the_remedy() -> None:
    unit = _unit()
    assert ("IPAddressDeny", "any") in unit
    text = UNIT.read_text("utf-8")
    for flag in ("--engine", "--follow"):
        assert f"({flag})" in text
        assert f"`{flag}`" in (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert re.search(r"^#   IPAddressAllow=", text, re.MULTILINE)
    strict = configparser.ConfigParser(strict=False, interpolation=None)
    strict.read_string(_drop_in())
    assert strict.sections() == ["Service"]


def test_every_secret_of_the_service_can_come_as_a_credential() -> None:
    credentials = {value.partition(":")[0] for name, value in _unit() if name == "LoadCredential"}
    given = {
        value.removeprefix("%d/") for value in _variables(_unit()).values() if value[:3] == "%d/"
    }
    assert given == credentials
    assert {f"{setting.variable}_FILE" for setting in SETTINGS if setting.secret} == {
        name for name, value in _variables(_unit()).items() if value[:3] == "%d/"
    }


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not here")
    unit = tmp_path / UNIT.name
    shutil.copy(UNIT, unit)
    beside = tmp_path / f"{UNIT.name}.d"
    beside.mkdir()
    (beside / "override.conf").write_text(_drop_in())
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(unit)],
        env=dict(os.environ) | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        check=False,
        capture_output=True,
        text=True,
    )
    names = (UNIT.name, "override.conf")
    told = (done.stdout + done.stderr).splitlines()
    said = [line for line in told if any(name in line for name in names)]
    assert [line for line in said if "is not executable" not in line] == []
    shown = subprocess.run(
        [analyze, "security", "--offline=true", "--threshold=20", "--no-pager", str(UNIT)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert shown.returncode == 0, shown.stdout[-300:]
