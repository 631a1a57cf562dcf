"""The values that the args of GPU pools and their settings share, and their problems."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from components.cluster.boot_script import BootSettings, boot_metadata, boot_problems, metadata_problems
from components.cluster.credential_provider import ProviderChoices, provider_arguments, provider_problems
from components.cluster.pool_parts import HARDENED_METADATA, kubelet_metadata
from components.cluster.pool_rules import eviction_problems, label_problems, taint_problems
from facts.problem import Problem
from facts.shapes import MI300X, find_shape

from .gpu_pool_rules import (
    constraint_problems,
    gpu_pool_problems,
    image_problems,
    network_shape_problems,
    self_managed_image_problems,
)

RAID_LEVEL = 10

_PUBLIC_KEY = re.compile(
    r"(ssh-(rsa|dss|ed25519)|ecdsa-sha2-nistp(256|384|521)|sk-[a-z0-9@.-]+) AAAA[A-Za-z0-9+/]*={0,3}( [^\n]*)?\n?"
)
"""One line of authorized_keys without options. Source: sshd(8), "AUTHORIZED_KEYS FILE FORMAT"."""


class NodeChoices(Protocol):
    """The plain values of GPU nodes, which the components' args and the settings have."""

    @property
    def nodes(self) -> int: ...
    @property
    def shape(self) -> str | None: ...
    @property
    def capacity_reservation_id(self) -> object: ...
    @property
    def placement_constraint(self) -> str | None: ...
    @property
    def max_pods(self) -> int | None: ...
    @property
    def boot_volume_gib(self) -> int | None: ...
    @property
    def nvme_raid(self) -> int | None: ...
    @property
    def node_packages_url(self) -> str | None: ...
    @property
    def labels(self) -> Mapping[str, str] | None: ...
    @property
    def taints(self) -> Sequence[str] | None: ...
    @property
    def ssh_public_key(self) -> object: ...


class PoolChoices(NodeChoices, Protocol):
    """The further plain values of a managed pool."""

    @property
    def min_nodes(self) -> int | None: ...
    @property
    def max_nodes(self) -> int | None: ...
    @property
    def size_owner(self) -> str | None: ...
    @property
    def rdma(self) -> bool | None: ...
    @property
    def preemptible(self) -> bool | None: ...
    @property
    def eviction_minutes(self) -> int | None: ...


def choice_problems(
    pool: PoolChoices,
    *,
    kubernetes_version: str,
    availability_domains: int = 1,
    image_id: str | None = None,
    image_name: str | None = None,
    kubelet_arguments: Mapping[str, str] | None = None,
    credential_provider: ProviderChoices | None = None,
    path: str,
) -> Iterator[Problem]:
    """All problems of a managed pool. Its settings and its component use the same messages.

    `image_id` and `image_name` are given if they are known. The settings also check the region of ids.
    """
    rdma = pool.rdma is not False
    found = [
        *_managed_problems(pool, kubernetes_version, availability_domains, path),
        *_node_problems(pool, rdma=rdma, path=path),
        *image_problems(image_id, image_name, rdma=rdma, path=path),
        *provider_problems(credential_provider, path=f"{path}.credentialProvider"),
    ]
    yield from found
    if not found:  # Invalid values cannot form a script.
        metadata = pool_metadata(pool, kubernetes_version, kubelet_arguments, credential_provider, rdma=rdma)
        yield from metadata_problems(metadata, path=_metadata_path(pool, path))


def network_choice_problems(
    pool: NodeChoices,
    *,
    kubernetes_version: str,
    image_id: str | None = None,
    image_name: str | None = None,
    kubelet_arguments: Mapping[str, str] | None = None,
    credential_provider: ProviderChoices | None = None,
    path: str,
) -> Iterator[Problem]:
    """All problems of a pool in a cluster network, in the same way."""
    found = [
        *gpu_pool_problems(
            kubernetes_version=kubernetes_version,
            shape=pool.shape or MI300X.name,
            nodes=pool.nodes,
            availability_domains=1,
            rdma=False,  # network_shape_problems names a shape without it
            max_pods=pool.max_pods,
            boot_volume_gib=pool.boot_volume_gib,
            path=path,
        ),
        *network_shape_problems(pool.shape or MI300X.name, path=path),
        *_node_problems(pool, rdma=True, path=path),
        *image_problems(image_id, image_name, rdma=True, path=path),
        *self_managed_image_problems(image_name, path=path),
        *provider_problems(credential_provider, path=f"{path}.credentialProvider"),
    ]
    yield from found
    if not found:
        metadata = network_pool_metadata(pool, kubernetes_version, kubelet_arguments, credential_provider)
        yield from metadata_problems(metadata, path=_metadata_path(pool, path))


def _managed_problems(
    pool: PoolChoices, kubernetes_version: str, availability_domains: int, path: str
) -> Iterator[Problem]:
    yield from gpu_pool_problems(
        kubernetes_version=kubernetes_version,
        shape=pool.shape or MI300X.name,
        nodes=pool.nodes,
        availability_domains=availability_domains,
        min_nodes=pool.min_nodes,
        max_nodes=pool.max_nodes,
        size_owner=pool.size_owner,
        rdma=pool.rdma is not False,
        preemptible=bool(pool.preemptible),
        reserved=pool.capacity_reservation_id is not None,
        max_pods=pool.max_pods,
        boot_volume_gib=pool.boot_volume_gib,
        path=path,
    )
    yield from eviction_problems(pool.eviction_minutes, path=path)


def _metadata_path(pool: NodeChoices, path: str) -> str:
    return f"{path}.{'taints' if pool.taints else 'metadata'}"


def _node_problems(pool: NodeChoices, *, rdma: bool, path: str) -> Iterator[Problem]:
    yield from constraint_problems(pool.placement_constraint, rdma=rdma, path=path)
    yield from label_problems(pool.labels or {}, path=path)
    yield from taint_problems(pool.taints or (), path=path)
    yield from boot_problems(raid_level_of(pool), _drives_of(pool), pool.node_packages_url, path=path)
    if isinstance(pool.ssh_public_key, str):
        yield from ssh_key_problems(pool.ssh_public_key, path=path)


def pool_metadata(
    pool: NodeChoices,
    kubernetes_version: str,
    kubelet_arguments: Mapping[str, str] | None = None,
    credential_provider: ProviderChoices | None = None,
    *,
    rdma: bool,
) -> dict[str, str]:
    """Metadata of a managed pool's nodes: the boot script and the kubelet's arguments."""
    arguments = {**(kubelet_arguments or {}), **provider_arguments(credential_provider)}
    settings = _boot_settings(pool, kubernetes_version, credential_provider, rdma=rdma)
    return boot_metadata(settings, {**HARDENED_METADATA, **kubelet_metadata(pool.taints, arguments)})


def network_pool_metadata(
    pool: NodeChoices,
    kubernetes_version: str,
    kubelet_arguments: Mapping[str, str] | None = None,
    credential_provider: ProviderChoices | None = None,
) -> dict[str, str]:
    """Metadata of the nodes in a cluster network, without that which names their cluster."""
    arguments = {**(kubelet_arguments or {}), **provider_arguments(credential_provider)}
    words = kubelet_metadata(pool.taints, arguments)
    settings = _boot_settings(pool, kubernetes_version, credential_provider, rdma=True)
    return boot_metadata(replace(settings, self_managed=True, kubelet_arguments=bool(words)), words)


def _boot_settings(
    pool: NodeChoices, kubernetes_version: str, credential_provider: ProviderChoices | None, *, rdma: bool
) -> BootSettings:
    return BootSettings(
        kubernetes_version=kubernetes_version,
        gpu=True,
        nvme_drives=_drives_of(pool),
        raid_level=raid_level_of(pool),
        rdma=rdma,
        node_packages_url=pool.node_packages_url,
        credential_provider=credential_provider,
    )


def _drives_of(pool: NodeChoices) -> int:
    known = find_shape(pool.shape or MI300X.name)
    return known.nvme_drives if known else 0


def raid_level_of(pool: NodeChoices) -> int:
    """RAID level of the local drives."""
    return RAID_LEVEL if pool.nvme_raid is None else pool.nvme_raid


def ssh_key_problems(key: str, *, path: str) -> Iterator[Problem]:
    """A key that is not a public key. Everyone who can read the instance could read a private key."""
    where = f"{path}.sshPublicKey"
    if "PRIVATE KEY" in key:
        fix = "Use the file that ends in .pub, and create a new key pair: this private key was exposed"
        yield Problem(where, "[hidden]", "must be the public key: this is a private key", fix)
    elif not _PUBLIC_KEY.fullmatch(key):
        yield Problem(where, "[hidden]", "must be one SSH public key, e.g. `ssh-ed25519 AAAA… name`")
