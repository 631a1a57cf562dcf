"""The boot script of nodes, as instance metadata.

What it does, in order: the root file system grown over its boot volume; on GPU nodes the kernel's memory settings, a
RAID array over the local NVMe drives with the container, kubelet and log folders on it, the runtime's and the
network's settings that RDMA needs; joining the cluster. It is embedded whole and checked by its SHA-256 before it
runs; it fetches nothing but OKE's node package, and that by its version. Facts: oci-hpc-oke; Oracle's reference of
the OCI utilities (oci-growfs) and its page on cloud-init scripts of managed nodes (`oke_init_script`); AMD's guide to
MI300X (numa_balancing).
"""

import base64
import gzip
import hashlib
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2

from facts.kubernetes import INSTANCE_METADATA_BYTES, minor_of
from facts.problem import Problem

SCRIPT_PATH = "/usr/local/sbin/node-boot"
NVME_MOUNT = "/mnt/nvme"
"""Where the array is mounted on the node; weights are staged below it."""

ENGINE_CACHE = f"{NVME_MOUNT}/engine-cache"
"""Folder for what engines compile at a first start. A local volume needs it to exist."""

WEIGHTS = f"{NVME_MOUNT}/weights"
"""Folder that the agents of weights keep. So does theirs."""

BOUND_FOLDERS = ("/var/lib/containers", "/var/lib/kubelet", "/var/log/pods")

OKE_METADATA_BYTES = 12_000
"""Room left for what OKE itself puts into a node's metadata. Oracle gives no figure: this is an assumption."""

CHUNK_KIB = 256
BLOCK_KIB = 4
SHORT_NAMES_REFUSED_SINCE = (1, 34)


@dataclass(frozen=True, kw_only=True)
class BootSettings:
    """What differs between pools. The defaults are those of a node without GPUs."""

    kubernetes_version: str
    gpu: bool = False
    """Whether GPUs use the node's memory: its kernel then leaves pages where they are, and locks as many as asked."""

    nvme_drives: int = 0
    """Local drives of the shape; with 0 nothing is mounted."""

    raid_level: int = 10
    """10 survives a drive, 0 has twice the space."""

    rdma: bool = False
    node_packages_url: str | None = None
    """Apt repository of OKE's node packages, for an image that carries none."""


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "boot"),
        undefined=jinja2.StrictUndefined,
        comment_start_string="<#",  # {# begins bash's length of an array
        comment_end_string="#>",
        autoescape=False,  # noqa: S701  shell and YAML, no HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render_script(settings: BootSettings) -> str:
    """The script that a node runs once as it boots."""
    stride = CHUNK_KIB // BLOCK_KIB
    data_drives = settings.nvme_drives // 2 if settings.raid_level == 10 else settings.nvme_drives
    major, minor = minor_of(settings.kubernetes_version)
    return (
        _environment()
        .get_template("node-boot.sh.j2")
        .render(
            kubernetes_version=shlex.quote(settings.kubernetes_version),
            kubernetes_minor=f"{major}.{minor}",
            short_names_refused=(major, minor) >= SHORT_NAMES_REFUSED_SINCE,
            gpu=settings.gpu,
            drives=settings.nvme_drives,
            raid_level=settings.raid_level,
            chunk_kib=CHUNK_KIB,
            stride=stride,
            stripe_width=stride * data_drives,
            mount=NVME_MOUNT,
            engine_cache=ENGINE_CACHE,
            weights=WEIGHTS,
            bound=BOUND_FOLDERS,
            rdma=settings.rdma,
            node_packages_url=settings.node_packages_url and shlex.quote(settings.node_packages_url),
        )
    )


def render_user_data(settings: BootSettings) -> str:
    """The cloud-config that writes the script, checks it and runs it."""
    script = render_script(settings)
    return (
        _environment()
        .get_template("user-data.yaml.j2")
        .render(script=script, path=SCRIPT_PATH, checksum=hashlib.sha256(script.encode()).hexdigest())
    )


def boot_metadata(settings: BootSettings, others: Mapping[str, str]) -> dict[str, str]:
    """All metadata of a pool's nodes: the boot script, beside `others`."""
    room = INSTANCE_METADATA_BYTES - OKE_METADATA_BYTES - metadata_bytes({**others, "user_data": ""})
    return {**others, "user_data": encode_user_data(render_user_data(settings), room)}


def encode_user_data(text: str, room: int) -> str:
    """`text` as cloud-init reads it: base64, and compressed when it needs more than `room` bytes otherwise.

    Compressed bytes differ between builds of zlib. A preview from another machine must not replace the boot volumes
    of a pool, so text that fits as it is stays as it is.
    """
    plain = base64.b64encode(text.encode())
    if len(plain) <= room:
        return plain.decode()
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def metadata_bytes(metadata: Mapping[str, str]) -> int:
    """What metadata counts against the limit: its keys and values."""
    return sum(len(key.encode()) + len(value.encode()) for key, value in metadata.items())


def metadata_problems(metadata: Mapping[str, str], *, path: str) -> Iterator[Problem]:
    """Metadata that leaves OKE too little room for its own; OCI refuses such an instance only when it launches."""
    allowed = INSTANCE_METADATA_BYTES - OKE_METADATA_BYTES
    if (used := metadata_bytes(metadata)) > allowed:
        yield Problem(
            path,
            used,
            f"must be {allowed:,} bytes at most, with the boot script and the taints of a node",
            f"An instance holds {INSTANCE_METADATA_BYTES:,} bytes in all, and OKE needs some of them",
        )


def boot_problems(
    raid_level: int, nvme_drives: int, node_packages_url: str | None, *, path: str
) -> Iterator[Problem]:
    """An unknown RAID level, or one that the drives cannot form; a repository without an https address."""
    if raid_level not in {0, 10}:
        yield Problem(f"{path}.nvmeRaid", raid_level, "must be 10 (survives a drive) or 0 (twice the space)")
    elif raid_level == 10 and nvme_drives % 2:
        yield Problem(
            f"{path}.nvmeRaid", raid_level, f"needs an even number of drives; the shape has {nvme_drives}"
        )
    if node_packages_url is not None and not re.fullmatch(r"https://[^\s'\"\\`$]+", node_packages_url):
        yield Problem(f"{path}.nodePackagesUrl", node_packages_url, "must be an https address without spaces")
