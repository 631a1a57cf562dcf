"""The gateways in the cluster that serve backend sets of the edge's balancer."""

from infra.program.context import Context
from infra.program.in_cluster import InCluster
from infra.program.outputs import NetworkEdgeLayer, PlatformLayer
from infra.settings import Settings
from infra.settings.edge.gateway_rules import gateway_sets
from serving.edge.edge_gateways import EdgeGatewayArgs, EdgeGateways, EdgeGatewaysArgs


def create_gateways(
    settings: Settings,
    context: Context,
    inside: InCluster | None,
    platform: PlatformLayer,
    edge: NetworkEdgeLayer,
) -> None:
    """Creates a gateway for each chosen backend set; none without Envoy Gateway or a balancer."""
    balancer, chart = settings.network.edge.load_balancer, settings.serving.platform.gateway
    wanted = gateway_sets(settings.network.edge, settings.serving.platform)
    if inside is None or chart is None or balancer is None or edge.backends is None or not wanted:
        return
    args = EdgeGatewaysArgs(
        namespace=platform.charts["gateway"],
        gateways={
            name: EdgeGatewayArgs(port=each.port, health_path=each.health_path, health_port=each.health_port)
            for name, each in wanted.items()
        },
        addresses=edge.backends.addresses,
        subnet_id=edge.backends.subnet_id,
        group_ids=edge.backends.group_ids,
        idle_timeout_seconds=balancer.idle_timeout_seconds,
        min_mbps=balancer.min_mbps,
        max_mbps=balancer.max_mbps,
        envoys=chart.envoys,
    )
    EdgeGateways(context.name("gateways"), args, inside.options)
