"""Runs of the boot script: on a new node, on the same node again, on a recycled host, and on a broken node."""

from pathlib import Path

import pytest

from components.cluster.boot_script import BootSettings
from tests.components.cluster.fake_node import FakeNode, fresh_node

SETTINGS = BootSettings(kubernetes_version="v1.36.1", gpu=True, nvme_drives=8, raid_level=10, rdma=True)


@pytest.fixture
def node(tmp_path: Path) -> FakeNode:
    return fresh_node(tmp_path)


def test_a_new_node_gets_an_array_its_mounts_and_joins_last(node: FakeNode):
    done = node.boot(SETTINGS)
    assert done.returncode == 0, done.stderr
    created = node.called("mdadm --create")
    assert len(created) == 1
    assert "--level=10" in created[0]
    assert created[0].endswith(" ".join(f"/dev/nvme{i}n1" for i in range(8)))
    assert len(node.called("mkfs.ext4")) == 1
    mounted = (node.state / "mounted").read_text().splitlines()
    assert [Path(where).relative_to(node.root).as_posix() for where in mounted] == [
        "mnt/nvme",
        "var/lib/containers",
        "var/lib/kubelet",
        "var/log/pods",
    ]
    assert node.calls[-1] == "oke bootstrap", "a node joins only when all else is in place"


def test_the_boot_disk_is_never_part_of_the_array(node: FakeNode):
    node.boot(SETTINGS)
    assert not [call for call in node.calls if "/dev/sda" in call]


def test_a_second_run_changes_nothing(node: FakeNode):
    node.boot(SETTINGS)
    node.forget()
    before = {file: file.read_text() for file in node.file("/etc").rglob("*") if file.is_file()}
    done = node.boot(SETTINGS)
    assert done.returncode == 0, done.stderr
    for start in ("mdadm --create", "mkfs.ext4", "wipefs", "oke", "systemctl stop", "systemctl restart"):
        assert not node.called(start), f"{start} on a node that is up"
    assert {file: file.read_text() for file in node.file("/etc").rglob("*") if file.is_file()} == before


def test_a_run_that_failed_can_be_repeated(node: FakeNode):
    node.break_command("oke")
    assert node.boot(SETTINGS).returncode == 1
    node.mend_command("oke")
    node.forget()
    done = node.boot(SETTINGS)
    assert done.returncode == 0, done.stderr
    assert not node.called("mkfs.ext4")
    assert node.calls[-1] == "oke bootstrap"
    assert not node.file("/var/lib/node-boot/failed").exists()


def test_a_recycled_host_keeps_its_data_and_drops_old_certificates(node: FakeNode):
    node.note("superblock", "ARRAY /dev/md/nvme UUID=1\n")
    node.note("superblock_level", "raid10\n")
    node.note("filesystem", "ext4\n")
    old = node.file("/var/lib/kubelet/pki/kubelet-client.pem")
    old.parent.mkdir(parents=True)
    old.write_text("of an earlier node")
    done = node.boot(SETTINGS)
    assert done.returncode == 0, done.stderr
    assert len(node.called("mdadm --assemble")) == 1
    for start in ("mdadm --create", "mkfs.ext4", "wipefs"):
        assert not node.called(start), f"{start} would lose weights that took an hour to fetch"
    assert not old.exists()


def test_certificates_of_a_node_that_has_joined_are_kept(node: FakeNode):
    node.boot(SETTINGS)
    certificate = node.file("/var/lib/kubelet/pki/kubelet-client.pem")
    certificate.parent.mkdir(parents=True, exist_ok=True)
    certificate.write_text("in use")
    node.boot(SETTINGS)
    assert certificate.exists()


def test_an_array_with_another_level_is_created_again(node: FakeNode):
    node.note("array", "raid10\n")
    node.note("filesystem", "ext4\n")
    raid0 = BootSettings(kubernetes_version="v1.36.1", gpu=True, nvme_drives=8, raid_level=0, rdma=True)
    done = node.boot(raid0)
    assert done.returncode == 0, done.stderr
    assert len(node.called("mdadm --stop")) == 1
    assert "--level=0" in node.called("mdadm --create")[0]
    assert len(node.called("mkfs.ext4")) == 1


def test_an_array_in_use_is_not_created_again(node: FakeNode):
    node.note("array", "raid0\n")
    node.note("filesystem", "ext4\n")
    node.note("in_use")
    assert node.boot(SETTINGS).returncode == 1
    assert "is of level raid0, not 10, and mounted" in node.console
    assert not node.called("mdadm --stop")


def test_a_foreign_file_system_is_not_touched(node: FakeNode):
    node.note("array", "raid10\n")
    node.note("filesystem", "xfs\n")
    done = node.boot(SETTINGS)
    assert done.returncode == 1
    assert "holds a xfs file system" in done.stderr
    assert not node.called("mkfs.ext4")


def test_a_partitioned_drive_is_not_touched(node: FakeNode):
    node.note("partitions", "part\n")
    assert node.boot(SETTINGS).returncode == 1
    assert not node.called("mdadm")
    assert not node.called("wipefs")


def test_a_node_with_a_missing_drive_does_not_join_and_says_so_on_the_console(node: FakeNode):
    node.note("drives", "7")
    done = node.boot(SETTINGS)
    assert done.returncode == 1
    assert "node-boot FAILED: found 7 of 8 NVMe drives" in node.console
    assert "found 7 of 8" in node.file("/var/lib/node-boot/failed").read_text()
    assert not node.called("oke")


def test_joining_is_tried_twenty_times_before_it_fails(node: FakeNode):
    node.break_command("oke")
    done = node.boot(SETTINGS)
    assert done.returncode == 1
    assert len(node.called("oke bootstrap")) == 20
    assert "gave up after 20 attempts: oke bootstrap" in node.console


def test_a_node_waits_for_its_certificate(node: FakeNode):
    node.break_command("curl")
    assert node.boot(SETTINGS).returncode == 1
    assert len(node.called("curl")) == 60
    assert not node.called("oke")


def test_an_image_without_packages_is_refused_unless_a_repository_is_named(node: FakeNode):
    (node.root / "bin/oke").unlink()
    done = node.boot(SETTINGS)
    assert done.returncode == 1
    assert "holds no packages for Kubernetes v1.36.1" in node.console
    assert not node.called("apt-get"), "nothing is fetched that nobody asked for"


@pytest.mark.parametrize("source", ["image", "repository"])
def test_packages_come_from_the_image_or_the_named_repository_by_version(node: FakeNode, source: str):
    (node.root / "bin/oke").unlink()
    url = "https://packages.example.com/kubernetes-1.36"
    settings = BootSettings(
        kubernetes_version="v1.36.1", gpu=True, nvme_drives=8, raid_level=10, rdma=True, node_packages_url=url
    )
    local = node.file("/opt/oke-node-client-packages/ubuntu-noble/kubernetes-1.36")
    if source == "image":
        (local / "dists").mkdir(parents=True)
    done = node.boot(settings)
    assert done.returncode == 0, done.stderr
    assert node.called("apt-get")[-1].endswith("install oci-oke-node-all-1.36.1")
    listed = node.file("/etc/apt/sources.list.d/oke-node-client.sources").read_text()
    assert f"URIs: {f'file://{local}' if source == 'image' else url}\n" in listed
    assert node.calls[-1] == "oke bootstrap"


def test_another_system_joins_by_the_init_script_that_oke_gives(tmp_path: Path):
    node = fresh_node(tmp_path, system="ol")
    (node.root / "bin/oke").unlink()
    done = node.boot(SETTINGS)
    assert done.returncode == 0, done.stderr
    assert node.calls[-1] == "joined by the init script"


def test_services_that_run_too_early_are_stopped_before_the_mounts(node: FakeNode):
    node.note("active/crio")
    node.boot(SETTINGS)
    stopped = node.calls.index("systemctl stop crio")
    mounted = next(i for i, call in enumerate(node.calls) if call.startswith("systemctl enable"))
    assert stopped < mounted


def test_kubelet_and_runtime_stay_down_without_the_mounts(node: FakeNode):
    node.boot(SETTINGS)
    for service in ("kubelet", "crio"):
        unit = node.file(f"/etc/systemd/system/{service}.service.d/10-nvme.conf").read_text()
        assert "RequiresMountsFor=" in unit


def test_rdma_needs_locked_memory_and_routes_left_alone(node: FakeNode):
    node.boot(SETTINGS)
    assert "memlock=-1:-1" in node.file("/etc/crio/crio.conf.d/12-memlock.conf").read_text()
    assert "ManageForeignRoutes=no" in node.file("/etc/systemd/networkd.conf.d/10-rdma.conf").read_text()
