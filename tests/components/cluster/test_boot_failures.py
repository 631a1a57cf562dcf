"""Everything that the boot script uses fails in turn. The node does not join, says why, and recovers on the next
run."""

from pathlib import Path

import pytest

from components.cluster.boot_script import BootSettings
from tests.components.cluster.boot_steps import BOTH, GPU_NODE, STEPS, equip
from tests.components.cluster.fake_node import FakeNode, fresh_node

pytestmark = pytest.mark.prove

CPU_NODE = BootSettings(kubernetes_version="v1.36.1")


@pytest.fixture
def node(tmp_path: Path) -> FakeNode:
    return equip(fresh_node(tmp_path))


@pytest.mark.parametrize(("mode", "command", "status", "said"), STEPS)
def test_a_gpu_node_does_not_join_says_why_and_recovers(
    node: FakeNode, mode: str, command: str, status: int, said: str
):
    settings = BOTH[mode]
    node.break_command(command, status)
    assert node.boot(settings).returncode == 1
    assert "node-boot FAILED" in node.console
    assert said in node.console
    assert said in node.file("/var/lib/node-boot/failed").read_text()
    assert not node.joined
    node.mend_command(command)
    node.forget()
    healed = node.boot(settings)
    assert healed.returncode == 0, healed.stderr
    assert node.joined
    assert node.calls[-1].startswith("oke bootstrap")
    assert not node.file("/var/lib/node-boot/failed").exists()
    written = {file.suffix for file in node.file("/etc/systemd").rglob("*") if file.is_file()}
    assert written == {".conf", ".mount"}, "a file half written"


@pytest.mark.parametrize("status", [4, 8])
def test_an_array_that_cannot_be_read_is_never_formatted(node: FakeNode, status: int):
    node.note("array", "raid10\n")
    node.note("filesystem", "ext4\n")
    node.break_command("blkid.TYPE", status)
    assert node.boot(GPU_NODE).returncode == 1
    assert not node.called("mkfs.ext4")


OKE_SCRIPT = [
    ("curl.oke_init_script", "gave up after 20 attempts: fetch_init_script"),
    ("joined", "gave up after 20 attempts: bash"),
]


@pytest.mark.parametrize(("command", "said"), OKE_SCRIPT)
def test_a_cpu_node_with_oracle_linux_does_not_join_says_why_and_recovers(
    tmp_path: Path, command: str, said: str
):
    node = fresh_node(tmp_path, system="ol")
    (node.root / "bin/oke").unlink()
    node.break_command(command)
    assert node.boot(CPU_NODE).returncode == 1
    assert said in node.console
    assert not node.joined
    node.mend_command(command)
    healed = node.boot(CPU_NODE)
    assert healed.returncode == 0, healed.stderr
    assert node.calls[-1] == "joined by the init script"
    assert node.joined


def test_a_cpu_node_grows_first_and_touches_no_drive(node: FakeNode):
    done = node.boot(CPU_NODE)
    assert done.returncode == 0, done.stderr
    assert node.calls == [
        "oci-growfs -y",
        next(call for call in node.calls if call.startswith("curl")),
        "oke bootstrap",
    ]


@pytest.mark.parametrize("status", [0, 1])
def test_a_root_that_has_already_grown_does_not_stop_a_node(node: FakeNode, status: int):
    tool = node.file("/usr/libexec/oci-growfs")
    tool.write_text(
        f"#!/bin/sh\necho 'NOCHANGE: partition 3 is size 209713119. it cannot be grown'\nexit {status}\n"
    )
    done = node.boot(CPU_NODE)
    assert done.returncode == 0, done.stderr
    assert node.joined


def test_the_kernel_is_asked_for_the_size_of_the_disk_before_it_grows(node: FakeNode):
    disk, rescan = node.file("/dev/sda"), node.file("/sys/class/block/sda/device/rescan")
    for file in (disk, rescan):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    link = node.file("/dev/oracleoci/oraclevda")
    link.parent.mkdir()
    link.symlink_to("../sda")
    done = node.boot(CPU_NODE)
    assert done.returncode == 0, done.stderr
    assert rescan.read_text() == "1\n"


def test_an_image_without_the_tool_needs_no_growth(tmp_path: Path):
    node = fresh_node(tmp_path)
    assert node.boot(CPU_NODE).returncode == 0
    assert not node.called("oci-growfs")


def test_an_operating_system_that_oke_does_not_support_is_named(tmp_path: Path):
    node = fresh_node(tmp_path, system="debian")
    (node.root / "bin/oke").unlink()
    assert node.boot(CPU_NODE).returncode == 1
    assert "debian joins no cluster of OKE: use an image of Oracle Linux or Ubuntu" in node.console


def test_the_kernel_of_gpu_nodes_does_not_move_pages(node: FakeNode):
    node.boot(GPU_NODE)
    settings = node.file("/etc/sysctl.d/90-numa-balancing.conf")
    assert settings.read_text() == "kernel.numa_balancing = 0\n"
    assert node.called("sysctl") == [f"sysctl --quiet --ignore --load={settings}"]


def test_the_kernel_settings_of_cpu_nodes_do_not_change(node: FakeNode):
    node.boot(CPU_NODE)
    assert not node.called("sysctl")
    assert not node.file("/etc/sysctl.d").exists()
