"""The steps of the boot script whose failure must end it, for both kinds of GPU nodes."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from components.cluster.boot_script import BootSettings
from tests.components.cluster.fake_node import FakeNode

GPU_NODE = BootSettings(kubernetes_version="v1.36.1", gpu=True, nvme_drives=8, rdma=True)
SELF_MANAGED = replace(GPU_NODE, self_managed=True, kubelet_arguments=True)
BOTH: Mapping[str, BootSettings] = MappingProxyType({"managed": GPU_NODE, "cluster-network": SELF_MANAGED})
"""The script of each mode of a GPU pool."""

FAILURES = [
    ("lsblk", 1, "found 0 of 8 NVMe drives"),
    ("mdadm", 1, "mdadm --create"),
    ("wipefs", 1, "wipefs --all"),
    ("udevadm", 1, "udevadm settle"),
    ("mkfs.ext4", 1, "mkfs.ext4"),
    ("blkid.TYPE", 4, "could not be read: blkid, exit 4"),
    ("blkid.TYPE", 8, "could not be read: blkid, exit 8"),
    ("blkid.UUID", 2, "blkid --match-tag UUID"),
    ("systemd-escape", 1, "systemd-escape"),
    ("systemctl.daemon-reload", 1, "systemctl daemon-reload"),
    ("systemctl.enable", 1, "systemctl enable"),
    ("mountpoint", 32, "is not mounted"),
    ("sysctl", 255, "sysctl --quiet"),
    ("oci-growfs", 1, "could not grow over its boot volume: oci-growfs, exit 1"),
    ("curl.cert.pem", 22, "gave up after 60 attempts: certificate_is_there"),
]
"""A command, or its calls with one word; its exit status; and a part of the line that says which step failed."""

JOINING: Mapping[str, list[tuple[str, int, str]]] = MappingProxyType(
    {
        "managed": [("oke", 1, "gave up after 20 attempts: oke bootstrap")],
        "cluster-network": [
            ("oke", 1, "gave up after 20 attempts: oke_bootstrap"),
            ("curl.apiserver_host", 22, "gave up after 20 attempts: oke_bootstrap"),
            ("curl.cluster_ca_cert", 22, "gave up after 20 attempts: oke_bootstrap"),
            ("curl.kubelet-extra-args", 22, "gave up after 20 attempts: oke_bootstrap"),
        ],
    }
)
"""The last step, by mode."""

STEPS = [(mode, *step) for mode in BOTH for step in [*FAILURES, *JOINING[mode]]]
"""Every mode with every step."""


def equip(node: FakeNode) -> FakeNode:
    """Give a node a tool that grows its root, and the metadata of a self-managed node."""
    node.give("/usr/libexec/oci-growfs")
    node.note("apiserver_host", "10.0.1.5")
    node.note("cluster_ca_cert", "Y2E=")
    node.note("kubelet-extra-args", "--v=2")
    return node
