"""The boot script with the real apt and dpkg, and repositories that are complete, incomplete, broken or unreachable."""

from pathlib import Path

import pytest

from components.cluster.boot_script import BootSettings
from tests.components.cluster.fake_node import FakeNode, fresh_node
from tests.components.cluster.fake_repository import build_package, give_apt, publish

CPU_NODE = BootSettings(kubernetes_version="v1.36.1")
PACKAGE = "oci-oke-node-all-1.36.1"
IN_IMAGE = "/opt/oke-node-client-packages/ubuntu-noble/kubernetes-1.36"
OUT_OF_REACH = "deb [trusted=yes] http://127.0.0.1:9/ubuntu noble main\n"


@pytest.fixture
def node(tmp_path: Path) -> FakeNode:
    """An Ubuntu node without `oke`, with unreachable sources of its own."""
    made = fresh_node(tmp_path / "node")
    give_apt(made)
    made.file("/etc/apt/sources.list").write_text(OUT_OF_REACH)
    return made


def packages(tmp_path: Path, *, depends: str = "", command: str | None = "oke") -> list[Path]:
    """The meta package and the client package, as in OKE's repository."""
    return [
        build_package(
            tmp_path, PACKAGE, "1.36.1-1", depends="oci-oke-node-client" + (depends and f", {depends}")
        ),
        build_package(tmp_path, "oci-oke-node-client", "1.36.1-1", command=command),
    ]


def test_a_node_joins_even_if_only_the_repository_of_oke_is_reachable(node: FakeNode, tmp_path: Path):
    publish(node.file(IN_IMAGE), packages(tmp_path))
    done = node.boot(CPU_NODE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "127.0.0.1" not in done.stdout + done.stderr, "a source that nobody needs is not even tried"
    assert node.calls[-1] == "oke bootstrap"
    assert node.joined


def test_a_repository_is_read_from_the_address_given(node: FakeNode, tmp_path: Path):
    publish(tmp_path / "mirror", packages(tmp_path))
    settings = BootSettings(
        kubernetes_version="v1.36.1", gpu=True, node_packages_url=f"file://{tmp_path}/mirror"
    )
    done = node.boot(settings)
    assert done.returncode == 0, done.stdout + done.stderr
    assert node.joined


def test_a_missing_version_is_reported_at_once(node: FakeNode, tmp_path: Path):
    other = build_package(tmp_path, "oci-oke-node-all-1.36.0", "1.36.0-1", command="oke")
    publish(node.file(IN_IMAGE), [other])
    assert node.boot(CPU_NODE).returncode == 1
    assert f"FAILED: file://{node.file(IN_IMAGE)} holds no package {PACKAGE}" in node.console
    assert not node.called("sleep"), "twenty attempts do not bring a package"
    assert not node.joined


def test_dependencies_from_other_sources_are_fetched_if_the_sources_respond(node: FakeNode, tmp_path: Path):
    publish(node.file(IN_IMAGE), packages(tmp_path, depends="conntrack"))
    publish(tmp_path / "ubuntu", [build_package(tmp_path, "conntrack", "1.4-1")])
    node.file("/etc/apt/sources.list").write_text(
        f"{OUT_OF_REACH}deb [trusted=yes] file://{tmp_path}/ubuntu stable main\n"
    )
    done = node.boot(CPU_NODE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "needs more than OKE's source" in done.stdout
    assert node.joined


def test_a_missing_dependency_fails_and_recovers(node: FakeNode, tmp_path: Path):
    publish(node.file(IN_IMAGE), packages(tmp_path, depends="conntrack"))
    assert node.boot(CPU_NODE, attempts=2).returncode == 1
    assert "gave up after 2 attempts: try_install" in node.console
    assert not node.joined
    publish(tmp_path / "ubuntu", [build_package(tmp_path, "conntrack", "1.4-1")])
    node.file("/etc/apt/sources.list").write_text(f"deb [trusted=yes] file://{tmp_path}/ubuntu stable main\n")
    done = node.boot(CPU_NODE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert node.joined


@pytest.mark.parametrize("broken", ["index", "package"])
def test_a_node_does_not_join_with_a_broken_repository_until_it_is_fixed(
    node: FakeNode, tmp_path: Path, broken: str
):
    built, mirror = packages(tmp_path), tmp_path / "mirror"
    publish(mirror, built)
    spoilt = {
        "index": mirror / "dists/stable/main/binary-amd64/Packages",
        "package": mirror / "pool" / built[1].name,
    }[broken]
    whole = spoilt.read_bytes()
    spoilt.write_bytes(whole.replace(b"1.36", b"1.63") + b"?")
    settings = BootSettings(kubernetes_version="v1.36.1", gpu=True, node_packages_url=f"file://{mirror}")
    assert node.boot(settings, attempts=2).returncode == 1
    assert "gave up after 2 attempts: try_install" in node.console
    assert not node.joined
    spoilt.write_bytes(whole)
    healed = node.boot(settings)
    assert healed.returncode == 0, healed.stdout + healed.stderr
    assert node.joined


def test_a_package_without_the_command_is_named(node: FakeNode, tmp_path: Path):
    publish(node.file(IN_IMAGE), packages(tmp_path, command=None))
    assert node.boot(CPU_NODE).returncode == 1
    assert "is installed and brought no command oke" in node.console
    assert not node.joined
