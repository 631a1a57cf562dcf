"""Resource types of which the toolkit does not know whether they hold data."""

from collections.abc import Iterable

from facts.holders import HOLDERS, NO_DATA, SAFEGUARDS
from facts.provider_lifecycles import lifecycles
from report.resources import Resource, is_component

_GROUPS = frozenset(
    {
        "aigateway.envoyproxy.io",
        "external-secrets.io",
        "gateway.envoyproxy.io",
        "helm.sh",
        "keda.sh",
        "leaderworkerset.x-k8s.io",
        "monitoring.coreos.com",
    }
)
"""API groups of the custom resources that the toolkit's charts read. They have no volumes that are not claims.
`helm.sh` is the engine's own type of a chart: `report.danger.contents_of` looks for claims in it."""


def unknown_types(resources: Iterable[Resource]) -> list[str]:
    """The types among these resources that are neither a holder of data nor known to hold none.

    Known are the types of the OCI provider that the toolkit's components create, Kubernetes' own types, and the custom
    resources of the toolkit's charts.
    """
    return sorted({each.type for each in resources if each.custom and not is_known(each.type)})


def is_known(token: str) -> bool:
    """Whether the toolkit knows if a type holds data."""
    if is_component(token) or token.startswith("pulumi:"):
        return True
    if token.startswith("kubernetes:"):
        group = token.split(":")[1].partition("/")[0]
        return "." not in group or group.endswith(".k8s.io") or group in _GROUPS
    return token in HOLDERS or token in NO_DATA or token in SAFEGUARDS or token in lifecycles()
