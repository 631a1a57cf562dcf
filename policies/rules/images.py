"""Images and charts are pinned, so that the same program always runs the same code."""

import re
from collections.abc import Iterator, Mapping

from policies.model import RELEASES, Config, Policy, Resource, items, kind_of, known, mapping, walk

DIGEST = re.compile(r"@(?:sha256:(?:[0-9a-f]{64}|REPLACE-ME[\w-]*)|sha512:[0-9a-f]{128})\Z", re.ASCII)
"""A digest, or what stands for one in a stack file. Source: the descriptors of OCI's image specification, which
registers these two algorithms."""

BARE = "kubernetes:helm.sh/v3:Chart"
"""A chart that Pulumi's SDK renders itself: the engine does not see its version."""

TEXTS = frozenset({"core/ConfigMap", "core/Secret"})
"""Kinds whose content nobody runs as a container by its name."""

VERSION = re.compile(r"v?\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?", re.ASCII)
"""A complete version of Semantic Versioning. Helm reads anything else as a range."""

LATEST = "latest"

_SCIENCE = (
    "job:Job",
    "jobRun:JobRun",
    "modelDeployment:ModelDeployment",
    "pipeline:Pipeline",
    "pipelineRun:PipelineRun",
)
OCI_IMAGES: Mapping[str, str] = {
    "oci:ContainerEngine/containerInstance:ContainerInstance": "imageUrl",
    **{f"oci:DataScience/{each}": "image" for each in (*_SCIENCE, "schedule:Schedule")},
    "oci:DevOps/deployArtifact:DeployArtifact": "imageUri",
    "oci:Functions/function:Function": "image",
    "oci:oci/batchBatchTaskEnvironment:BatchBatchTaskEnvironment": "imageUrl",
}
"""The OCI types that run containers, and the field with the image, in whatever block. `imageDigest` is beside it."""

DIGESTS = "imageDigest"
CHART_DIGESTS = ("digest", "sha")
"""Values of charts beside a tag that name the image's digest, which then decides, as in the charts of ingress-nginx and
Bitnami (`digest`) and of Grafana (`sha`)."""


def judge(resource: Resource, _config: Config) -> Iterator[str]:
    """Images and charts of one resource that a later push could change."""
    if resource.type in RELEASES:
        yield from _chart_problems(resource)
    elif resource.type == BARE:
        yield "its version cannot be checked, because this type does not show it. Use Release, or Chart of helm.sh/v4"
    elif resource.type.startswith("kubernetes:") and kind_of(resource.type) not in TEXTS:
        yield from _pod_problems(resource)
    elif resource.type in OCI_IMAGES:
        field = OCI_IMAGES[resource.type]
        for path, holder in walk(resource.inputs):
            image = holder.get(field)
            if _unpinned(image) and not holder.get(DIGESTS):
                where = f"{path}.{field}" if path else field
                yield f"{where}: {image}; must end in its digest, @sha256:…, or {DIGESTS} must have it"


def _pod_problems(resource: Resource) -> Iterator[str]:
    """Images of containers, of volumes, and of the parts that an operator runs (`devicePluginImage`)."""
    for path, holder in walk(resource.inputs):
        for name, value in holder.items():
            image = mapping(value).get("reference") if name == "image" else None
            image = image or value
            if (name == "image" or name.endswith("Image")) and _unpinned(image):
                yield f"{path}.{name}: {image}; must end in its digest, @sha256:…"


def _unpinned(image: object) -> bool:
    return isinstance(image, str) and image != "" and known(image) and not DIGEST.search(image)


def _chart_problems(release: Resource) -> Iterator[str]:
    version = release.inputs.get("version")
    if not version:
        yield "version is missing, so Helm installs the newest chart. Give it a version, such as 1.2.3"
    elif known(version) and not VERSION.fullmatch(str(version)):
        yield f"version: {version}; must be one version, such as 1.2.3, not a range"
    for path, holder in walk(release.inputs.get("values"), "values"):
        pinned = any(holder.get(each) for each in CHART_DIGESTS)
        for name, value in holder.items():
            if name.lower().endswith("tag") and value == LATEST and not pinned:
                yield f"{path}.{name}: {LATEST}; must be a version or a digest"
            for image in _images_of(name, value):
                if _tag(image) == LATEST:
                    yield f"{path}.{name}: {image}; must have a version or a digest"


def _images_of(name: str, value: object) -> Iterator[str]:
    """The images that a value of a chart names, by how charts name such values."""
    if name == "image" or name.endswith("Image"):
        yield from (each for each in (value,) if isinstance(each, str) and each and known(each))
    elif name == "images":
        yield from (each for each in items(value) if isinstance(each, str) and known(each))


def _tag(image: str) -> str:
    """The tag of an image: `latest` if it names none and has no digest."""
    if DIGEST.search(image):
        return ""
    return image.rpartition("/")[2].partition(":")[2] or LATEST


POLICY = Policy(
    name="pinned-images",
    description="Images of containers and functions have a digest, and Helm charts one complete version.",
    source="Kubernetes' page on images: only a digest always names the same image; Helm's page on version ranges",
    judge=judge,
)
