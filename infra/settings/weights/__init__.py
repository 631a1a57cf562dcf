"""Staging of weights: once from the hub to a bucket, and from there to the disks of the nodes."""

from infra.settings.base import Name, Section
from serving.weights.weights_rules import MOST_SHARE


class Weights(Section):
    """How weights get to the nodes. Without this section every engine downloads its weights from the hub."""

    bucket: Name = "model-artifacts"
    """Name of a bucket in `storage.buckets` for the weights."""

    namespace: Name = "weights"
    """Kubernetes namespace of the pods that copy the weights."""

    python_image: str = "docker.io/library/python"
    """Repository of an image with Python 3.11 or newer."""

    python_image_digest: str
    """Digest of that image, `sha256:…`."""

    rclone_image: str = "docker.io/rclone/rclone"
    """Repository of an image with rclone 1.66 or newer."""

    rclone_image_digest: str
    """Digest of that image, `sha256:…`."""

    disk_share: float = MOST_SHARE
    """Share of a node's NVMe disk that may be in use, by anything, before staging stops: 0.05 to 0.6."""

    streams: int = 32
    """Concurrent transfers on a node, 1 to 256."""

    @property
    def images(self) -> tuple[str, str]:
        """The images of Python and rclone, with their digests."""
        return (
            f"{self.python_image}@{self.python_image_digest}",
            f"{self.rclone_image}@{self.rclone_image_digest}",
        )
