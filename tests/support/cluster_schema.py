"""The JSON schemas of Kubernetes' own kinds, for objects in a recording."""

from collections.abc import Iterable

import kubernetes_validate

from infra.offline.recording import Registered


def check_objects(resources: Iterable[Registered], version: str) -> None:
    """Check the Kubernetes objects among the resources against the schemas of a version. Fails if there are none."""
    objects = [each for each in resources if each.type.startswith("kubernetes:")]
    assert objects
    for each in objects:
        kubernetes_validate.validate(each.inputs, version, strict=True)
