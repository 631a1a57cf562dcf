"""Settings of the tenancy that stay after their stack is destroyed, because the provider's delete does nothing.

Source: terraform-provider-oci 8.28, internal/service: cloud_guard and audit.
"""

from collections.abc import Iterable, Iterator, Mapping

from report.resources import Resource

STAYING: Mapping[str, str] = {
    "oci:CloudGuard/cloudGuardConfiguration:CloudGuardConfiguration": (
        "Cloud Guard stays enabled: disable it in the console if nothing else needs it"
    ),
    "oci:Audit/configuration:Configuration": "the audit log keeps its retention: change it in the console",
}
"""What stays of each type, and what to do about it."""


def staying(resources: Iterable[Resource]) -> Iterator[str]:
    """What stays in the tenancy after a destroy of these resources."""
    found = {each.type for each in resources}
    yield from (what for token, what in STAYING.items() if token in found)
