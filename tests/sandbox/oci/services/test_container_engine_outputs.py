"""Endpoints of clusters, nodes of pools, the versions and images of OKE, and the kubeconfig."""

from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from facts.kubernetes import OFFERED_VERSIONS
from sandbox.oci.errors import OciError
from tests.sandbox.oci.clusters import cluster, pool
from tests.sandbox.oci.driver import Driver, Made
from tests.sandbox.oci.minimal import domains

KUBECONFIG = "oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig"


def test_a_private_cluster_has_an_address_in_its_subnet_and_no_public_one(driver: Driver) -> None:
    (endpoint,) = cluster(driver).outputs["endpoints"]

    host = endpoint["privateEndpoint"].removesuffix(":6443")
    assert ip_address(host) in ip_network("10.0.1.0/24")
    assert endpoint["publicEndpoint"] == ""
    assert endpoint["vcnHostnameEndpoint"].endswith(".api.net.oraclevcn.com:6443")


def test_a_public_cluster_has_an_address_of_a_documentation_range(driver: Driver) -> None:
    (endpoint,) = cluster(driver, public=True).outputs["endpoints"]

    host = endpoint["publicEndpoint"].removesuffix(":6443")
    assert any(
        ip_address(host) in ip_network(each) for each in ("203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24")
    )


@pytest.mark.parametrize(("version", "next_ones"), [("v1.34.2", ["v1.35.2"]), ("v1.36.1", [])])
def test_a_control_plane_can_be_upgraded_by_one_minor_version(
    driver: Driver, version: str, next_ones: list[str]
) -> None:
    assert cluster(driver, version).outputs["availableKubernetesUpgrades"] == next_ones


def test_a_pool_spreads_its_nodes_and_gives_each_an_address(driver: Driver) -> None:
    nodes = pool(driver, 4).outputs["nodes"]

    assert [each["availabilityDomain"] for each in nodes] == domains(driver)[:2] * 2
    assert len({each["privateIp"] for each in nodes}) == 4
    assert len({each["id"] for each in nodes}) == 4
    assert all(ip_address(each["privateIp"]) in ip_network("10.0.1.0/24") for each in nodes)


def test_a_pool_that_shrinks_and_grows_keeps_its_remaining_nodes(driver: Driver) -> None:
    made = pool(driver, 3)
    before = [each["id"] for each in made.outputs["nodes"]]

    smaller = driver.update(made, **_sized(made, 2))
    larger = driver.update(smaller, **_sized(made, 3))

    assert [each["id"] for each in smaller.outputs["nodes"]] == before[:2]
    after = [each["id"] for each in larger.outputs["nodes"]]
    assert after[:2] == before[:2]
    assert after[2] != before[2]


def _sized(made: Made, size: int) -> dict[str, Any]:
    return made.inputs | {"nodeConfigDetails": made.inputs["nodeConfigDetails"] | {"size": size}}


def test_oke_offers_its_versions_and_an_image_for_each(driver: Driver) -> None:
    offered = driver.invoke("oci:ContainerEngine/getClusterOption:getClusterOption", clusterOptionId="all")
    token = "oci:ContainerEngine/getNodePoolOption:getNodePoolOption"
    nodes = driver.invoke(token, nodePoolOptionId="all", nodePoolK8sVersion="v1.36.1")

    assert offered["kubernetesVersions"] == list(OFFERED_VERSIONS)
    assert nodes["sources"]
    assert all("-OKE-1.36.1-" in each["sourceName"] for each in nodes["sources"])
    assert "BM.GPU.MI300X.8" in nodes["shapes"]


def test_a_kubeconfig_asks_the_oci_cli_for_its_token(driver: Driver) -> None:
    made = cluster(driver)

    document = yaml.safe_load(driver.invoke(KUBECONFIG, clusterId=made.id)["content"])

    server = document["clusters"][0]["cluster"]["server"]
    assert server == f"https://{made.outputs['endpoints'][0]['privateEndpoint']}"
    login = document["users"][0]["user"]["exec"]
    assert login["command"] == "oci"
    assert made.id in login["args"]


def test_a_private_cluster_has_no_public_kubeconfig(driver: Driver) -> None:
    with pytest.raises(OciError, match="does not have a PUBLIC_ENDPOINT"):
        driver.invoke(KUBECONFIG, clusterId=cluster(driver).id, endpoint="PUBLIC_ENDPOINT")


def test_a_kubeconfig_of_the_user_replaces_the_generated_one(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "kind.yaml"
    own.write_text("mine")
    monkeypatch.setenv("SANDBOX_KUBECONFIG", str(own))

    assert driver.invoke(KUBECONFIG, clusterId=cluster(driver).id)["content"] == "mine"
