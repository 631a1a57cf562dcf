"""Checks of single fields, wherever an object contains their type.

Compared with a Kubernetes 1.36.1 API server: every field of this project's objects was left out, emptied and given a
wrong value. The messages are that server's. `enums.json` contains the values that its OpenAPI document lists.
"""

from collections.abc import Iterator

from sandbox.kubernetes.api.kinds import Kind
from sandbox.kubernetes.api.openapi import definition_of
from sandbox.kubernetes.api.values import Json
from sandbox.kubernetes.scheduling.pods import templates_of

from . import downward, network, pod, policies, selectors, sizes, storage, workloads
from .custom import custom_problems
from .walk import Checks, walk

_CHECKS: Checks = {
    **downward.CHECKS,
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
    """Problems of all fields that the API server of a version would refuse.

    The pod templates of a custom kind are checked too: the server accepts any, and the kind's controller fails later.
    """
    if kind.native:
        name = definition_of(version, kind)
        if name is not None:
            yield from walk(version, name, body, "", _CHECKS)
        return
    yield from custom_problems(version, kind, body)
    for path, template in templates_of(body):
        yield from walk(version, _TEMPLATE, template, path, _CHECKS)
