"""What the checks of the benchmark share.

A check returns None if the stack has nothing to check.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from report.resources import Resource, as_mapping

NODE_POOL = "oci:ContainerEngine/nodePool:NodePool"
CONFIGURATION = "oci:Core/instanceConfiguration:InstanceConfiguration"
BUCKET = "oci:ObjectStorage/bucket:Bucket"
LOG = "oci:Logging/log:Log"


@dataclass(frozen=True)
class Finding:
    """A resource that a control does not accept."""

    name: str
    reason: str = ""
    """Why it is an exception. Empty: it breaks the control."""


Findings = list[Finding] | None
Resources = Sequence[Resource]


def of_types(resources: Resources, *types: str) -> list[Resource]:
    return [each for each in resources if each.type in types]


def broken(found: Iterable[Resource], wrong: Callable[[Resource], object]) -> Findings:
    every = list(found)
    return [Finding(each.name) for each in every if wrong(each)] if every else None


def launch_of(resource: Resource) -> Mapping[str, object]:
    return as_mapping(as_mapping(resource.inputs.get("instanceDetails")).get("launchDetails"))


def is_root(resource: Resource) -> bool:
    return str(resource.inputs.get("compartmentId")).startswith("ocid1.tenancy.")


def logged(resources: Resources, service: str, category: str) -> set[object]:
    sources = (
        as_mapping(as_mapping(each.inputs.get("configuration")).get("source"))
        for each in of_types(resources, LOG)
        if each.inputs.get("isEnabled") is not False
    )
    return {
        each.get("resource")
        for each in sources
        if (each.get("service"), each.get("category")) == (service, category)
    }


def is_bare_metal(resource: Resource) -> bool:
    return str(resource.inputs.get("nodeShape") or launch_of(resource).get("shape")).startswith("BM.")
