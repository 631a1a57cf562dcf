"""Programs that tests and linters need and that no Python package contains."""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
"""Programs of the project's Python environment."""

TOOLS = ROOT / ".tools" / "bin"


@dataclass(frozen=True)
class SystemTool:
    """A program, its Debian package or its Go package, and what needs it."""

    name: str
    needed_by: str
    debian: str = ""
    go: str = ""
    unpacked: str = ""
    """Path of the program in its Debian package, if only that file is wanted: installing it would start a service."""
    called: str = ""
    """Name of the installed program, if it is another: it chooses what it does by the name that it is started with."""
    data: str = ""
    """Path of a folder of the package that the program reads at this place and nowhere else."""
    others: tuple[str, ...] = ()
    """Other programs that do the same, if the first is not there."""


CLOUD_INIT = SystemTool("cloud-init", "the boot scripts' schema tests", debian="cloud-init")
PROMTOOL = SystemTool(
    "promtool", "the tests of the alert rules", debian="prometheus", unpacked="usr/bin/promtool"
)
"""Debian's 2.42: Prometheus 3 from its Go module takes seven minutes of processor to build."""
REDIS = SystemTool(
    "redis-server",
    "the tests of the limits with a real Redis",
    debian="redis-tools",
    called="redis-check-rdb",
)
"""Debian's 7.0. The package of the tools has the server under another name, and starts no service."""
PROMETHEUS = SystemTool(
    "prometheus", "the alert rules in a real Prometheus", debian="prometheus", unpacked="usr/bin/prometheus"
)
ALERTMANAGER = SystemTool(
    "prometheus-alertmanager",
    "the delivery of alerts",
    debian="prometheus-alertmanager",
    unpacked="usr/bin/prometheus-alertmanager",
    data="usr/share/prometheus/alertmanager",
)
AMTOOL = SystemTool(
    "amtool", "the routes of alerts", debian="prometheus-alertmanager", unpacked="usr/bin/amtool"
)
"""Debian's 0.25: amtool 0.34 from its Go module takes more than a minute of processor to build."""
CHROMIUM = SystemTool(
    "chromium-headless-shell",
    "the report's page in a browser",
    debian="chromium-headless-shell",
    others=("chromium", "chromium-browser", "google-chrome"),
)
"""Debian's only: Ubuntu has Chromium as a snap, but the runners of GitHub have Google Chrome."""
WATCHING = [PROMTOOL, PROMETHEUS, ALERTMANAGER, AMTOOL]
ACTIONLINT = SystemTool(
    "actionlint", "the workflows in `make lint`", go="github.com/rhysd/actionlint/cmd/actionlint"
)


def with_tools_on_path() -> dict[str, str]:
    """The environment with the project's own tools first on PATH, then those of its Python environment."""
    own = [str(TOOLS), str(BIN)]
    return os.environ | {"PATH": os.pathsep.join([*own, os.environ.get("PATH", "")])}


def find(tool: SystemTool) -> str | None:
    """Path of a tool, or None."""
    if tool.data and not Path("/", tool.data).exists():
        return None
    places = with_tools_on_path()["PATH"]
    return next(filter(None, (shutil.which(name, path=places) for name in (tool.name, *tool.others))), None)


def ensure(tools: list[SystemTool]) -> list[SystemTool]:
    """Install missing tools where the user may do that. Returns the tools that are still missing."""
    missing = [tool for tool in tools if find(tool) is None]
    for tool in missing:
        if tool.go and shutil.which("go"):
            _build(tool)
    if shutil.which("apt-get") and shutil.which("dpkg-deb"):
        for package in sorted({tool.debian for tool in missing if tool.unpacked}):
            _unpack(package, [tool for tool in missing if tool.debian == package])
    packages = [tool.debian for tool in missing if tool.debian and not tool.unpacked]
    if packages and _may_install():
        print(f"installing {' '.join(packages)} from Debian's packages", flush=True)
        _quietly(["apt-get", "update", "-qq"])
        _quietly(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages])
    for tool in missing:
        if tool.called:
            _link(tool)
    return [tool for tool in tools if find(tool) is None]


def report_left_out(tools: list[SystemTool]) -> int:
    """Report the checks that are left out. Returns 1 in CI, where that is a failure, else 0."""
    status = 0
    for tool in tools:
        how = f"apt-get install {tool.debian}" if tool.debian else "install Go"
        status |= left_out(tool.needed_by, f"{tool.name} is missing ({how})")
    return status


def left_out(what: str, why: str) -> int:
    """Report a check that is left out, and why. Returns 1 in CI, where that is a failure, else 0."""
    print(f"left out: {what}, because {why}", file=sys.stderr)
    return int(os.environ.get("CI") == "true")


def _build(tool: SystemTool) -> None:
    print(f"building {tool.name} from its pinned Go module", flush=True)
    TOOLS.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"GOFLAGS": "-mod=readonly -buildvcs=false", "GOWORK": "off"}
    _quietly(["go", "build", "-o", str(TOOLS / tool.name), tool.go], ROOT / "tools" / "go", environment)


def _unpack(package: str, tools: list[SystemTool]) -> None:
    """Take programs out of a Debian package. Needs no root if the list of packages is current."""
    print(
        f"unpacking {' and '.join(each.name for each in tools)} from Debian's package {package}", flush=True
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if _may_install():
            _quietly(["apt-get", "update", "-qq"])
        _quietly(["apt-get", "download", "-qq", package], folder)
        for file in folder.glob("*.deb"):
            _quietly(["dpkg-deb", "-x", str(file), name])
        for tool in tools:
            found = folder / tool.unpacked
            if found.exists():
                TOOLS.mkdir(parents=True, exist_ok=True)
                shutil.copy2(found, TOOLS / tool.name)
            if tool.data and _may_install():
                shutil.copytree(folder / tool.data, Path("/", tool.data), dirs_exist_ok=True)


def _link(tool: SystemTool) -> None:
    installed, link = shutil.which(tool.called), TOOLS / tool.name
    if installed is not None:
        TOOLS.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(installed)


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _quietly(command: list[str], folder: Path = ROOT, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command, cwd=folder, env=environment or os.environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(f"{' '.join(command)} failed:\n{done.stderr.strip()}", file=sys.stderr)
