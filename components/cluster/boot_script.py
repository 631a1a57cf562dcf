"""The boot script of nodes, as instance metadata.

The script grows the root file system to the size of the boot volume. On GPU nodes it sets the kernel's memory settings,
creates a RAID array of the local NVMe drives for the container, kubelet and log folders, and configures the container
runtime and the network for RDMA. Then the node joins the cluster. The metadata contains the whole script, and a node
checks its SHA-256 before it runs the script. The script downloads only OKE's node package, with a fixed version.
Sources: oci-hpc-oke; Oracle's reference of the OCI utilities (oci-growfs) and its page on cloud-init scripts of managed
nodes (`oke_init_script`); AMD's guide to MI300X (numa_balancing).
"""

import base64
import gzip
import hashlib
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2

from facts.kubernetes import INSTANCE_METADATA_BYTES, minor_of
from facts.problem import Problem
from facts.web_addresses import split_address

from .credential_provider import CONFIG, FOLDER, PROGRAM, ProviderChoices

SCRIPT_PATH = "/usr/local/sbin/node-boot"
NVME_MOUNT = "/mnt/nvme"
"""Mount point of the array on the node. Weights are staged below it."""

ENGINE_CACHE = f"{NVME_MOUNT}/engine-cache"
"""Folder for the code that engines compile at their first start. It must exist before a local volume can use it."""

WEIGHTS = f"{NVME_MOUNT}/weights"
"""Folder of the agents that stage weights. It must exist before their volume can use it."""

BOUND_FOLDERS = ("/var/lib/containers", "/var/lib/kubelet", "/var/log/pods")

OKE_METADATA_BYTES = 12_000
"""Bytes reserved for OKE's own metadata of a node. Oracle states no figure: this is an assumption."""

CHUNK_KIB = 256
BLOCK_KIB = 4
SHORT_NAMES_REFUSED_SINCE = (1, 34)


@dataclass(frozen=True, kw_only=True)
class BootSettings:
    """The values that differ between pools. The defaults are for a node without GPUs."""

    kubernetes_version: str
    gpu: bool = False
    """Whether GPUs use the node's memory. The kernel then does not move pages, and locks as many as programs
    request."""

    nvme_drives: int = 0
    """Local drives of the shape. With 0, nothing is mounted."""

    raid_level: int = 10
    """10 survives the loss of a drive, 0 has twice the space."""

    rdma: bool = False
    node_packages_url: str | None = None
    """Apt repository of OKE's node packages, for an image without them."""

    credential_provider: ProviderChoices | None = None
    """The program for logins to OCI's registry. None: images of it need a pull secret."""

    self_managed: bool = False
    """Whether the node joins by itself: the metadata names the endpoint and the CA of its cluster."""

    kubelet_arguments: bool = False
    """Whether the metadata contains kubelet arguments. Only a self-managed node passes them on itself."""


@cache
def _environment() -> jinja2.Environment:
    """Keeps the compiled templates: every pool of nodes renders them."""
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
    """The script that a node runs once during its boot."""
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
            self_managed=settings.self_managed,
            kubelet_arguments=settings.kubelet_arguments,
            node_packages_url=settings.node_packages_url and shlex.quote(settings.node_packages_url),
            **_provider(settings.credential_provider),
        )
    )


def _provider(chosen: ProviderChoices | None) -> dict[str, str | None]:
    return {
        "provider_url": shlex.quote(chosen.url) if chosen else None,
        "provider_sha256": chosen.sha256 if chosen else None,
        "provider_folder": FOLDER,
        "provider_program": PROGRAM,
        "provider_config": CONFIG,
    }


def render_user_data(settings: BootSettings) -> str:
    """The cloud-config that writes, checks and runs the script."""
    script = render_script(settings)
    return (
        _environment()
        .get_template("user-data.yaml.j2")
        .render(script=script, path=SCRIPT_PATH, checksum=hashlib.sha256(script.encode()).hexdigest())
    )


def boot_metadata(settings: BootSettings, others: Mapping[str, str]) -> dict[str, str]:
    """All metadata of a pool's nodes: the boot script and `others`."""
    room = INSTANCE_METADATA_BYTES - OKE_METADATA_BYTES - metadata_bytes({**others, "user_data": ""})
    return {**others, "user_data": encode_user_data(render_user_data(settings), room)}


def encode_user_data(text: str, room: int) -> str:
    """`text` for cloud-init: base64, and compressed only if it would need more than `room` bytes.

    Compressed bytes differ between builds of zlib, and a preview on another machine must not replace the boot volumes
    of a pool. So text that fits is not compressed.
    """
    plain = base64.b64encode(text.encode())
    if len(plain) <= room:
        return plain.decode()
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def metadata_bytes(metadata: Mapping[str, str]) -> int:
    """The size of metadata for the limit: its keys and values."""
    return sum(len(key.encode()) + len(value.encode()) for key, value in metadata.items())


def metadata_problems(metadata: Mapping[str, str], *, path: str) -> Iterator[Problem]:
    """Metadata that leaves too little room for OKE's own. OCI refuses such an instance only at its launch."""
    allowed = INSTANCE_METADATA_BYTES - OKE_METADATA_BYTES
    if (used := metadata_bytes(metadata)) > allowed:
        yield Problem(
            path,
            used,
            f"must be {allowed:,} bytes at most, together with the boot script and the taints of a node",
            f"An instance has at most {INSTANCE_METADATA_BYTES:,} bytes of metadata, and OKE needs some of them",
        )


def boot_problems(
    raid_level: int, nvme_drives: int, node_packages_url: str | None, *, path: str
) -> Iterator[Problem]:
    """An unknown RAID level, a RAID level that the drives cannot form, and a repository without an https address."""
    if raid_level not in {0, 10}:
        yield Problem(
            f"{path}.nvmeRaid", raid_level, "must be 10 (survives a lost drive) or 0 (twice the space)"
        )
    elif raid_level == 10 and nvme_drives % 2:
        yield Problem(
            f"{path}.nvmeRaid", raid_level, f"needs an even number of drives; the shape has {nvme_drives}"
        )
    url = node_packages_url
    if url is not None and not (re.fullmatch(r"https://[^\s'\"\\`$]+", url) and split_address(url)):
        yield Problem(f"{path}.nodePackagesUrl", url, "must be an https address without spaces")
