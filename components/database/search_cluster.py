"""OCI Search with OpenSearch: data, leader and dashboard nodes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import opensearch

from components.options import stateful
from facts.checked_args import CheckedArgs
from facts.databases import SEARCH_MEMORY_GIB_LEAST, SEARCH_VERSION
from facts.names import EMAIL
from facts.problem import Problem, refuse

from .connection import connection
from .rules import least_problems

_SLOW = pulumi.CustomTimeouts(create="2h", update="3h", delete="1h")
USERNAME = "playground"
VERSION = "2.15.0"


@dataclass(frozen=True, kw_only=True)
class SearchNodesArgs:
    """Nodes of one kind. All have the same size."""

    count: int
    """Number of nodes, 1 or more. Leaders need an odd number, so that a majority can elect one."""

    ocpus: int
    """OCPUs per node, 1 or more."""

    memory_gib: int
    """Memory per node in GiB: 20 or more for data and leader nodes. The minimum for dashboards is not documented."""


@dataclass(frozen=True, kw_only=True)
class SearchClusterArgs:
    """Arguments of a SearchCluster."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment of the cluster, the VCN and the subnet. A change replaces the cluster."""

    vcn_id: pulumi.Input[str]
    """OCID of the VCN. A change replaces the cluster."""

    subnet_id: pulumi.Input[str]
    """OCID of the subnet of the endpoints. The service `opensearch` must have permission to use the subnet, its VCN
    and its security groups. A change replaces the cluster."""

    nsg_id: pulumi.Input[str]
    """OCID of the network security group of the endpoints. The service accepts only one. A change replaces the
    cluster."""

    password_secret_id: pulumi.Input[str]
    """OCID of the vault secret with the master user's password."""

    data: SearchNodesArgs | None = None
    """Data nodes. Default: 3 of 4 OCPUs and 32 GiB."""

    data_storage_gib: int | None = None
    """Storage of a data node in GiB. The service's limits are not documented. Default: 200."""

    leaders: SearchNodesArgs | None = None
    """Leader nodes. Default: 3 of 1 OCPU and 20 GiB."""

    dashboards: SearchNodesArgs | None = None
    """Dashboard nodes. Default: 1 of 1 OCPU and 16 GiB."""

    version: str | None = None
    """Version of OpenSearch. `opensearch.getOpensearchVersions` lists the versions that the service offers.
    Default: 2.15.0."""

    username: str | None = None
    """Name of the master user. Default: playground."""

    maintenance_emails: Sequence[str] | None = None
    """E-mail address for notices of maintenance. The service has no setting for a maintenance window. Default: none."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete the cluster, and keeps it when the stack is destroyed. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class SearchCluster(CheckedArgs, pulumi.ComponentResource):
    """An OpenSearch cluster with dashboards, with private endpoints and enforced security.

    The service encrypts only with Oracle's key, and creates backups automatically.
    """

    cluster_id: pulumi.Output[str]
    """OCID of the cluster."""

    connection: pulumi.Output[Mapping[str, str]]
    """Secret: `endpoint`, `dashboards`, `user` and `passwordSecretId`."""

    def __init__(
        self, name: str, args: SearchClusterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(search_cluster_problems(args, path=name), f"the OpenSearch cluster {name}")
        super().__init__("genai:index:SearchCluster", name, {}, opts)

        cluster = opensearch.Cluster(
            f"{name}-cluster",
            _cluster(name, args),
            opts=stateful(self, args.protect, pulumi.ResourceOptions(custom_timeouts=_SLOW)),
        )

        self.cluster_id = cluster.id
        self.connection = connection(
            endpoint=pulumi.Output.concat("https://", cluster.opensearch_fqdn, ":9200"),
            dashboards=pulumi.Output.concat("https://", cluster.opendashboard_fqdn, ":5601"),
            user=args.username or USERNAME,
            passwordSecretId=args.password_secret_id,
        )
        self.register_outputs({"clusterId": self.cluster_id, "connection": self.connection})


class NodeChoices(Protocol):
    """Nodes of one kind."""

    @property
    def count(self) -> int: ...
    @property
    def ocpus(self) -> int: ...
    @property
    def memory_gib(self) -> int: ...


class SearchChoices(Protocol):
    """The plain values of a cluster, which the component's args and the settings both have."""

    @property
    def data(self) -> NodeChoices | None: ...
    @property
    def data_storage_gib(self) -> int | None: ...
    @property
    def leaders(self) -> NodeChoices | None: ...
    @property
    def dashboards(self) -> NodeChoices | None: ...
    @property
    def version(self) -> str | None: ...
    @property
    def maintenance_emails(self) -> Sequence[str] | None: ...


def search_cluster_problems(cluster: SearchChoices, *, path: str) -> Iterator[Problem]:
    """Sizes below the service's known minimum. Settings and component use the same messages."""
    leaders, version = cluster.leaders, cluster.version
    yield from _node_problems(cluster.data, SEARCH_MEMORY_GIB_LEAST, f"{path}.data")
    yield from _node_problems(leaders, SEARCH_MEMORY_GIB_LEAST, f"{path}.leaders")
    yield from _node_problems(cluster.dashboards, 1, f"{path}.dashboards")
    if leaders and leaders.count > 0 and leaders.count % 2 == 0:
        allowed = "must be an odd number: half of an even number of leaders is not a majority"
        yield Problem(f"{path}.leaders.count", leaders.count, allowed)
    yield from least_problems(cluster.data_storage_gib, 1, f"{path}.dataStorageGib", "GiB")
    if version is not None and not re.fullmatch(SEARCH_VERSION, version):
        yield Problem(f"{path}.version", version, "must be a full version such as 2.15.0")
    for index, email in enumerate(cluster.maintenance_emails or ()):
        if not EMAIL.fullmatch(email):
            yield Problem(f"{path}.maintenanceEmails[{index}]", email, "must be an e-mail address")


def _node_problems(nodes: NodeChoices | None, least_memory: int, path: str) -> Iterator[Problem]:
    if nodes is None:
        return
    yield from least_problems(nodes.count, 1, f"{path}.count")
    yield from least_problems(nodes.ocpus, 1, f"{path}.ocpus")
    yield from least_problems(nodes.memory_gib, least_memory, f"{path}.memoryGib", "GiB")


def _cluster(name: str, args: SearchClusterArgs) -> "opensearch.ClusterArgs":
    data = args.data or SearchNodesArgs(count=3, ocpus=4, memory_gib=32)
    leaders = args.leaders or SearchNodesArgs(count=3, ocpus=1, memory_gib=20)
    dashboards = args.dashboards or SearchNodesArgs(count=1, ocpus=1, memory_gib=16)
    emails = args.maintenance_emails
    return opensearch.ClusterArgs(
        compartment_id=args.compartment_id,
        display_name=name,
        software_version=args.version or VERSION,
        vcn_id=args.vcn_id,
        vcn_compartment_id=args.compartment_id,
        subnet_id=args.subnet_id,
        subnet_compartment_id=args.compartment_id,
        nsg_id=args.nsg_id,
        data_node_count=data.count,
        data_node_host_type="FLEX",
        data_node_host_ocpu_count=data.ocpus,
        data_node_host_memory_gb=data.memory_gib,
        data_node_storage_gb=args.data_storage_gib or 200,
        master_node_count=leaders.count,
        master_node_host_type="FLEX",
        master_node_host_ocpu_count=leaders.ocpus,
        master_node_host_memory_gb=leaders.memory_gib,
        opendashboard_node_count=dashboards.count,
        opendashboard_node_host_ocpu_count=dashboards.ocpus,
        opendashboard_node_host_memory_gb=dashboards.memory_gib,
        security_mode="ENFORCING",
        security_master_user_auth_details=_master_user(args),
        maintenance_details=opensearch.ClusterMaintenanceDetailsArgs(notification_email_ids=emails)
        if emails
        else None,
        freeform_tags=args.tags,
    )


def _master_user(args: SearchClusterArgs) -> "opensearch.ClusterSecurityMasterUserAuthDetailsArgs":
    password = opensearch.ClusterSecurityMasterUserAuthDetailsUserDetailsPasswordDetailsArgs(
        source_type="OCI_VAULT_SECRET", vault_secret_id=args.password_secret_id
    )
    return opensearch.ClusterSecurityMasterUserAuthDetailsArgs(
        user_details=opensearch.ClusterSecurityMasterUserAuthDetailsUserDetailsArgs(
            username=args.username or USERNAME, password_details=password
        )
    )
