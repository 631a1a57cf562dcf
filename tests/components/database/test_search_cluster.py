"""SearchCluster: OpenSearch with dashboards and enforced security."""

from typing import Any

import pytest

from components.database.search_cluster import (
    SearchCluster,
    SearchClusterArgs,
    SearchNodesArgs,
    search_cluster_problems,
)
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

CLUSTER = "oci:Opensearch/cluster:Cluster"
ENDPOINTS = {"opensearchFqdn": "api.search", "opendashboardFqdn": "dash.search"}


def search_args(**changes: Any) -> SearchClusterArgs:
    return SearchClusterArgs(
        **{
            "compartment_id": "c",
            "vcn_id": "v",
            "subnet_id": "s",
            "nsg_id": "n",
            "password_secret_id": "secret",
            **changes,
        }
    )


def search(preview: bool = False, **changes: Any) -> Recording:
    program = lambda: SearchCluster("search", search_args(**changes), oci_options()) and None  # noqa: E731
    return run(program, preview, outputs=lambda *_: ENDPOINTS)


def nodes(count: int = 3, ocpus: int = 1, memory_gib: int = 20) -> SearchNodesArgs:
    return SearchNodesArgs(count=count, ocpus=ocpus, memory_gib=memory_gib)


def test_a_cluster_has_data_leader_and_dashboard_nodes_in_the_database_subnet():
    assert search().one(CLUSTER).inputs == {
        "compartmentId": "c",
        "displayName": "search",
        "softwareVersion": "2.15.0",
        "vcnId": "v",
        "vcnCompartmentId": "c",
        "subnetId": "s",
        "subnetCompartmentId": "c",
        "nsgId": "n",
        "dataNodeCount": 3,
        "dataNodeHostType": "FLEX",
        "dataNodeHostOcpuCount": 4,
        "dataNodeHostMemoryGb": 32,
        "dataNodeStorageGb": 200,
        "masterNodeCount": 3,
        "masterNodeHostType": "FLEX",
        "masterNodeHostOcpuCount": 1,
        "masterNodeHostMemoryGb": 20,
        "opendashboardNodeCount": 1,
        "opendashboardNodeHostOcpuCount": 1,
        "opendashboardNodeHostMemoryGb": 16,
        "securityMode": "ENFORCING",
        "securityMasterUserAuthDetails": {
            "userDetails": {
                "username": "playground",
                "passwordDetails": {"sourceType": "OCI_VAULT_SECRET", "vaultSecretId": "secret"},
            }
        },
    }


def test_the_given_address_is_notified_of_maintenance():
    seen = search(maintenance_emails=["ops@example.com"]).one(CLUSTER)
    assert seen.inputs["maintenanceDetails"] == {"notificationEmailIds": ["ops@example.com"]}


def test_clients_find_the_api_and_the_dashboards():
    outputs = search(username="reader").named("search").outputs
    assert outputs is not None
    assert outputs["connection"] == {
        "endpoint": "https://api.search:9200",
        "dashboards": "https://dash.search:5601",
        "user": "reader",
        "passwordSecretId": "secret",
    }


def test_a_protected_cluster_is_kept_when_the_stack_is_destroyed():
    seen = search(protect=True).one(CLUSTER)
    assert (seen.protect, seen.retain_on_delete) == (True, True)


def test_a_first_preview_shows_the_cluster():
    outputs = search(preview=True).named("search").outputs
    assert outputs is not None
    assert outputs["clusterId"] == UNKNOWN


def test_nothing_is_created_for_an_invalid_cluster():
    with pytest.raises(InvalidInput, match=r"search\.leaders\.count: 2; must be an odd number"):
        search(leaders=nodes(count=2))


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"data": nodes(count=0)}, "s.data.count"),
        ({"data": nodes(ocpus=0)}, "s.data.ocpus"),
        ({"data": nodes(memory_gib=19)}, "s.data.memoryGib"),
        ({"leaders": nodes(count=0)}, "s.leaders.count"),
        ({"leaders": nodes(count=2)}, "s.leaders.count"),
        ({"leaders": nodes(memory_gib=16)}, "s.leaders.memoryGib"),
        ({"dashboards": nodes(count=0)}, "s.dashboards.count"),
        ({"data_storage_gib": 0}, "s.dataStorageGib"),
        ({"version": "2.15"}, "s.version"),
        ({"maintenance_emails": ["ops"]}, "s.maintenanceEmails[0]"),
    ],
)
def test_an_invalid_value_is_reported_with_its_path(changes: dict[str, Any], path: str):
    assert [problem.path for problem in search_cluster_problems(search_args(**changes), path="s")] == [path]
