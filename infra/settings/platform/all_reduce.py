"""The all-reduce over two nodes of a GPU pool."""

from infra.settings.base import Name, Section


class AllReduceSettings(Section):
    """A job that measures RCCL's all-reduce and the RDMA links between two nodes of a GPU pool. The results are stored
    in a bucket. The job fails if a figure is below its floor."""

    pool: Name
    """Name of the pool in `gpu.pools`, with RDMA and at least two nodes. The job needs all GPUs of two nodes."""

    bucket: Name
    """Name of a bucket in `storage.buckets`."""

    prefix: str = "all-reduce"
    """Prefix of the results in the bucket."""

    image: str = "iad.ocir.io/idxzjcdglx2s/rccl-tests"
    """Repository of an image with rccl-tests, Open MPI 4 and Python. Default: that of oci-hpc-oke."""

    image_digest: str
    """Digest of that image, `sha256:…`."""

    program: str | None = None
    """Path of `all_reduce_perf` in the image. Default: that of oci-hpc-oke's image."""

    rclone_image: str = "docker.io/rclone/rclone"
    """Repository of rclone's image."""

    rclone_image_digest: str
    """Digest of that image, `sha256:…`."""

    schedule: str | None = None
    """Cron schedule in UTC. Default: only started by hand."""

    bus_gbs: int | None = None
    """Floor of the average bus bandwidth in GB/s, 1 to 400. Default: the published floor of the shape, which is 350 for
    BM.GPU.MI300X.8 (oci-hpc)."""

    link_errors: int = 0
    """Errors that each counter of an RDMA link may count during the run. The default is unverified."""

    message_gib: int = 16
    """Size of the largest message in GiB: 1, 2, 4, 8 or 16. The published floors are for 16."""

    wait_minutes: int = 30
    """How long one pod waits for the other, 1 to 1,440 minutes."""
