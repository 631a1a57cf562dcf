"""The grants that Cloud Guard and the scanning service need in the tenancy.

Source: Oracle's landing zone, github.com/oci-landing-zones/oci-cis-landingzone-quickstart, and Oracle's pages "Cloud
Guard Policies" and "Scanning IAM Policies" (read in November 2026)."""

from collections.abc import Mapping

from facts.policies import Place, Service, Statement, Test

_GUARD, _SCANNER = Service("cloudguard"), Service("vulnerability-scanning-service")

_SCANNED = {
    "instances": "manage",
    "compartments": "read",
    "repos": "read",
    "vnics": "read",
    "vnic-attachments": "read",
}


def cloud_guard_grants() -> Mapping[str, Statement]:
    """Read everything, close ports of security groups as a response, and keep its own event rules."""
    return {
        "cloud guard reads everything": Statement(
            subject=_GUARD, verb="read", resource="all-resources", place=Place()
        ),
        "cloud guard uses security groups": Statement(
            subject=_GUARD, verb="use", resource="network-security-groups", place=Place()
        ),
        "cloud guard keeps its event rules": Statement(
            subject=_GUARD,
            verb="manage",
            resource="cloudevents-rules",
            place=Place(),
            where=Test("target.rule.type", "managed"),
        ),
    }


def scanning_grants() -> Mapping[str, Statement]:
    """Find instances with their addresses, install the scanner's plug-in, and read images."""
    return {
        f"the scanner {verb}s {resource}": Statement(
            subject=_SCANNER, verb=verb, resource=resource, place=Place()
        )
        for resource, verb in _SCANNED.items()
    }
