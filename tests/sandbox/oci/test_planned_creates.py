"""Foreseen refusals of a create that other creates of the same change cause."""

from typing import Any

import pytest

from sandbox.oci.cloud import Cloud
from sandbox.oci.engine_values import UNKNOWN
from sandbox.oci.foresight import Foresight
from sandbox.oci.rules import Call
from tests.sandbox.oci.conftest import AD1, CLUSTER, COMPARTMENT, GPU, POOL, REGION, Service

BUCKET = "oci:ObjectStorage/bucket:Bucket"
COMPARTMENT_TYPE = "oci:Identity/compartment:Compartment"
RRSET = "oci:Dns/rrset:Rrset"
SUBNET = "oci:Core/subnet:Subnet"
VCN = "oci:Core/vcn:Vcn"


class Change:
    """The creates of one preview, in the engine's order."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.foresight = Foresight()

    def make(self, token: str, logical: str, /, **inputs: Any) -> str | None:
        """The warning about it, or None. `logical` is its name in the program."""
        given = {"compartmentId": COMPARTMENT, **inputs}
        urn = f"urn:pulumi:test::test::{token}::{logical}"
        return self.foresight.foresee(Call(self.cloud, token, "create", REGION, given, None, urn))


def test_two_buckets_of_one_name_in_one_change_are_foreseen(cloud: Cloud) -> None:
    change = Change(cloud)
    assert change.make(BUCKET, "first", namespace="ns", name="one") is None
    assert "BucketAlreadyExists" in str(change.make(BUCKET, "second", namespace="ns", name="one"))
    assert change.make(BUCKET, "third", namespace="ns", name="two") is None
    assert change.make(BUCKET, "first", namespace="ns", name="one") is None, (
        "a resource does not conflict with itself"
    )
    assert cloud.entries() == [], "planned resources are not created"


def test_two_subnets_of_one_range_in_a_new_network_are_foreseen(
    cloud: Cloud,
) -> None:
    change = Change(cloud)
    assert change.make(VCN, "vcn", cidrBlocks=["10.0.0.0/16"]) is None
    assert change.make(SUBNET, "a", vcnId=UNKNOWN, cidrBlock="10.0.1.0/24") is None
    said = str(change.make(SUBNET, "b", vcnId=UNKNOWN, cidrBlock="10.0.1.0/25"))
    assert "10.0.1.0/24" in said
    assert change.make(SUBNET, "c", vcnId=UNKNOWN, cidrBlock="10.0.2.0/24") is None


def test_subnets_of_one_range_in_two_new_networks_are_not_refused(cloud: Cloud) -> None:
    change = Change(cloud)
    for name in ("one", "two"):
        assert change.make(VCN, name, cidrBlocks=["10.0.0.0/16"]) is None
    for name in ("a", "b"):
        assert change.make(SUBNET, name, vcnId=UNKNOWN, cidrBlock="10.0.1.0/24") is None


def test_an_alias_beside_another_record_of_the_same_change_is_foreseen(cloud: Cloud) -> None:
    change = Change(cloud)
    assert change.make("oci:Dns/zone:Zone", "zone", name="example.com", zoneType="PRIMARY") is None

    def record(name: str, kind: str, data: str) -> str | None:
        item = {"domain": "api.example.com", "rtype": kind, "rdata": data, "ttl": 300}
        given = {"zoneNameOrId": UNKNOWN, "domain": item["domain"], "rtype": kind, "items": [item]}
        return change.make(RRSET, name, **given)

    assert record("address", "A", "192.0.2.1") is None
    assert "CNAME record at api.example.com" in str(record("alias", "CNAME", "b.example.com"))


def test_security_rules_with_unknown_sources_are_not_refused(cloud: Cloud) -> None:
    change = Change(cloud)
    rule = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"
    given = {"networkSecurityGroupId": UNKNOWN, "direction": "INGRESS", "protocol": "6", "source": UNKNOWN}
    assert [change.make(rule, name, **given) for name in ("a", "b")] == [None, None]


@pytest.mark.parametrize(("goes", "said"), [(False, "None"), (True, "CompartmentAlreadyExists")])
def test_a_compartment_that_a_create_takes_over_is_not_refused(
    cloud: Cloud, service: Service, goes: bool, said: str
) -> None:
    wanted = {"name": "prod", "description": "ours", "enableDelete": goes}
    assert Change(cloud).make(COMPARTMENT_TYPE, "alone", **wanted) is None
    planned = Change(cloud)
    assert planned.make(COMPARTMENT_TYPE, "first", **wanted) is None
    assert said in str(planned.make(COMPARTMENT_TYPE, "second", **wanted)), (
        "another create of the same change"
    )
    service.create(COMPARTMENT_TYPE, **wanted)
    assert said in str(Change(cloud).make(COMPARTMENT_TYPE, "alone", **wanted)), "an existing one"


@pytest.mark.parametrize(
    ("network", "inputs", "said"),
    [
        ({"cidrBlocks": ["10.0.0.0/16"]}, {"cidrBlock": "10.1.0.0/24"}, "not within VCN CIDR 10.0.0.0/16"),
        ({"cidrBlocks": ["10.0.0.0/16"]}, {"cidrBlock": "10.0.0.0/24"}, "None"),
        ({"cidrBlocks": UNKNOWN}, {"cidrBlock": "10.1.0.0/24"}, "None"),
        (
            {"cidrBlocks": ["10.0.0.0/16"]},
            {"cidrBlock": "10.0.0.0/24", "dnsLabel": "gpu"},
            "VCN vcn has no DNS label",
        ),
        (
            {"cidrBlocks": ["10.0.0.0/16"], "dnsLabel": "net"},
            {"cidrBlock": "10.0.0.0/24", "dnsLabel": "gpu"},
            "None",
        ),
    ],
)
def test_a_subnet_that_its_own_new_network_refuses_is_foreseen(
    cloud: Cloud, network: dict[str, Any], inputs: dict[str, Any], said: str
) -> None:
    change = Change(cloud)
    assert change.make(VCN, "vcn", **network) is None
    assert said in str(change.make(SUBNET, "subnet", vcnId=UNKNOWN, **inputs))
    assert cloud.entries() == [], "planned resources are not created"


def test_a_subnet_of_one_of_two_new_networks_is_not_refused_for_the_other(cloud: Cloud) -> None:
    change = Change(cloud)
    for name, cidr in (("one", "10.0.0.0/16"), ("two", "10.1.0.0/16")):
        assert change.make(VCN, name, cidrBlocks=[cidr]) is None
    assert change.make(SUBNET, "subnet", vcnId=UNKNOWN, cidrBlock="10.1.0.0/24") is None


def plan_cluster(change: Change, *networks: str) -> None:
    for network in networks:
        assert change.make(VCN, network, cidrBlocks=["10.0.0.0/16"]) is None
    assert change.make(SUBNET, "nodes", vcnId=UNKNOWN, cidrBlock="10.0.1.0/24") is None
    cluster = {"kubernetesVersion": "v1.35.2", "clusterPodNetworkOptions": [{"cniType": "FLANNEL_OVERLAY"}]}
    assert change.make(CLUSTER, "cluster", vcnId=UNKNOWN, **cluster) is None


def plan_pool(change: Change, version: str) -> str:
    places = [{"availabilityDomain": AD1, "subnetId": UNKNOWN}]
    pool = {"kubernetesVersion": version, "nodeShape": GPU, "nodeConfigDetails": {"size": 1}}
    pool["nodeConfigDetails"]["placementConfigs"] = places
    return str(change.make(POOL, "pool", clusterId=UNKNOWN, **pool))


def test_a_pool_that_is_newer_than_its_new_cluster_is_foreseen(cloud: Cloud) -> None:
    change = Change(cloud)
    plan_cluster(change, "vcn")
    assert "not compatible" in plan_pool(change, "v1.36.1")
    assert plan_pool(change, "v1.35.2") == "None"


def test_a_pool_with_an_ambiguous_network_is_not_refused(cloud: Cloud) -> None:
    change = Change(cloud)
    plan_cluster(change, "one", "two")
    assert plan_pool(change, "v1.35.2") == "None"


def plan_key(change: Change, *vaults: str, **inputs: Any) -> str | None:
    for kind in vaults:
        made = change.make("oci:Kms/vault:Vault", kind, displayName=kind, vaultType=kind)
        assert made is None
    given = {"keyShape": {"algorithm": "AES", "length": 32}, "managementEndpoint": UNKNOWN, **inputs}
    return change.make("oci:Kms/key:Key", "key", **given)


def test_a_key_that_its_own_new_vault_refuses_is_foreseen(cloud: Cloud) -> None:
    said = plan_key(Change(cloud), "DEFAULT", isAutoRotationEnabled=True)
    assert "virtual private vault only" in str(said)
    assert plan_key(Change(cloud), "VIRTUAL_PRIVATE", isAutoRotationEnabled=True) is None
    assert plan_key(Change(cloud), "DEFAULT") is None


def test_a_key_of_one_of_two_new_vaults_is_not_refused_for_the_other(cloud: Cloud) -> None:
    assert plan_key(Change(cloud), "DEFAULT", "VIRTUAL_PRIVATE", isAutoRotationEnabled=True) is None


@pytest.mark.parametrize("vaults", [(), ("DEFAULT",), ("DEFAULT", "VIRTUAL_PRIVATE")])
def test_an_invalid_key_of_a_new_vault_is_foreseen(cloud: Cloud, vaults: tuple[str, ...]) -> None:
    said = plan_key(Change(cloud), *vaults, keyShape={"algorithm": "AES", "length": 33})
    assert "length 33 is invalid" in str(said)


def test_a_new_key_whose_grant_may_still_come_is_not_refused(cloud: Cloud) -> None:
    change = Change(cloud)
    vault = {"managementEndpoint": "https://one-management.kms.us-ashburn-1.oraclecloud.com"}
    assert change.make("oci:Kms/key:Key", "key", keyShape={"algorithm": "AES", "length": 32}, **vault) is None
    volume = {"availabilityDomain": AD1, "kmsKeyId": UNKNOWN}
    assert change.make("oci:Core/volume:Volume", "volume", **volume) is None
