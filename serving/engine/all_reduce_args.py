"""The arguments of the all-reduce over two nodes, and the names that follow from them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

SCRIPT = "all_reduce.py"
NAMESPACE = "all-reduce"
"""The test has a namespace of its own: it needs the pod security level `privileged`, which the models' may not have."""


@dataclass(frozen=True, kw_only=True)
class AllReduceTestArgs:
    """The nodes to measure, the floors, and the place of the results."""

    namespace: pulumi.Input[str]
    """Namespace of the job. It needs the pod security level `privileged`: RDMA pins memory."""

    pool_name: str
    """Name of the pool, for the names of the objects and the folder of the results."""

    node_selector: Mapping[str, str]
    """Labels of the pool's nodes."""

    shape: str
    """Shape of the nodes, e.g. `BM.GPU.MI300X.8`. The job takes all GPUs and virtual RDMA functions of two nodes."""

    image: str
    """Image with rccl-tests, Open MPI 4 and Python 3.10 or newer, pinned: `name@sha256:…`."""

    rclone_image: str
    """Image of rclone, pinned: `name@sha256:…`."""

    bucket: pulumi.Input[str]
    """Name of the bucket for results."""

    bucket_namespace: pulumi.Input[str]
    """Object Storage namespace of the bucket."""

    compartment_id: pulumi.Input[str]
    """OCID of the bucket's compartment."""

    region: str
    """Region of the bucket, e.g. `us-ashburn-1`."""

    prefix: str | None = None
    """Folder in the bucket, with a folder of results for each pool. Default: `all-reduce`."""

    program: str | None = None
    """Path of `all_reduce_perf` in the image. Default: that of oci-hpc-oke's image."""

    schedule: str | None = None
    """When it runs, as a cron expression in UTC. Default: never by itself. Run it with
    `kubectl create job --from=cronjob/POOL-all-reduce NAME`."""

    bus_gbs: int | None = None
    """Floor of the average bus bandwidth in GB/s. Default: the published floor of the shape (350 for MI300X)."""

    link_errors: int | None = None
    """Errors that each counter of a link may count during the run. Default: 0. No source was found for it."""

    message_gib: int | None = None
    """Size of the largest message in GiB: 1, 2, 4, 8 or 16. Messages double from 1 GiB. Default: 16, to which the
    published floor applies."""

    nearby: str | None = None
    """Part of the RDMA network that both pods prefer to share: `network-block`, `local-block` or `anywhere`. Default:
    anywhere."""

    wait_minutes: int | None = None
    """How long the first pod waits for the second, 1 to 1,440 minutes. Default: 30."""


def job_name(pool_name: str) -> str:
    """Name of a pool's objects. That of a CronJob may have at most 52 characters."""
    return f"{pool_name[:41]}-all-reduce"


def results_folder(prefix: str, pool_name: str) -> str:
    """Folder of a pool's results in the bucket."""
    return f"{prefix}/{pool_name}"
