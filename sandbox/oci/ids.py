"""OCIDs: which type each resource carries, and new ones that look real."""

import hashlib
import secrets

from facts.regions import REGIONS

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_RANDOM = 52
_MARK = 8

GLOBAL_TYPES = frozenset(
    {"tenancy", "compartment", "user", "group", "dynamicgroup", "policy", "tagnamespace", "tagdefinition"}
    | {"tagdefault", "budget", "quota", "saml2idp", "domain", "credential", "networksource", "region"}
)
"""Types whose OCIDs carry no region, as identity is the same in all of them."""

_TYPES = {
    "ApiGateway/certificate": "apigatewaycertificate",
    "Artifacts/containerRepository": "containerrepo",
    "Bastion/session": "bastionsession",
    "Budget/rule": "budgetalertrule",
    "CloudGuard/target": "cloudguardtarget",
    "Core/computeCapacityReservation": "capacityreservation",
    "Core/dedicatedVmHost": "dedicatedvmhost",
    "Core/defaultDhcpOptions": "dhcpoptions",
    "Core/defaultRouteTable": "routetable",
    "Core/defaultSecurityList": "securitylist",
    "Database/autonomousDatabase": "autonomousdatabase",
    "DataFlow/application": "dataflowapplication",
    "Dns/zone": "dns-zone",
    "Functions/application": "fnapp",
    "Functions/function": "fnfunc",
    "Identity/identityProvider": "saml2idp",
    "Identity/tag": "tagdefinition",
    "Kms/keyVersion": "keyversion",
    "Limits/quota": "quota",
    "Logging/unifiedAgentConfiguration": "unifiedagentconfiguration",
    "Lustre/fileStorageLustreFileSystem": "lustrefilesystem",
    "ManagementDashboard/managementDashboardsImport": "managementdashboard",
    "Monitoring/alarm": "alarm",
    "Ons/notificationTopic": "onstopic",
    "Ons/subscription": "onssubscription",
    "Opensearch/cluster": "opensearchcluster",
    "OpenSearch/cluster": "opensearchcluster",
    "Psql/backup": "postgresqlbackup",
    "Psql/configuration": "postgresqlconfiguration",
    "Psql/dbSystem": "postgresqldbsystem",
    "Redis/redisCluster": "rediscluster",
    "ResourceScheduler/schedule": "resourceschedule",
    "Sch/connector": "serviceconnector",
    "Vault/secret": "vaultsecret",
    "Waf/appFirewall": "webappfirewall",
    "Waf/appFirewallPolicy": "webappfirewallpolicy",
    "Mysql/mysqlDbSystem": "mysqldbsystem",
}


def ocid_type(token: str) -> str:
    """The type in a resource's OCID: "oci:Core/subnet:Subnet" gives "subnet"."""
    service_and_name = token.split(":")[1]
    return _TYPES.get(service_and_name) or token.rsplit(":", 1)[1].lower()


def new_ocid(kind: str, region: str) -> str:
    """A new OCID of this stand-in: ocid1.<kind>.oc1.<region key>.<60 letters>, the last 8 being its mark."""
    bits = secrets.randbits(5 * _RANDOM)
    unique = "".join(ALPHABET[(bits >> (5 * place)) & 31] for place in range(_RANDOM))
    return f"{_head(kind, region)}.{unique}{_mark(unique)}"


def derived_ocid(kind: str, region: str, *seed: str) -> str:
    """The one OCID of this stand-in that belongs to a seed, for what exists without being created."""
    digest = hashlib.blake2b("/".join(seed).encode(), digest_size=_RANDOM).digest()
    unique = "".join(ALPHABET[byte & 31] for byte in digest)
    return f"{_head(kind, region)}.{unique}{_mark(unique)}"


def is_ours(unique: str) -> bool:
    """Whether this stand-in gave that OCID: then it may be gone, but it is nothing to adopt."""
    return len(unique) == _RANDOM + _MARK and unique[_RANDOM:] == _mark(unique[:_RANDOM])


def region_part(region: str) -> str:
    """How a region is written in an OCID: the two oldest by their key, the others by name."""
    return {"us-ashburn-1": "iad", "us-phoenix-1": "phx"}.get(region, region)


def _head(kind: str, region: str) -> str:
    known = REGIONS.get(region)
    realm = known.realm if known else "oc1"
    return f"ocid1.{kind}.{realm}.{'' if kind in GLOBAL_TYPES else region_part(region)}"


def _mark(unique: str) -> str:
    digest = hashlib.blake2b(unique.encode(), digest_size=_MARK, key=b"sandbox").digest()
    return "".join(ALPHABET[byte & 31] for byte in digest)
