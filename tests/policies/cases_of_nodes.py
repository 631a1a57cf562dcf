"""Cases of the policies for public databases, nodes and APIs."""

from typing import Any

from policies.model import Resource
from tests.policies.cases import (
    AUTONOMOUS,
    BUCKET,
    CLUSTER,
    INSTANCE,
    POOL,
    SUBNET,
    UNKNOWN,
    Case,
    make,
)

STREAMS = "oci:Streaming/streamPool:StreamPool"
ANALYTICS = "oci:Analytics/analyticsInstance:AnalyticsInstance"
REQUEST = "oci:ObjectStorage/preauthrequest:Preauthrequest"


def case(about: str, policy: str, resources: list[Resource], says: str = "") -> Case:
    return Case(about=about, policy=policy, resources=resources, says=says)


def pool_in(**subnet: Any) -> list[Resource]:
    place = {"nodeConfigDetails": {"placementConfigs": [{"subnetId": "id-of-subnet"}]}}
    return [make(POOL, place), make(SUBNET, subnet, name="subnet")]


def instance_in(*, card: dict[str, Any] | None = None, **subnet: Any) -> list[Resource]:
    details = {"createVnicDetails": {"subnetId": "id-of-subnet", **(card or {})}}
    return [make(INSTANCE, details), make(SUBNET, subnet, name="subnet")]


def instances_in(*, card: dict[str, Any] | None = None, **subnet: Any) -> list[Resource]:
    launched = {"instanceDetails": {"launchDetails": {"createVnicDetails": card or {}}}}
    place = {"placementConfigurations": [{"primarySubnetId": "id-of-subnet"}]}
    return [
        make(
            "oci:Core/instancePool:InstancePool", {"instanceConfigurationId": "id-of-configuration", **place}
        ),
        make("oci:Core/instanceConfiguration:InstanceConfiguration", launched, name="configuration"),
        make(SUBNET, subnet, name="subnet"),
    ]


def database_in(**subnet: Any) -> list[Resource]:
    system = make("oci:Database/dbSystem:DbSystem", {"subnetId": "id-of-subnet"})
    return [system, make(SUBNET, subnet, name="subnet")]


DATABASES = [
    case("a database in a subnet", "no-public-database", [make(AUTONOMOUS, {"subnetId": "s"})]),
    case("a subnet that is not created yet", "no-public-database", [make(AUTONOMOUS, {"subnetId": UNKNOWN})]),
    case(
        "a database without a subnet",
        "no-public-database",
        [
            make(AUTONOMOUS, {}),
        ],
        "subnetId is missing",
    ),
    case(
        "an empty subnet", "no-public-database", [make(AUTONOMOUS, {"subnetId": ""})], "subnetId is missing"
    ),
    case(
        "streams with a private endpoint",
        "no-public-database",
        [make(STREAMS, {"privateEndpointSettings": {"subnetId": "s"}})],
    ),
    case(
        "streams on the internet",
        "no-public-database",
        [make(STREAMS, {})],
        "privateEndpointSettings.subnetId",
    ),
    case(
        "a private bucket in another case",
        "no-public-database",
        [make(BUCKET, {"accessType": "NOPUBLICACCESS"})],
    ),
    case(
        "analytics on the internet",
        "no-public-database",
        [make(ANALYTICS, {"networkEndpointDetails": {"networkEndpointType": "PUBLIC"}})],
        "networkEndpointType: PUBLIC; must be PRIVATE",
    ),
    case(
        "analytics in a subnet",
        "no-public-database",
        [make(ANALYTICS, {"networkEndpointDetails": {"networkEndpointType": "PRIVATE"}})],
    ),
    case("a private bucket", "no-public-database", [make(BUCKET, {"accessType": "NoPublicAccess"})]),
    case("a bucket without the field", "no-public-database", [make(BUCKET, {})]),
    case(
        "a public bucket",
        "no-public-database",
        [make(BUCKET, {"accessType": "ObjectRead"})],
        "accessType: ObjectRead; must be NoPublicAccess",
    ),
    case("a system in a private subnet", "no-public-database", database_in(prohibitPublicIpOnVnic=True)),
    case("a system in a public subnet", "no-public-database", database_in(), "subnetId: subnet; must be"),
    case(
        "a link to a whole bucket",
        "no-public-database",
        [make(REQUEST, {"accessType": "anyObjectRead"})],
        "accessType: anyObjectRead; must be for one object",
    ),
    case("a link to one object", "no-public-database", [make(REQUEST, {"accessType": "ObjectRead"})]),
    case(
        "a public registry",
        "no-public-database",
        [make("oci:Artifacts/containerRepository:ContainerRepository", {"isPublic": True})],
        "isPublic: true; must be false",
    ),
    case(
        "a private registry",
        "no-public-database",
        [make("oci:Artifacts/containerRepository:ContainerRepository", {"isPublic": False})],
    ),
]

NODES = [
    case(
        "a private instance",
        "no-public-node",
        [make(INSTANCE, {"createVnicDetails": {"assignPublicIp": "false"}})],
    ),
    case(
        "a public instance",
        "no-public-node",
        [make(INSTANCE, {"createVnicDetails": {"assignPublicIp": "true"}})],
        "createVnicDetails.assignPublicIp: true; must be false",
    ),
    case(
        "a second card with a public address",
        "no-public-node",
        [make(POOL, {"secondaryVnics": [{"createVnicDetails": {"assignPublicIp": True}}]})],
        "secondaryVnics[0].createVnicDetails.assignPublicIp: true",
    ),
    case(
        "a public virtual node",
        "no-public-node",
        [
            make(
                "oci:ContainerEngine/containerInstance:ContainerInstance",
                {"vnics": [{"isPublicIpAssigned": True}]},
            )
        ],
        "vnics[0].isPublicIpAssigned: true",
    ),
    case(
        "another spelling of true",
        "no-public-node",
        [make(INSTANCE, {"createVnicDetails": {"assignPublicIp": "TRUE"}})],
        "createVnicDetails.assignPublicIp: true; must be false",
    ),
    case(
        "an address for a card",
        "no-public-node",
        [make("oci:Core/publicIp:PublicIp", {"lifetime": "RESERVED", "privateIpId": UNKNOWN})],
        "privateIpId: gives the card a public address",
    ),
    case("an address for a balancer", "no-public-node", [make("oci:Core/publicIp:PublicIp", {})]),
    case(
        "an instance in a public subnet",
        "no-node-in-public-subnet",
        instance_in(),
        "createVnicDetails.subnetId",
    ),
    case(
        "a private card in a public subnet",
        "no-node-in-public-subnet",
        instance_in(card={"assignPublicIp": "false"}),
    ),
    case(
        "an instance that names its subnet itself",
        "no-node-in-public-subnet",
        [make(INSTANCE, {"subnetId": "id-of-subnet"}), make(SUBNET, {}, name="subnet")],
        "subnetId: subnet; must be a subnet with prohibitPublicIpOnVnic",
    ),
    case("a private subnet", "no-node-in-public-subnet", instance_in(prohibitPublicIpOnVnic=True)),
    case(
        "a subnet of which nothing is known",
        "no-node-in-public-subnet",
        instance_in(prohibitPublicIpOnVnic=UNKNOWN),
    ),
    case(
        "a subnet before it is created",
        "no-node-in-public-subnet",
        [
            make(
                INSTANCE,
                {"createVnicDetails": {"subnetId": UNKNOWN}},
                uses={"createVnicDetails": [f"{SUBNET}::subnet"]},
            ),
            make(SUBNET, {}, name="subnet", known_id=False),
        ],
        "createVnicDetails.subnetId: subnet",
    ),
    case(
        "a pool of instances in a public subnet",
        "no-node-in-public-subnet",
        instances_in(),
        "placementConfigurations.primarySubnetId: subnet",
    ),
    case(
        "a pool of instances with private cards",
        "no-node-in-public-subnet",
        instances_in(card={"assignPublicIp": "false"}),
    ),
    case("an API outside of the network", "no-public-api", [make(CLUSTER, {})], "endpointConfig is missing"),
    case("a pool in a private subnet", "no-node-in-public-subnet", pool_in(prohibitPublicIpOnVnic=True)),
    case("a subnet without the internet", "no-node-in-public-subnet", pool_in(prohibitInternetIngress=True)),
    case(
        "a pool in a public subnet",
        "no-node-in-public-subnet",
        pool_in(prohibitPublicIpOnVnic=False),
        "subnet; must be a subnet with prohibitPublicIpOnVnic: true",
    ),
    case("a private API", "no-public-api", [make(CLUSTER, {"endpointConfig": {"isPublicIpEnabled": False}})]),
    case(
        "a public API",
        "no-public-api",
        [make(CLUSTER, {"endpointConfig": {"isPublicIpEnabled": True}})],
        "endpointConfig.isPublicIpEnabled: true; should be false",
    ),
]

CASES = [*DATABASES, *NODES]
