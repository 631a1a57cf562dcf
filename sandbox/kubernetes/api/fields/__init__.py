"""What the API server refuses of single fields, wherever an object holds their type.

Compared with an API server of Kubernetes 1.36.1 by leaving out, emptying and spoiling every field of this project's
objects; wordings are that server's. `enums.json` holds the values that its OpenAPI document lists.
"""

from collections.abc import Iterator

from sandbox.kubernetes.api.kinds import Kind
from sandbox.kubernetes.api.openapi import definition_of
from sandbox.kubernetes.api.values import Json
from sandbox.kubernetes.scheduling.pods import templates_of

from . import network, pod, policies, selectors, sizes, storage, workloads
from .walk import Checks, walk

_CHECKS: Checks = {
    **network.CHECKS,
    **pod.CHECKS,
    **policies.CHECKS,
    **selectors.CHECKS,
    **sizes.CHECKS,
    **storage.CHECKS,
    **workloads.CHECKS,
}
_TEMPLATE = "io.k8s.api.core.v1.PodTemplateSpec"


def field_problems(version: str, kind: Kind, body: Json) -> Iterator[str]:
    """Every field of an object that the API server of a version would refuse.

    Of a custom kind its pods are looked into: the server takes them as they are, and its controller then fails on them.
    """
    if kind.native:
        name = definition_of(version, kind)
        if name is not None:
            yield from walk(version, name, body, "", _CHECKS)
        return
    for path, template in templates_of(body):
        yield from walk(version, _TEMPLATE, template, path, _CHECKS)
