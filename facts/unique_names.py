"""Names and places of which OCI has only one: an old resource and its replacement cannot have the same.

The engine creates a replacement first, unless the program or the provider says that the old resource is deleted first.
The provider says so for an input `name` that the program sets and keeps (pulumi-terraform-bridge,
`nameRequiresDeleteBeforeReplace`), so types with such a name are left out here. A test compares the table with what the
sandbox refuses beside each resource of the stacks.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Unique:
    """Sets of input paths. No two resources have the same values in all paths of one set."""

    paths: tuple[tuple[str, ...], ...]
    source: str


_PER_VCN = 'Oracle\'s page "Service Limits", VCN: one gateway of the kind for each VCN'
_LOGGING = "pulumi_oci's text of displayName: unique within the enclosing resource"
_DOMAIN = "the domain's SCIM schema in the identity domains API: displayName, uniqueness global"

UNIQUE: Mapping[str, Unique] = {
    "oci:Budget/budget:Budget": Unique(
        (("displayName",),), "unverified: the name of a budget in the tenancy"
    ),
    "oci:CloudGuard/target:Target": Unique(
        (("targetResourceId",),), "terraform-oci-modules-security: one target of a compartment"
    ),
    "oci:Core/drgAttachment:DrgAttachment": Unique(
        (("networkDetails.id",),),
        "oci.core create_drg_attachment: a VCN is attached to only one DRG at a time",
    ),
    "oci:Core/internetGateway:InternetGateway": Unique((("vcnId",),), _PER_VCN),
    "oci:Core/natGateway:NatGateway": Unique((("vcnId",),), _PER_VCN),
    "oci:Core/serviceGateway:ServiceGateway": Unique((("vcnId",),), _PER_VCN),
    "oci:Core/subnet:Subnet": Unique(
        (("vcnId", "cidrBlock"), ("vcnId", "dnsLabel")),
        "pulumi_oci's text of dnsLabel; Oracle's page \"VCNs and Subnets\": ranges of subnets do not overlap",
    ),
    "oci:Database/autonomousDatabase:AutonomousDatabase": Unique(
        (("dbName",),), "pulumi_oci's text of dbName: unique in the tenancy"
    ),
    "oci:FileStorage/export:Export": Unique(
        (("exportSetId", "path"),), "oci.file_storage Export: no two exports of a set have paths that overlap"
    ),
    "oci:Functions/application:Application": Unique(
        (("compartmentId", "displayName"),), "pulumi_oci's text of displayName: unique within the compartment"
    ),
    "oci:Functions/function:Function": Unique(
        (("applicationId", "displayName"),), "pulumi_oci's text of displayName: unique within the application"
    ),
    "oci:Identity/domainsDynamicResourceGroup:DomainsDynamicResourceGroup": Unique(
        (("idcsEndpoint", "displayName"),), _DOMAIN
    ),
    "oci:Identity/domainsGroup:DomainsGroup": Unique((("idcsEndpoint", "displayName"),), _DOMAIN),
    "oci:Identity/tagDefault:TagDefault": Unique(
        (("compartmentId", "tagDefinitionId"),),
        'Oracle\'s page "Managing Tag Defaults": one of a key and compartment',
    ),
    "oci:LoadBalancer/loadBalancer:LoadBalancer": Unique(
        (("reservedIps",),), 'Oracle\'s page "Public IP Addresses": an address is assigned to one private IP'
    ),
    "oci:Logging/log:Log": Unique(
        (
            ("logGroupId", "displayName"),
            (
                "configuration.source.resource",
                "configuration.source.service",
                "configuration.source.category",
            ),
        ),
        f"{_LOGGING}; one log of a category and resource",
    ),
    "oci:Logging/logGroup:LogGroup": Unique((("compartmentId", "displayName"),), _LOGGING),
    "oci:Logging/unifiedAgentConfiguration:UnifiedAgentConfiguration": Unique(
        (("compartmentId", "displayName"),), _LOGGING
    ),
    "oci:Lustre/fileStorageObjectStorageLink:FileStorageObjectStorageLink": Unique(
        (("lustreFileSystemId", "fileSystemPath"),), "unverified: one link of a directory"
    ),
    "oci:Vault/secret:Secret": Unique(
        (("vaultId", "secretName"),),
        "pulumi_oci's text of secretName: unique within the vault, also while a deletion waits",
    ),
    "oci:Waf/appFirewall:AppFirewall": Unique(
        (("loadBalancerId",),), "unverified: one firewall of a load balancer"
    ),
}
"""By type of resource."""
