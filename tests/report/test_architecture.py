"""What the picture of a stack shows, read from its resources."""

from collections.abc import Mapping

from facts.prices import load_prices
from report.architecture import architecture_of
from report.resources import UNKNOWN, Resource
from report.sections.architecture import architecture
from report.view import View

VCN_ID = "ocid1.vcn.oc1.iad.v"


def resource(kind: str, name: str, inputs: Mapping[str, object]) -> Resource:
    return Resource(
        urn=f"urn:pulumi:dev::p::{kind}::{name}",
        type=kind,
        name=name,
        id=f"ocid1.{kind.rpartition(':')[2].lower()}.oc1.iad.{name}",
        inputs=inputs,
        outputs={},
    )


def pool(subnet: object) -> Resource:
    placements = [{"availabilityDomain": f"Uocm:US-ASHBURN-AD-{n}", "subnetId": subnet} for n in (2, 1)]
    details = {"size": 3, "placementConfigs": placements}
    inputs = {"name": "dev-gpu", "nodeShape": "BM.GPU.MI300X.8", "nodeConfigDetails": details}
    return resource("oci:ContainerEngine/nodePool:NodePool", "gpu", inputs)


NETWORK = [
    resource("oci:Core/vcn:Vcn", "v", {"displayName": "dev-network", "cidrBlocks": ["10.0.0.0/16"]}),
    resource(
        "oci:Core/subnet:Subnet",
        "s",
        {
            "displayName": "dev-network-gpu",
            "vcnId": VCN_ID,
            "cidrBlock": "10.0.3.0/24",
            "prohibitPublicIpOnVnic": True,
        },
    ),
    resource("oci:ObjectStorage/bucket:Bucket", "b", {"name": "dev-open", "accessType": "ObjectRead"}),
    resource("oci:Kms/key:Key", "k", {}),
]


def test_nodes_have_their_zones_and_gpus_in_their_subnet() -> None:
    found = architecture_of([*NETWORK, pool("ocid1.subnet.oc1.iad.s")], "dev")
    assert found["vcns"] == [
        {
            "name": "network",
            "cidrs": ["10.0.0.0/16"],
            "gateways": [],
            "subnets": [
                {
                    "name": "gpu",
                    "cidr": "10.0.3.0/24",
                    "public": False,
                    "places": [
                        {
                            "id": 2,
                            "name": "nodes",
                            "kind": "worker",
                            "public": False,
                            "lines": ["3 x BM.GPU.MI300X.8"],
                            "zones": ["AD-1", "AD-2"],
                            "gpus": 24,
                        }
                    ],
                }
            ],
        }
    ]
    assert found["gpus"] == 24


def test_public_buckets_are_named_as_such_and_keys_are_counted() -> None:
    services = architecture_of(NETWORK, "dev")["services"]
    assert services == [
        {"name": "Object Storage", "lines": ["open (public)"]},
        {"name": "Vault", "lines": ["1 key"]},
    ]


def test_a_subnet_that_only_an_ocid_names_is_drawn_apart() -> None:
    found = architecture_of([pool("ocid1.subnet.oc1.iad.other")], "dev")
    (vcn,) = found["vcns"]  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType]
    assert vcn["name"] == "subnets of an existing network"
    assert [each["public"] for each in vcn["subnets"]] == [None]


def test_what_is_not_known_before_up_is_counted_and_said() -> None:
    section = architecture(View(stack="dev", prices=load_prices(), after=[*NETWORK, pool(UNKNOWN)]))
    assert section.data["unknownCount"] == 1
    assert any("Not drawn" in str(each) for each in section.blocks)
