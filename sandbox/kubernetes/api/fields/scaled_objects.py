"""The rule about the bounds of a ScaledObject.

Source: x-kubernetes-validations in the definition of ScaledObject, kedacore/keda v2.20.2.
"""

from collections.abc import Iterator

from sandbox.kubernetes.api.values import Json, at

from .wording import invalid

_MOST = 100
"""KEDA's default of maxReplicaCount."""


def bound_problems(scaled: Json) -> Iterator[str]:
    """A minimum above the maximum."""
    least, most = at(scaled, "spec", "minReplicaCount"), at(scaled, "spec", "maxReplicaCount")
    if isinstance(least, int) and least > (most if isinstance(most, int) else _MOST):
        yield invalid("spec", "object", "minReplicaCount must be less than or equal to maxReplicaCount")
