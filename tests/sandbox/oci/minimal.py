"""The fewest valid inputs of each resource of the provider, generated from its field table."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from facts.provider_fields import Field, resource_fields
from sandbox.oci.ids import is_global, ocid_type
from sandbox.oci.rules.references import expected, is_reference
from tests.sandbox.oci.driver import BUCKET, CLUSTER, COMPARTMENT, IMPORTED, SUBNET, TENANCY, Driver, Made
from tests.sandbox.oci.minimal_tenancy import BUILT, FIXED
from tests.sandbox.oci.minimal_values import SEARCH_CLUSTER, WINDOW

Inputs = dict[str, Any]

FORMED = {"bool": "true", "fqdn": "example.com", "int64": "1", "json": "{}", "text": "text"}


def minimal(driver: Driver, token: str) -> Inputs:
    """Every required property. Where the services would refuse a generated word, a value that they accept."""
    fields = resource_fields(token)
    assert fields is not None, f"{token} has no field table"
    needed = _needed(driver, token)
    return {**_required(token, fields), **needed}


def settable(fields: Mapping[str, Field], kind: str) -> Iterator[str]:
    """Top-level inputs with one plain value of a type."""
    return (name for name, field in fields.items() if field.input and field.type == kind)


def _required(token: str, fields: Mapping[str, Field]) -> Inputs:
    found = {name: field for name, field in fields.items() if field.required and not field.autonamed}
    return {name: _value(token, name, field) for name, field in found.items()}


def _value(token: str, name: str, field: Field) -> Any:
    if field.type == "map":
        return {"key": "value"}
    if field.choices or field.form:
        return field.choices[0] if field.choices else FORMED[field.form or "text"]
    if field.type not in ("list", "set"):
        return _scalar(token, name, field.type)
    inner = field.of
    item = _required(token, inner) if isinstance(inner, Mapping) else _scalar(token, name, inner or "str")
    return item if field.single else [item]


def _scalar(token: str, name: str, kind: str) -> Any:
    if kind != "str":
        return {"int": 1, "float": 1.5, "bool": True, "map": {"key": "value"}}[kind]
    tokens = expected(token, name) if is_reference(name) else ()
    return ocid(ocid_type(tokens[0])) if tokens else "text"


def ocid(kind: str) -> str:
    """A valid OCID of a resource that was not created here, as a config may name it."""
    if kind in ("compartment", "tenancy"):
        return COMPARTMENT if kind == "compartment" else TENANCY
    return f"ocid1.{kind}.oc1.{'' if is_global(kind) else 'iad'}.aaaaofanexistingaccount"


def _needed(driver: Driver, token: str) -> Inputs:
    build = (_BUILT | BUILT).get(token)
    return build(driver) if build else (_FIXED | FIXED).get(token, {})


def _in_a_bucket(driver: Driver, name: str = "parent") -> Inputs:
    place = namespace(driver)
    driver.create(BUCKET, name, compartmentId=COMPARTMENT, namespace=place, name=name)
    return {"namespace": place, "bucket": name}


def _log(driver: Driver) -> str:
    return create_minimal(driver, "oci:Logging/log:Log", "parent").id


def namespace(driver: Driver) -> str:
    return driver.invoke("oci:ObjectStorage/getNamespace:getNamespace")["namespace"]


def domains(driver: Driver) -> list[str]:
    token = "oci:Identity/getAvailabilityDomains:getAvailabilityDomains"
    return [each["name"] for each in driver.invoke(token, compartmentId=COMPARTMENT)["availabilityDomains"]]


def _cache(driver: Driver) -> str:
    token = "oci:Redis/redisCluster:RedisCluster"
    return driver.create(token, "parent", **minimal(driver, token)).id


def _cluster(driver: Driver) -> Inputs:
    return {"vcnId": driver.vcn("parent").id, "kubernetesVersion": "v1.36.1"}


def _pool(driver: Driver) -> Inputs:
    cluster = driver.create(CLUSTER, "parent", compartmentId=COMPARTMENT, **_cluster(driver))
    sources = driver.invoke("oci:ContainerEngine/getNodePoolOption:getNodePoolOption", nodePoolOptionId="all")
    image = sources["sources"][0]["imageId"]
    nodes = {"vcnId": cluster.inputs["vcnId"], "cidrBlock": "10.0.1.0/24"}
    subnet = driver.create(SUBNET, "nodes", compartmentId=COMPARTMENT, **nodes)
    place = {"availabilityDomain": domains(driver)[0], "subnetId": subnet.id}
    return {
        "clusterId": cluster.id,
        "nodeConfigDetails": {"size": 1, "placementConfigs": [place]},
        "nodeShape": "VM.Standard.E5.Flex",
        "nodeShapeConfig": {"ocpus": 1, "memoryInGbs": 16},
        "nodeSourceDetails": {"imageId": image, "sourceType": "IMAGE"},
    }


def _addon(driver: Driver) -> Inputs:
    inputs = {**_cluster(driver), "type": "ENHANCED_CLUSTER"}
    cluster = driver.create(CLUSTER, "parent", compartmentId=COMPARTMENT, **inputs)
    return {"clusterId": cluster.id, "addonName": "CertManager"}


def _subnet(driver: Driver) -> Inputs:
    return {"vcnId": driver.vcn("parent").id, "cidrBlock": "10.0.1.0/24"}


def _instance(driver: Driver) -> Inputs:
    sized = {"shape": "VM.Standard.E5.Flex", "shapeConfig": {"ocpus": 1, "memoryInGbs": 16}}
    return {"availabilityDomain": domains(driver)[0], **sized}


def _reservation(driver: Driver) -> Inputs:
    configs = [{"instanceShape": "VM.Standard.E5.Flex", "reservedCount": 1}]
    return {"availabilityDomain": domains(driver)[0], "instanceReservationConfigs": configs}


_FIXED: dict[str, Inputs] = {
    "oci:Redis/ociCacheUser:OciCacheUser": {"aclString": "~* +@all"},
    "oci:Bastion/bastion:Bastion": {"bastionType": "STANDARD"},
    "oci:Budget/budget:Budget": {
        "compartmentId": TENANCY,
        "resetPeriod": "MONTHLY",
        "targetType": "COMPARTMENT",
        "targets": [COMPARTMENT],
    },
    "oci:Audit/configuration:Configuration": {"compartmentId": TENANCY, "retentionPeriodDays": 90},
    "oci:Budget/rule:Rule": {"thresholdType": "PERCENTAGE", "type": "ACTUAL", "threshold": 90},
    "oci:CertificatesManagement/certificate:Certificate": {
        "certificateConfig": {
            "configType": "IMPORTED",
            "certificatePem": "-----BEGIN CERTIFICATE-----",
            "certChainPem": "-----BEGIN CERTIFICATE-----",
            "privateKeyPem": "-----BEGIN PRIVATE KEY-----",
        }
    },
    "oci:Core/captureFilter:CaptureFilter": {
        "filterType": "FLOWLOG",
        "flowLogCaptureFilterRules": [{"flowLogType": "ALL"}],
    },
    "oci:Core/image:Image": IMPORTED,
    "oci:Core/publicIp:PublicIp": {"lifetime": "RESERVED"},
    "oci:Dns/zone:Zone": {"name": "example.com", "zoneType": "PRIMARY"},
    "oci:LoadBalancer/backend:Backend": {"ipAddress": "10.0.0.9", "port": 8080},
    "oci:LoadBalancer/backendSet:BackendSet": {
        "policy": "ROUND_ROBIN",
        "healthChecker": {"protocol": "TCP"},
    },
    "oci:LoadBalancer/listener:Listener": {"protocol": "HTTP", "port": 80},
    "oci:LoadBalancer/loadBalancer:LoadBalancer": {
        "shape": "flexible",
        "shapeDetails": {"minimumBandwidthInMbps": 10, "maximumBandwidthInMbps": 100},
    },
    "oci:LoadBalancer/loadBalancerRoutingPolicy:LoadBalancerRoutingPolicy": {
        "rules": [
            {
                "name": "api",
                "condition": "any(http.request.url.path sw '/v1/')",
                "actions": [{"name": "FORWARD_TO_BACKENDSET", "backendSetName": "api"}],
            }
        ]
    },
    "oci:ResourceScheduler/schedule:Schedule": {
        "action": "START_RESOURCE",
        "recurrenceType": "CRON",
        "recurrenceDetails": "0 6 * * 1-5",
        "resources": [{"id": ocid("fnfunc")}],
    },
    "oci:Waf/appFirewall:AppFirewall": {"backendType": "LOAD_BALANCER"},
    "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule": {
        "direction": "INGRESS",
        "protocol": "6",
        "source": "10.0.0.0/16",
        "sourceType": "CIDR_BLOCK",
    },
    "oci:Core/shapeManagement:ShapeManagement": {"shapeName": "BM.GPU.MI300X.8"},
    "oci:Core/vcn:Vcn": {"cidrBlocks": ["10.0.0.0/16"]},
    "oci:Core/volumeBackupPolicyAssignment:VolumeBackupPolicyAssignment": {"assetId": ocid("volume")},
    "oci:Database/autonomousDatabase:AutonomousDatabase": {"adminPassword": "Correct-Horse-7-Staple"},
    "oci:FileStorage/export:Export": {"path": "/weights"},
    "oci:Functions/function:Function": {
        "memoryInMbs": "128",
        "sourceDetails": {"sourceType": "CONTAINER_IMAGE", "image": "iad.ocir.io/space/hours:1"},
    },
    # Without this a destroyed compartment stays.
    "oci:Identity/compartment:Compartment": {"enableDelete": True},
    "oci:Identity/domainsDynamicResourceGroup:DomainsDynamicResourceGroup": {
        "matchingRule": f"ANY {{instance.compartment.id='{COMPARTMENT}'}}"
    },
    "oci:Identity/dynamicGroup:DynamicGroup": {
        "compartmentId": TENANCY,
        "matchingRule": f"ANY {{instance.compartment.id='{COMPARTMENT}'}}",
    },
    "oci:Identity/policy:Policy": {"statements": ["Allow any-user to use buckets in tenancy"]},
    "oci:Kms/key:Key": {"keyShape": {"algorithm": "AES", "length": 32}},
    "oci:Kms/vault:Vault": {"vaultType": "DEFAULT"},
    "oci:HealthChecks/httpMonitor:HttpMonitor": {
        "protocol": "HTTP",
        "targets": ["a"],
        "intervalInSeconds": 30,
    },
    "oci:Logging/log:Log": {"logType": "CUSTOM"},
    "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem": {
        "fileSystemName": "weights",
        "capacityInGbs": 31_200,
        "performanceTier": "MBPS_PER_TB_125",
    },
    "oci:Monitoring/alarm:Alarm": {
        "severity": "CRITICAL",
        "namespace": "oci_computeagent",
        "query": "CpuUtilization[1m].mean() > 80",
        "destinations": [ocid("onstopic")],
    },
    "oci:Monitoring/alarmSuppression:AlarmSuppression": WINDOW,
    "oci:Opensearch/cluster:Cluster": SEARCH_CLUSTER,
    "oci:Psql/dbSystem:DbSystem": {
        "dbVersion": "17",
        "shape": "PostgreSQL.VM.Standard.E5.Flex",
        "credentials": {
            "username": "text",
            "passwordDetails": {"passwordType": "PLAIN_TEXT", "password": "Correct-Horse-7-Staple"},
        },
        "storageDetails": {"isRegionallyDurable": True, "systemType": "OCI_OPTIMIZED_STORAGE"},
    },
    "oci:Redis/redisCluster:RedisCluster": {"nodeMemoryInGbs": 2, "softwareVersion": "VALKEY_8_1"},
    "oci:Ons/subscription:Subscription": {"protocol": "EMAIL", "endpoint": "operators@example.com"},
}
_BUILT: dict[str, Callable[[Driver], Inputs]] = {
    "oci:ContainerEngine/addon:Addon": _addon,
    "oci:Redis/ociCacheBackup:OciCacheBackup": lambda driver: {"sourceClusterId": _cache(driver)},
    "oci:Redis/redisClusterAttachOciCacheUser:RedisClusterAttachOciCacheUser": lambda driver: {
        "redisClusterId": _cache(driver),
        "ociCacheUsers": [ocid("ocicacheuser")],
    },
    "oci:ContainerEngine/cluster:Cluster": _cluster,
    "oci:ContainerEngine/nodePool:NodePool": _pool,
    "oci:Core/computeCapacityReservation:ComputeCapacityReservation": _reservation,
    "oci:Core/instance:Instance": _instance,
    "oci:Core/subnet:Subnet": _subnet,
    "oci:Dns/rrset:Rrset": lambda driver: {
        "zoneNameOrId": driver.create(
            "oci:Dns/zone:Zone", "parent", compartmentId=COMPARTMENT, name="example.com", zoneType="PRIMARY"
        ).id,
        "domain": "www.example.com",
        "rtype": "A",
    },
    "oci:Logging/unifiedAgentConfiguration:UnifiedAgentConfiguration": lambda driver: {
        "serviceConfiguration": {
            "configurationType": "LOGGING",
            "sources": [{"sourceType": "LOG_TAIL", "name": "files", "paths": ["/var/log/x"]}],
            "destination": {"logObjectId": _log(driver)},
        }
    },
    "oci:Sch/connector:Connector": lambda driver: {
        "source": {"kind": "logging", "logSources": [{"compartmentId": TENANCY, "logGroupId": "_Audit"}]},
        "target": {"kind": "objectStorage", **_in_a_bucket(driver)},
    },
    "oci:Lustre/fileStorageObjectStorageLink:FileStorageObjectStorageLink": lambda driver: {
        "objectStoragePrefix": "{namespace}:/{bucket}".format(**_in_a_bucket(driver))
    },
    "oci:ObjectStorage/objectLifecyclePolicy:ObjectLifecyclePolicy": _in_a_bucket,
    "oci:ObjectStorage/storageObject:StorageObject": lambda driver: _in_a_bucket(driver) | {"object": "a"},
    "oci:ObjectStorage/preauthrequest:Preauthrequest": lambda driver: {
        **_in_a_bucket(driver),
        "accessType": "AnyObjectRead",
        "timeExpires": "2999-01-01T00:00:00Z",
    },
    "oci:ObjectStorage/replicationPolicy:ReplicationPolicy": lambda driver: (
        _in_a_bucket(driver)
        | {
            "destinationBucketName": _in_a_bucket(driver, "destination")["bucket"],
            "destinationRegionName": "us-ashburn-1",
        }
    ),
}


def create_minimal(driver: Driver, token: str, name: str = "test", **changes: Any) -> Made:
    """A resource with the least inputs it needs, and with changes."""
    return driver.create(token, name, **{**minimal(driver, token), **changes})
