"""Images and charts are pinned, so that the same program always runs the same code."""

import re
from collections.abc import Iterator

from policies.model import Config, Policy, Resource, known, walk

DIGEST = re.compile(r"@sha256:[\w-]+$", re.ASCII)
RELEASES = ("kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart", "kubernetes:helm.sh/v3:Chart")
VERSION = re.compile(r"v?\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?", re.ASCII)
"""A complete version of Semantic Versioning. Helm reads anything else as a range."""

FUNCTION = "oci:Functions/function:Function"
CONTAINER_INSTANCE = "oci:ContainerEngine/containerInstance:ContainerInstance"


def judge(resource: Resource, _config: Config) -> Iterator[str]:
    """Images and charts of one resource that a later push could change."""
    if resource.type in RELEASES:
        yield from _chart_problems(resource)
    elif resource.type.startswith("kubernetes:"):
        yield from _image_problems(resource, "image")
    elif resource.type == CONTAINER_INSTANCE:
        yield from _image_problems(resource, "imageUrl")
    elif resource.type == FUNCTION:
        image = str(resource.inputs.get("image") or "")
        if image and known(image) and not resource.inputs.get("imageDigest") and not DIGEST.search(image):
            yield "imageDigest is missing: set it to the digest of the image, sha256:…"


def _image_problems(resource: Resource, field: str) -> Iterator[str]:
    for path, holder in walk(resource.inputs):
        image = holder.get(field)
        if isinstance(image, str) and known(image) and not DIGEST.search(image):
            yield f"{path}.{field}: {image}; must end in its digest, @sha256:…"


def _chart_problems(release: Resource) -> Iterator[str]:
    version = release.inputs.get("version")
    if not version:
        yield "version is missing, so Helm installs the newest chart. Give it a version, such as 1.2.3"
    elif known(version) and not VERSION.fullmatch(str(version)):
        yield f"version: {version}; must be one version, such as 1.2.3, not a range"
    for path, holder in walk(release.inputs.get("values"), "values"):
        for name in ("tag", "imageTag"):
            if holder.get(name) == "latest":
                yield f"{path}.{name}: latest; must be a version or a digest"


POLICY = Policy(
    name="pinned-images",
    description="Images of containers and functions have a digest, and Helm charts one complete version.",
    source="Kubernetes' page on images: only a digest always names the same image; Helm's page on version ranges",
    judge=judge,
)
