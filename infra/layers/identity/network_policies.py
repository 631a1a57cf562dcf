"""The policies for a network or a cluster in another compartment than the environment's."""

from collections.abc import Mapping

from components.identity.late_ids import with_ids
from components.identity.principal_grants import cluster_network_grants
from infra.existing.found import Existing
from infra.program.context import Context
from infra.program.granting import Grant


def network_policies(context: Context, existing: Existing) -> Mapping[str, Grant]:
    """The policies by name. Empty for resources of the environment's own compartment, or if it is not known."""
    network, cluster = existing.network, existing.cluster
    own = context.compartment_id
    theirs = network.compartment_id if network else ""
    clusters = cluster.compartment_id if cluster else ""
    if not theirs or (theirs == own and clusters in ("", own)):
        return {}
    ids = {"compartment": own, "clusters": clusters or own}
    statements = with_ids(
        lambda known: cluster_network_grants(known["compartment"], theirs, known["clusters"]), ids
    )
    return {
        "network": Grant(
            description="What the cluster does in the network's compartment",
            statements=statements,
            in_tenancy=True,
            awaited=True,
        )
    }
