"""OkeCluster: endpoint, encryption, kubeconfig, add-ons, rules."""

from typing import Any

import pytest
import yaml

from components.cluster.cluster_addons import AddonArgs
from components.cluster.kubeconfig import adapted
from components.cluster.oke_cluster import OkeCluster, OkeClusterArgs, cluster_problems
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run
from tests.support.provider_inputs import input_faults

CLUSTER = "oci:ContainerEngine/cluster:Cluster"
ADDON = "oci:ContainerEngine/addon:Addon"
KUBECONFIG = "oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig"
KEY = "ocid1.key.oc1.iad.v.secrets"


def kubeconfig(arguments: Any) -> dict[str, Any]:
    address = {"PRIVATE_ENDPOINT": "10.0.0.5", "PUBLIC_ENDPOINT": "192.0.2.7"}[arguments["endpoint"]]
    assert arguments["tokenVersion"] == "2.0.0"
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": f"https://{address}:6443"}}],
        "users": [{"name": "u", "user": {"exec": {"command": "oci", "args": [arguments["clusterId"]]}}}],
    }
    return {"content": yaml.safe_dump(content), **arguments, "id": "kubeconfig"}


def endpoints(token: str, _name: str, inputs: Any) -> dict[str, Any]:
    if token != CLUSTER:
        return {}
    public = "192.0.2.7:6443" if inputs["endpointConfig"]["isPublicIpEnabled"] else None
    return {"endpoints": [{"privateEndpoint": "10.0.0.5:6443", "publicEndpoint": public}]}


def cluster_args(**changes: Any) -> OkeClusterArgs:
    given: dict[str, Any] = {
        "compartment_id": "ocid1.compartment.oc1..c",
        "vcn_id": "ocid1.vcn.oc1.iad.v",
        "kubernetes_version": "v1.36.1",
        "endpoint_subnet_id": "ocid1.subnet.oc1.iad.api",
        "endpoint_nsg_ids": ["ocid1.networksecuritygroup.oc1.iad.api"],
        "load_balancer_subnet_ids": ["ocid1.subnet.oc1.iad.lb"],
        "secrets_key_id": KEY,
        "tags": {"environment": "test"},
        **changes,
    }
    return OkeClusterArgs(**given)


def cluster(preview: bool = False, **changes: Any) -> Recording:
    return run(
        lambda: OkeCluster("test", cluster_args(**changes), oci_options()) and None,
        preview,
        outputs=endpoints,
        calls={KUBECONFIG: kubeconfig},
    )


def outputs(**changes: Any) -> dict[str, Any]:
    return cluster(**changes).named("test").outputs or {}


EVERYTHING: dict[str, Any] = {
    "public_endpoint": True,
    "services_cidr": "10.100.0.0/20",
    "image_signing_key_ids": ["ocid1.key.oc1.iad.v.sign"],
    "addons": {"CoreDNS": AddonArgs(configurations={"nodesPerReplica": "8"})},
    "protect": True,
}


@pytest.mark.parametrize("changes", [{}, EVERYTHING, {"tags": None, "endpoint_nsg_ids": None}])
@pytest.mark.parametrize("preview", [False, True])
def test_the_provider_accepts_every_input(changes: dict[str, Any], preview: bool):
    made = [each for each in cluster(preview, **changes) if each.custom and each.type.startswith("oci:")]
    assert made
    for each in made:
        assert not list(input_faults(each.type, each.inputs)), each.name


def test_it_is_enhanced_with_pods_in_the_vcn_and_encrypted_from_the_first_day():
    inputs = cluster().one(CLUSTER).inputs
    assert inputs["type"] == "ENHANCED_CLUSTER"
    assert inputs["clusterPodNetworkOptions"] == [{"cniType": "OCI_VCN_IP_NATIVE"}]
    assert inputs["kmsKeyId"] == KEY
    assert inputs["options"]["kubernetesNetworkConfig"] == {"servicesCidr": "10.96.0.0/16"}


def test_the_key_cannot_be_left_out():
    others: dict[str, Any] = {"endpoint_subnet_id": "s", "load_balancer_subnet_ids": ["l"], "vcn_id": "v"}
    with pytest.raises(TypeError, match="secrets_key_id"):
        OkeClusterArgs(compartment_id="c", kubernetes_version="v1.36.1", **others)


@pytest.mark.parametrize(
    ("public", "address"), [(None, "10.0.0.5"), (False, "10.0.0.5"), (True, "192.0.2.7")]
)
def test_the_public_endpoint_is_used_if_there_is_one(public: bool | None, address: str):
    seen = cluster(public_endpoint=public)
    found = seen.named("test").outputs or {}
    assert seen.one(CLUSTER).inputs["endpointConfig"]["isPublicIpEnabled"] is bool(public)
    assert found["endpoint"] == f"{address}:6443"
    assert (
        yaml.safe_load(found["kubeconfig"])["clusters"][0]["cluster"]["server"] == f"https://{address}:6443"
    )
    assert found["clusterId"] == "ocid1.cluster.oc1.iad.test-cluster"


def test_the_kubeconfig_can_go_through_a_tunnel_and_still_expects_the_real_server():
    found = outputs(tunnel_port=6443)
    config = yaml.safe_load(found["kubeconfig"])
    assert config["clusters"][0]["cluster"] == {
        "server": "https://127.0.0.1:6443",
        "tls-server-name": "10.0.0.5",
    }
    assert config["users"][0]["user"]["exec"]["command"] == "oci"
    assert found["endpoint"] == "10.0.0.5:6443", "the server of the tunnel"


@pytest.mark.parametrize("port", [None, 7001])
def test_the_kubeconfig_is_a_secret(port: int | None):
    secrets: list[bool] = []

    async def program() -> None:
        args = OkeClusterArgs(
            compartment_id="c",
            vcn_id="v",
            kubernetes_version="v1.36.1",
            endpoint_subnet_id="s",
            load_balancer_subnet_ids=["l"],
            secrets_key_id=KEY,
            tunnel_port=port,
        )
        secrets.append(await OkeCluster("test", args, oci_options()).kubeconfig.is_secret())

    run(program, outputs=endpoints, calls={KUBECONFIG: kubeconfig})
    assert secrets == [True]


def test_it_survives_a_first_preview():
    seen = cluster(preview=True, **EVERYTHING)
    assert seen.named("test").outputs == {
        "clusterId": UNKNOWN,
        "endpoint": UNKNOWN,
        "kubeconfig": UNKNOWN,
    }
    assert seen.one(ADDON).inputs["clusterId"] == UNKNOWN


def test_images_must_be_signed_only_if_keys_are_given():
    assert cluster().one(CLUSTER).inputs["imagePolicyConfig"] == {"isPolicyEnabled": False}
    assert cluster(**EVERYTHING).one(CLUSTER).inputs["imagePolicyConfig"] == {
        "isPolicyEnabled": True,
        "keyDetails": [{"kmsKeyId": "ocid1.key.oc1.iad.v.sign"}],
    }


def test_a_protected_cluster_is_kept():
    plain, kept = cluster().one(CLUSTER), cluster(protect=True).one(CLUSTER)
    assert (bool(plain.protect), bool(plain.retain_on_delete)) == (False, False)
    assert (kept.protect, kept.retain_on_delete) == (True, True)
    assert plain.custom_timeouts.create == "60m"


def test_tags_reach_the_resources_that_kubernetes_creates():
    inputs = cluster().one(CLUSTER).inputs
    tags = {"environment": "test"}
    assert inputs["freeformTags"] == tags
    assert inputs["options"]["persistentVolumeConfig"]["freeformTags"] == tags
    assert inputs["options"]["serviceLbConfig"]["freeformTags"] == tags


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"kubernetes_version": "1.36.1"}, "test.kubernetesVersion"),
        ({"services_cidr": "10.96.0.1/16"}, "test.servicesCidr"),
        ({"services_cidr": "10.96.0.0/29"}, "test.servicesCidr"),
        ({"secrets_key_id": "ocid1.vault.oc1.iad.v"}, "test.secretsKeyId"),
        ({"tunnel_port": 0}, "test.tunnelPort"),
        ({"auth": "Password"}, "test.auth"),
        ({"tunnel_port": 6443, "public_endpoint": True}, "test.tunnelPort"),
        ({"endpoint_nsg_ids": ["n"] * 6}, "test.endpointNsgIds"),
        ({"load_balancer_subnet_ids": []}, "test.loadBalancerSubnetIds"),
        ({"load_balancer_subnet_ids": ["a", "b", "c"]}, "test.loadBalancerSubnetIds"),
        ({"addons": {"coreDNS": AddonArgs()}}, "test.addons"),
    ],
)
def test_each_rule_is_applied_by_the_component(changes: dict[str, Any], path: str):
    with pytest.raises(InvalidInput) as caught:
        cluster(**changes)
    assert [problem.path for problem in caught.value.problems] == [path]


def test_services_must_be_outside_the_vcn():
    inside = cluster_problems(
        cluster_args(services_cidr="10.0.96.0/20"), vcn_cidr="10.0.0.0/16", path="cluster"
    )
    assert [(problem.path, problem.allowed) for problem in inside] == [
        ("cluster.servicesCidr", "must not overlap the VCN, 10.0.0.0/16")
    ]
    assert not list(cluster_problems(cluster_args(), vcn_cidr="10.0.0.0/16", path="cluster"))


def test_a_misspelled_version_gets_a_suggestion():
    (problem,) = cluster_problems(cluster_args(kubernetes_version="1.36.1"), path="cluster")
    assert problem.fix == "Did you mean `v1.36.1`?"


def test_services_with_host_bits_get_the_network_as_the_fix():
    (problem,) = cluster_problems(cluster_args(services_cidr="10.96.0.1/16"), path="cluster")
    assert str(problem).endswith("must be a network address, without host bits. Use 10.96.0.0/16")


@pytest.mark.parametrize(
    ("auth", "profile", "options"),
    [
        ("ApiKey", None, ["--auth", "api_key"]),
        ("ApiKey", "WORK", ["--auth", "api_key", "--profile", "WORK"]),
        ("SecurityToken", "SSO", ["--auth", "security_token", "--profile", "SSO"]),
        ("InstancePrincipal", "WORK", ["--auth", "instance_principal"]),
        ("ResourcePrincipal", None, ["--auth", "resource_principal"]),
        ("OKEWorkloadIdentity", None, ["--auth", "oke_workload_identity"]),
        ("WorkloadIdentityFederation", None, []),
        (None, "WORK", []),
    ],
)
@pytest.mark.parametrize("port", [None, 6443])
def test_the_kubeconfig_logs_in_as_the_provider_does(
    auth: str | None, profile: str | None, options: list[str], port: int | None
):
    text = outputs(auth=auth, config_file_profile=profile, tunnel_port=port)["kubeconfig"]
    call = yaml.safe_load(text)["users"][0]["user"]["exec"]
    assert call["args"][1:] == options, "the cluster's id comes first, as OKE writes it"


def test_a_login_that_already_has_options_does_not_change():
    text = yaml.safe_dump(
        {"users": [{"name": "u", "user": {"exec": {"command": "oci", "args": ["--auth", "api_key"]}}}]}
    )
    login = ("--auth", "security_token", "--profile", "SSO")
    call = yaml.safe_load(adapted(text, login=login))["users"][0]["user"]["exec"]
    assert call["args"] == ["--auth", "api_key", "--profile", "SSO"]


def test_a_kubeconfig_of_another_kind_keeps_its_own_login():
    text = yaml.safe_dump({"users": [{"name": "u", "user": {"token": "t"}}]})
    assert yaml.safe_load(adapted(text, login=("--auth", "api_key"))) == yaml.safe_load(text)


def test_a_host_in_the_vcn_gets_the_private_address_of_a_public_endpoint():
    found = outputs(public_endpoint=True, inside=True)
    assert "10.0.0.5" in found["kubeconfig"]
    assert found["endpoint"] == "10.0.0.5:6443"
