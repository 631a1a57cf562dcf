"""What is paid for and used by nothing in the stack, and what would end it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from facts.prices import PriceList
from facts.wording import plural
from report.cost import CostReport
from report.costs.shares import sums
from report.gpu_pools import GpuPoolUse, gpu_pools
from report.placement import fewest_nodes
from report.resources import Resource, as_mapping, as_sequence, holds_unknown

CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
VOLUME = "oci:Core/volume:Volume"
FILE_SYSTEMS = (
    "oci:FileStorage/fileSystem:FileSystem",
    "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem",
)

_OWN = (
    "oci:Core/volumeGroup:",
    "oci:Core/volumeBackupPolicyAssignment:",
    "oci:FileStorage/export:",
    "oci:Lustre/fileStorageObjectStorageLink:",
)
"""Types that name a volume or a file system without using it."""


@dataclass(frozen=True, kw_only=True)
class Idle:
    """One thing that nothing uses."""

    urn: str
    name: str
    what: str
    monthly: float | None
    """None: not known, because it is billed by what it stores, or the price list does not have it."""

    ends: str
    """What would end it."""


def idle_money(resources: Sequence[Resource], found: CostReport, prices: PriceList) -> list[Idle]:
    """What nothing uses, the most expensive first. Something outside the stack may still use it."""
    amounts = sums(found, lambda line: line.urn)
    listed = [
        *(_gpus(pool, prices) for pool in gpu_pools(resources) if sum(pool.free)),
        *_storage(resources, amounts),
    ]
    return sorted(listed, key=lambda each: (-(each.monthly or 0.0), each.urn))


def _gpus(pool: GpuPoolUse, prices: PriceList) -> Idle:
    free, price = sum(pool.free), prices.gpu_hour(pool.shape)
    needed = fewest_nodes(pool.engines, pool.node, pool.nodes)
    if not needed:
        ends = "serve models on them, or remove the pool"
    elif needed < pool.nodes:
        ends = f"serve more on them, or lower the pool: its models fit on {plural('node', needed)}"
    else:
        ends = "serve more on them: its models need all its nodes"
    warm = min(free, pool.warm_gpus)
    kept = f"; {warm} of them are kept warm" if warm else ""
    return Idle(
        urn=pool.urn,
        name=pool.name,
        what=f"{free} of {plural('GPU', pool.nodes * pool.gpus)} have no model{kept}",
        monthly=None if price is None else free * price * prices.hours_per_month,
        ends=ends,
    )


def _storage(resources: Sequence[Resource], amounts: Mapping[str, float]) -> Iterator[Idle]:
    candidates = [each for each in resources if each.type in (VOLUME, CLAIM, *FILE_SYSTEMS)]
    if not candidates:
        return
    named = _named(resources)
    for each in candidates:
        if each.type == CLAIM:
            name = str(as_mapping(each.inputs.get("metadata")).get("name") or each.name)
            # Nothing is billed for a claim of an existing volume.
            if each.urn in amounts and not named.claims(name):
                ends = "delete the claim, or mount it in a pod"
                yield _idle(each, amounts, "volume claim that no pod of the stack mounts", ends)
        elif each.id is None or named.unknown or named.volumes(each.id):
            continue
        elif each.type == VOLUME:
            ends = "attach it, use it in a PersistentVolume, or delete it"
            yield _idle(each, amounts, "volume attached to nothing", ends)
        else:
            ends = "mount it with a PersistentVolume, or delete it"
            yield _idle(each, amounts, "file system that nothing in the stack mounts", ends)


def _idle(resource: Resource, amounts: Mapping[str, float], what: str, ends: str) -> Idle:
    return Idle(urn=resource.urn, name=resource.name, what=what, monthly=amounts.get(resource.urn), ends=ends)


@dataclass(frozen=True)
class _Names:
    """What the other resources name."""

    texts: frozenset[str]
    handles: tuple[str, ...]
    unknown: bool
    """Whether a volume's handle is not known yet."""

    def claims(self, name: str) -> bool:
        return name in self.texts

    def volumes(self, ocid: str) -> bool:
        return ocid in self.texts or any(handle.startswith(ocid) for handle in self.handles)


def _named(resources: Sequence[Resource]) -> _Names:
    texts: set[str] = set()
    handles: list[str] = []
    unknown = False
    for each in resources:
        if each.type.endswith(":PersistentVolume"):
            csi = as_mapping(as_mapping(each.inputs.get("spec")).get("csi"))
            unknown = unknown or holds_unknown(csi)
            handles.append(str(csi.get("volumeHandle", "")))
        elif each.type.startswith("kubernetes:") and each.type != CLAIM:
            # A chart names a claim in its own values, so any text counts.
            texts.update(_texts(each.inputs.get("spec")), _texts(each.inputs.get("values")))
        elif each.type.startswith("oci:") and not each.type.startswith((*_OWN, VOLUME, *FILE_SYSTEMS)):
            texts.update(text for text in _texts(each.inputs) if text.startswith("ocid1."))
    return _Names(frozenset(texts), tuple(handles), unknown)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        return
    for inner in (*as_mapping(value).values(), *as_sequence(value)):
        yield from _texts(inner)
