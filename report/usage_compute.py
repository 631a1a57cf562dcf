"""The billed use of nodes and volumes, for any owner."""

from collections.abc import Iterator, Mapping

from facts.prices import gpu_hour_item
from facts.shapes import find_shape
from facts.wording import plural
from report.quantity import NotCounted, Usage
from report.resources import as_number

BOOT_VOLUME_GIB = 46.6
"""OCI's default size of a boot volume."""
BALANCED_VPUS = 10
"""Volume performance units per GB of a boot volume that sets none."""

GIB_PER_OCPU = 16
"""OCI's default for the memory of a flexible shape of Intel or AMD: `defaultPerOcpuInGBs` of the API's ListShapes. Seen
in issue 986 of oracle/oci-cli for VM.Standard3.Flex and VM.Standard.E4.Flex."""


def compute(shape_name: str, config: Mapping[str, object], nodes: float) -> Iterator[Usage | NotCounted]:
    """The billed use of nodes of a shape. `config` is the size of a flexible shape."""
    shape = find_shape(shape_name)
    count = plural("node", nodes)
    if shape is None:
        yield NotCounted(reason=f"the shape {shape_name} is unknown")
    elif shape.gpus:
        yield Usage(
            item=gpu_hour_item(shape_name),
            quantity=nodes * shape.gpus,
            what=f"{count} x {shape.gpus} {shape.gpu_name}",
        )
    elif shape.flexible:
        ocpus, memory = as_number(config.get("ocpus")), as_number(config.get("memoryInGbs"))
        if ocpus is None:
            yield NotCounted(reason="the number of OCPUs of the flexible shape is unknown")
            return
        default = f"{GIB_PER_OCPU} GB of memory per OCPU, because the program sets none"
        assumption = None if memory is not None else default
        memory = GIB_PER_OCPU * ocpus if memory is None else memory
        yield from flexible_compute(shape_name, nodes, ocpus, memory, memory_assumption=assumption)
    else:
        yield NotCounted(reason=f"the price list does not have the shape {shape_name}")


def boot_volumes(size: object, vpus: object, nodes: float) -> Iterator[Usage | NotCounted]:
    """Boot volumes of nodes: size in GB and performance units per GB. OCI's defaults apply to missing values."""
    gib = as_number(size)
    assumption = None if gib is not None else f"boot volumes of {BOOT_VOLUME_GIB} GB, OCI's default"
    gib = BOOT_VOLUME_GIB if gib is None else gib
    units = as_number(vpus)
    yield from block_storage(
        nodes * gib, BALANCED_VPUS if units is None else units, "boot volumes", assumption
    )


def block_storage(
    gib: float, vpus: float, what: str, assumption: str | None = None, *, most_vpus: float | None = None
) -> Iterator[Usage]:
    """Block volume of `gib` GB with `vpus` performance units per GB. `most_vpus`: what autotuning may set."""
    yield Usage(
        item="block-volume/gib-month", quantity=gib, what=f"{what}, {gib:g} GB", assumption=assumption
    )
    if vpus:
        yield Usage(
            item="block-volume/vpu-gib-month",
            quantity=gib * vpus,
            what=f"{what}, {vpus:g} VPU/GB",
            assumption=assumption,
            most=None if most_vpus is None else gib * most_vpus,
            most_because="the autotuning of the volume",
        )


def flexible_compute(
    shape: str,
    nodes: float,
    ocpus: float,
    memory: float,
    assumption: str | None = None,
    *,
    memory_assumption: str | None = None,
) -> Iterator[Usage]:
    """OCPUs and memory of nodes of a flexible shape. `ocpus` and `memory` (GB) are those of one node."""
    count = plural("node", nodes)
    yield Usage(
        item=f"compute/{shape}/ocpu-hour",
        quantity=nodes * ocpus,
        what=f"{count} x {ocpus:g} OCPU",
        assumption=assumption,
    )
    yield Usage(
        item=f"compute/{shape}/gib-hour",
        quantity=nodes * memory,
        what=f"{count} x {memory:g} GB memory",
        assumption=assumption or memory_assumption,
    )
