"""What Search with OpenSearch refuses."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Refused, Service
from tests.sandbox.oci.services.test_autonomous_database import OTHER_SECRET

SEARCH = "oci:Opensearch/cluster:Cluster"


def search(service: Service, **changes: Any) -> Entry:
    inputs: dict[str, Any] = {"softwareVersion": "2.15.0", "securityMode": "ENFORCING"}
    for kind in ("dataNode", "masterNode"):
        inputs |= {
            f"{kind}Count": 3,
            f"{kind}HostOcpuCount": 1,
            f"{kind}HostMemoryGb": 20,
            f"{kind}HostType": "FLEX",
        }
    inputs |= {
        "opendashboardNodeCount": 1,
        "opendashboardNodeHostOcpuCount": 1,
        "opendashboardNodeHostMemoryGb": 8,
    }
    inputs["securityMasterUserAuthDetails"] = master_user(
        sourceType="OCI_VAULT_SECRET", vaultSecretId=OTHER_SECRET
    )
    return service.create(SEARCH, **(inputs | changes))


def master_user(**password: Any) -> dict[str, Any]:
    return {"userDetails": {"username": "playground", "passwordDetails": password}}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dataNodeCount": 0}, "dataNodeCount must be greater than or equal to 1"),
        ({"opendashboardNodeHostOcpuCount": 0}, "opendashboardNodeHostOcpuCount must be"),
        ({"masterNodeHostMemoryGb": 16}, "the minimum is 20 GB per node"),
        ({"dataNodeHostType": "VM"}, "dataNodeHostType must be one of FLEX, BM"),
        ({"softwareVersion": "latest"}, "softwareVersion latest is not supported"),
        ({"securityMode": "STRICT"}, "securityMode must be one of"),
        ({"securityMasterUserAuthDetails": None}, "A security master user is required"),
        ({"securityMasterUserName": "x"}, "cannot be used with securityMasterUserName"),
        (
            {"securityMasterUserAuthDetails": master_user(sourceType="OCI_VAULT_SECRET")},
            "vaultSecretId is required when sourceType is OCI_VAULT_SECRET",
        ),
    ],
)
def test_a_wrong_search_cluster_is_refused(
    service: Service, refused: Refused, changes: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, search, service, **changes)
