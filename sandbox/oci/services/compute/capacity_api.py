"""Compute: reports of free capacity in OCI's REST API."""

from typing import Any

from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.outward import api_time
from sandbox.oci.api.request import Request, Response
from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.rules.hosts import WITH_HOSTS, hosts_of
from sandbox.oci.services.compute.shapes import shape_exists
from sandbox.oci.services.identity.domains import domain_names
from sandbox.store import now


@answers("core.ComputeClient", "create_compute_capacity_report")
def capacity_report(request: Request) -> Response:
    """How many hosts of each shape are free in a domain. Without a limit of the sandbox there is no number."""
    body, account = request.body, request.account
    domain = body["availabilityDomain"]
    if domain not in domain_names(account.region, account.tenancy):
        raise invalid_parameter(f"availabilityDomain: {domain} is not a domain of {account.region}.")
    wanted = body["shapeAvailabilities"] or []
    rows = [_row(request.cloud, str(each["instanceShape"]), domain, each) for each in wanted]
    report = {
        "compartmentId": body["compartmentId"],
        "availabilityDomain": domain,
        "shapeAvailabilities": rows,
        "timeCreated": api_time(now()),
    }
    return Response(body=report)


def _row(cloud: Cloud, shape: str, domain: str, asked: dict[str, Any]) -> dict[str, Any]:
    if not shape_exists(shape):
        return {**asked, "availabilityStatus": "HARDWARE_NOT_SUPPORTED"}
    total = cloud.capacity(shape, domain)
    if total is None:
        return {**asked, "availabilityStatus": "AVAILABLE"}
    used = sum(
        hosts_of(cloud, token, entry.inputs)[shape, domain]
        for token in WITH_HOSTS
        for entry in cloud.all(token)
    )
    free = max(total - used, 0)
    return {
        **asked,
        "availabilityStatus": "AVAILABLE" if free else "OUT_OF_HOST_CAPACITY",
        "availableCount": free,
    }
