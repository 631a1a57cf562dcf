"""A repository of OKE's node packages, and the real apt and dpkg, which install from it below a node's root."""

import shutil
import subprocess
from pathlib import Path

from tests.components.cluster.fake_node import FakeNode
from tests.support.system_tools import tool

APT_CONFIGURATION = """\
Dir "{root}";
Dir::Bin::methods "/usr/lib/apt/methods";
Dir::Bin::dpkg "{root}/bin/dpkg";
Dir::State::status "{root}/var/lib/dpkg/status";
APT::Architecture "amd64";
APT::Architectures {{ "amd64"; }};
APT::Sandbox::User "";
Dir::Log "{root}/var/log/apt";
"""
"""Apt reads this configuration first, and then reads nothing of the machine on which the test runs."""

DPKG = """\
#!/bin/sh
exec /usr/bin/dpkg --root={root} --force-not-root --force-script-chrootless --force-architecture --log=/dev/null "$@"
"""


def give_apt(node: FakeNode) -> None:
    """Put the real apt and dpkg into a node without `oke`."""
    (node.root / "bin/oke").unlink()
    for folder in (
        "etc/apt/apt.conf.d",
        "etc/apt/preferences.d",
        "etc/apt/sources.list.d",
        "var/lib/apt/lists/partial",
        "var/cache/apt/archives/partial",
        "var/lib/dpkg/info",
        "var/lib/dpkg/updates",
        "var/lib/dpkg/triggers",
        "var/log/apt",
    ):
        node.file(folder).mkdir(parents=True)
    for file in ("status", "available"):
        node.file(f"/var/lib/dpkg/{file}").write_text("")
    configuration = node.file("/etc/apt/apt.conf")
    configuration.write_text(APT_CONFIGURATION.format(root=node.root))
    dpkg = node.file("/bin/dpkg")
    dpkg.write_text(DPKG.format(root=node.root))
    dpkg.chmod(0o755)
    for name in ("apt-get", "apt-cache"):
        command = node.file(f"/bin/{name}")
        command.write_text(
            f'#!/bin/sh\necho "{name} $*" >>"$NOTES/calls"\n'
            f'APT_CONFIG={configuration} exec {tool(name)} "$@"\n'
        )


def build_package(
    work: Path, name: str, version: str, *, depends: str = "", command: str | None = None
) -> Path:
    """A Debian package, with or without a command in /usr/bin. The current user owns its files, so dpkg does not need
    root."""
    content = work / f"{name}-{version}"
    control = content / "DEBIAN/control"
    control.parent.mkdir(parents=True)
    needs = f"Depends: {depends}\n" if depends else ""
    control.write_text(
        f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: none <none@example.com>\n"
        f"{needs}Description: for a test\n"
    )
    if command is not None:
        binary = content / "usr/bin" / command
        binary.parent.mkdir(parents=True)
        binary.write_text(f'#!/bin/sh\necho "{command} $*" >>"$NOTES/calls"\n')
        binary.chmod(0o755)
    built = work / f"{name}_{version}_all.deb"
    subprocess.run([tool("dpkg-deb"), "--build", str(content), str(built)], check=True, capture_output=True)
    return built


def publish(folder: Path, packages: list[Path]) -> None:
    """Create an apt repository of the packages: suite `stable`, component `main`."""
    index = folder / "dists/stable/main/binary-amd64"
    (folder / "pool").mkdir(parents=True)
    index.mkdir(parents=True)
    for package in packages:
        shutil.copy(package, folder / "pool" / package.name)
    listed = subprocess.run(
        [tool("dpkg-scanpackages"), "--multiversion", "pool"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    (index / "Packages").write_text(listed.stdout)
    # The Release file has no checksums. Apt accepts it only because the source has `Trusted: yes`.
    (folder / "dists/stable/Release").write_text(
        f"Suite: stable\nComponents: main\nArchitectures: amd64\nMD5Sum:\nSHA256:\n {_sum(index / 'Packages')}\n"
    )


def _sum(packages: Path) -> str:
    digest = subprocess.run(
        [tool("sha256sum"), str(packages)], check=True, capture_output=True, text=True
    ).stdout.split()[0]
    return f"{digest} {packages.stat().st_size} main/binary-amd64/Packages"
