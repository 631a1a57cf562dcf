"""The cloud's answers that the program reads: ids, computed outputs, and results of functions."""

import json
from collections.abc import Callable, Mapping

from facts.security_zones import POLICIES

SERVICE_CIDR = "all-iad-services-in-oracle-services-network"

KUBECONFIG = json.dumps(
    {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": "cluster",
                "cluster": {"server": "https://10.0.0.5:6443", "certificate-authority-data": "Q0E="},
            }
        ],
        "contexts": [{"name": "context", "context": {"cluster": "cluster", "user": "user"}}],
        "current-context": "context",
        "users": [{"name": "user", "user": {}}],
    }
)

Answer = Callable[[Mapping[str, object]], dict[str, object]]


def fake_id(token: str, name: str) -> str:
    """An id in the cloud's format. It contains the resource's name and is the same in every run."""
    kind = token.rsplit(":", 1)[-1].lower()
    return f"ocid1.{kind}.oc1.iad.{name}" if token.startswith("oci:") else name


def outputs_of(token: str, name: str, inputs: Mapping[str, object]) -> dict[str, object]:
    """The computed outputs of a resource that the program reads."""
    known = _OUTPUTS.get(token)
    return known(name, inputs) if known else {}


def _domains(_: Mapping[str, object]) -> dict[str, object]:
    domains = [
        {"name": f"Uocm:US-ASHBURN-AD-{number}", "id": f"ad{number}", "compartmentId": ""}
        for number in (1, 2, 3)
    ]
    return {"id": "domains", "availabilityDomains": domains, "compartmentId": ""}


def _services(_: Mapping[str, object]) -> dict[str, object]:
    name = "All IAD Services In Oracle Services Network"
    return {
        "id": "services",
        "services": [{"id": "service", "name": name, "cidrBlock": SERVICE_CIDR, "description": name}],
    }


def _detector_recipes(_: Mapping[str, object]) -> dict[str, object]:
    kinds = ("IAAS_ACTIVITY_DETECTOR", "IAAS_CONFIGURATION_DETECTOR", "IAAS_THREAT_DETECTOR")
    items = [
        {"owner": "ORACLE", "detector": kind, "id": fake_id("oci:x:cloudguarddetectorrecipe", kind)}
        for kind in kinds
    ]
    return {"id": "recipes", "detectorRecipeCollections": [{"items": items}]}


def _responder_recipes(_: Mapping[str, object]) -> dict[str, object]:
    items = [{"owner": "ORACLE", "id": "ocid1.cloudguardresponderrecipe.oc1.iad.oracle"}]
    return {"id": "recipes", "responderRecipeCollections": [{"items": items}]}


def _zone_policies(_: Mapping[str, object]) -> dict[str, object]:
    items = [
        {"friendlyName": f"deny {name}", "id": f"ocid1.securityzonessecuritypolicy.oc1..{name}"}
        for name in POLICIES
    ]
    return {"id": "policies", "securityPolicyCollections": [{"items": items}]}


CALLS: Mapping[str, Answer] = {
    "oci:CloudGuard/getDetectorRecipes:getDetectorRecipes": _detector_recipes,
    "oci:CloudGuard/getResponderRecipes:getResponderRecipes": _responder_recipes,
    "oci:CloudGuard/getSecurityPolicies:getSecurityPolicies": _zone_policies,
    "oci:Core/getServices:getServices": _services,
    "oci:Identity/getAvailabilityDomains:getAvailabilityDomains": _domains,
    "oci:ContainerEngine/getClusterKubeConfig:getClusterKubeConfig": lambda _: {
        "id": "kubeconfig",
        "content": KUBECONFIG,
    },
    "oci:Psql/getDbSystemConnectionDetail:getDbSystemConnectionDetail": lambda _: {
        "id": "connection",
        "caCertificate": "PEM",
        "primaryDbEndpoints": [{"fqdn": "primary.example", "ipAddress": "10.0.4.5", "port": 5432}],
        "readerEndpoints": [{"fqdn": "reader.example", "ipAddress": "10.0.4.6", "port": 5432}],
        "instanceEndpoints": [],
    },
    # Offline, only the OCID of an existing resource is known.
    "oci:Core/getVcn:getVcn": lambda _: {"id": "vcn"},
    "oci:Identity/getCompartment:getCompartment": lambda _: {"id": "compartment", "name": "given"},
    "oci:ContainerEngine/getCluster:getCluster": lambda _: {"id": "cluster"},
    "oci:Core/getDrgs:getDrgs": lambda _: {"id": "drgs", "drgs": []},
    "oci:Kms/getVault:getVault": lambda _: {"id": "vault"},
    "oci:ObjectStorage/getNamespace:getNamespace": lambda _: {"id": "namespace", "namespace": "example"},
}
"""Results of the provider functions that the program calls."""

_OUTPUTS: Mapping[str, Callable[[str, Mapping[str, object]], dict[str, object]]] = {
    "oci:Core/vcn:Vcn": lambda name, _: {
        "defaultSecurityListId": fake_id("oci:x:securitylist", name),
        "defaultRouteTableId": fake_id("oci:x:routetable", name),
        "defaultDhcpOptionsId": fake_id("oci:x:dhcpoptions", name),
    },
    "oci:Identity/domainsDynamicResourceGroup:DomainsDynamicResourceGroup": lambda name, _: {
        "ocid": fake_id("oci:x:dynamicgroup", name)
    },
    "oci:Core/publicIp:PublicIp": lambda _, __: {"ipAddress": "192.0.2.9"},
    "oci:Core/privateIp:PrivateIp": lambda _, __: {"ipAddress": "10.0.6.9"},
    "oci:Dns/zone:Zone": lambda _, __: {"nameservers": [{"hostname": "ns1.example.com."}]},
    "oci:LoadBalancer/loadBalancer:LoadBalancer": lambda _, __: {
        "ipAddressDetails": [{"ipAddress": "192.0.2.9", "isPublic": True, "reservedIps": []}]
    },
    "oci:Kms/vault:Vault": lambda name, _: {
        "managementEndpoint": f"https://{name}-management.kms.us-ashburn-1.oraclecloud.com"
    },
    "oci:Core/natGateway:NatGateway": lambda _, __: {"natIp": "192.0.2.1"},
    "oci:Database/autonomousDatabase:AutonomousDatabase": lambda name, _: {
        "privateEndpoint": f"{name}.example",
        "connectionStrings": [{"allConnectionStrings": {"HIGH": f"{name}.example:1521/high"}}],
    },
    "oci:Redis/redisCluster:RedisCluster": lambda name, _: {
        "primaryFqdn": f"{name}.example",
        "replicasFqdn": f"{name}-replicas.example",
        "discoveryFqdn": f"{name}.example",
    },
    "oci:Opensearch/cluster:Cluster": lambda name, _: {
        "opensearchFqdn": f"{name}.example",
        "opendashboardFqdn": f"{name}-dashboards.example",
    },
    "oci:Streaming/streamPool:StreamPool": lambda name, _: {"endpointFqdn": f"{name}.example"},
    "oci:FileStorage/mountTarget:MountTarget": lambda name, _: {
        "exportSetId": fake_id("oci:x:exportset", name),
        "ipAddress": "10.0.2.10",
    },
    "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem": lambda _, __: {
        "managementServiceAddress": "10.0.2.20",
        "lnet": "tcp",
    },
    "oci:Ons/notificationTopic:NotificationTopic": lambda name, _: {
        "topicId": fake_id("oci:x:onstopic", name)
    },
    "oci:ContainerEngine/cluster:Cluster": lambda _, __: {
        "endpoints": [
            {"privateEndpoint": "10.0.0.5:6443", "publicEndpoint": "192.0.2.5:6443", "kubernetes": ""}
        ]
    },
}
