"""Weights: from the hub into a bucket once, from there onto the nodes' own disks."""

from infra.settings.base import Name, Section
from serving.weights.weights_rules import MOST_SHARE


class Weights(Section):
    """How weights come onto the nodes. Without this section every engine fetches its own from the hub."""

    bucket: Name = "model-artifacts"
    """Bucket that keeps them, by its name among `storage.buckets`."""

    namespace: Name = "weights"
    """Kubernetes namespace of the pods that move them."""

    python_image: str = "docker.io/library/python"
    """Repository of an image with Python 3.11 or newer."""

    python_image_digest: str
    """Its digest, `sha256:…`."""

    rclone_image: str = "docker.io/rclone/rclone"
    """Repository of an image with rclone 1.66 or newer."""

    rclone_image_digest: str
    """Its digest, `sha256:…`."""

    disk_share: float = MOST_SHARE
    """How much of a node's NVMe disk may be in use, by anything, before staging stops: 0.05 to 0.6."""

    streams: int = 32
    """Transfers at once on a node, 1 to 256."""

    @property
    def images(self) -> tuple[str, str]:
        """Python's and rclone's, pinned."""
        return (
            f"{self.python_image}@{self.python_image_digest}",
            f"{self.rclone_image}@{self.rclone_image_digest}",
        )
