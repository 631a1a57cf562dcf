"""What nodes and volumes use that is billed, whatever owns them."""

from collections.abc import Iterator, Mapping

from facts.shapes import find_shape
from report.quantity import NotCounted, Usage
from report.resources import as_number

BOOT_VOLUME_GIB = 46.6
"""OCI's default size of a boot volume."""
BALANCED_VPUS = 10
"""Volume performance units of a boot volume that doesn't say."""


def compute(shape_name: str, config: Mapping[str, object], nodes: float) -> Iterator[Usage | NotCounted]:
    """What nodes of a shape use; `config` is the size of a flexible one."""
    shape = find_shape(shape_name)
    count = f"{nodes:g} node" + ("" if nodes == 1 else "s")
    if shape is None:
        yield NotCounted(reason=f"nothing is known of the shape {shape_name}")
    elif shape.gpus:
        yield Usage(
            item=f"compute/{shape_name}/gpu-hour",
            quantity=nodes * shape.gpus,
            what=f"{count} x {shape.gpus} {shape.gpu_name}",
        )
    elif shape.flexible:
        ocpus, memory = as_number(config.get("ocpus")), as_number(config.get("memoryInGbs"))
        if ocpus is None:
            yield NotCounted(reason="the OCPUs of the flexible shape are not known")
            return
        # OCI gives a flexible shape 16 GB an OCPU unless told otherwise.
        assumption = None if memory is not None else "16 GB of memory an OCPU, for the program gives none"
        memory = 16 * ocpus if memory is None else memory
        yield from flexible_compute(shape_name, nodes, ocpus, memory, memory_assumption=assumption)
    else:
        yield NotCounted(reason=f"no rule prices the shape {shape_name}")


def boot_volumes(size: object, vpus: object, nodes: float) -> Iterator[Usage | NotCounted]:
    """Boot volumes of nodes; size in GB and performance units a GB, OCI's defaults where they are not given."""
    gib = as_number(size)
    assumption = None if gib is not None else f"boot volumes of {BOOT_VOLUME_GIB} GB, OCI's default"
    gib = BOOT_VOLUME_GIB if gib is None else gib
    units = as_number(vpus)
    yield from block_storage(
        nodes * gib, BALANCED_VPUS if units is None else units, "boot volumes", assumption
    )


def block_storage(gib: float, vpus: float, what: str, assumption: str | None = None) -> Iterator[Usage]:
    """So many GB of block volume with so many performance units a GB."""
    yield Usage(
        item="block-volume/gib-month", quantity=gib, what=f"{what}, {gib:g} GB", assumption=assumption
    )
    if vpus:
        yield Usage(
            item="block-volume/vpu-gib-month",
            quantity=gib * vpus,
            what=f"{what}, {vpus:g} VPU/GB",
            assumption=assumption,
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
    """OCPUs and memory (GB, of one node) of nodes of a flexible shape."""
    count = f"{nodes:g} node" + ("" if nodes == 1 else "s")
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
