"""The gateways in the cluster that serve backend sets of the edge's balancer."""

import pulumi

from infra.program.context import Context
from infra.program.in_cluster import InCluster
from infra.program.outputs import NetworkEdgeLayer, PlatformLayer
from infra.settings import Settings
from infra.settings.edge.gateway_rules import gateway_sets
from serving.edge.edge_gateways import EdgeGatewayArgs, EdgeGateways, EdgeGatewaysArgs
from serving.gateway.model_gateway import ModelGateway
from serving.gateway.specs import GATEWAY


def create_gateways(
    settings: Settings,
    context: Context,
    inside: InCluster | None,
    platform: PlatformLayer,
    edge: NetworkEdgeLayer,
    *,
    models: ModelGateway | None,
) -> None:
    """Creates a gateway for each chosen backend set; none without Envoy Gateway or a balancer.

    `models`: the gateway of the models. It answers for one of the sets if the settings say so.
    """
    balancer, chart = settings.network.edge.load_balancer, settings.serving.platform.gateway
    wanted = gateway_sets(settings.network.edge, settings.serving.platform)
    if inside is None or chart is None or balancer is None or edge.backends is None or not wanted:
        return
    args = EdgeGatewaysArgs(
        namespace=platform.charts["gateway"],
        gateways={
            name: EdgeGatewayArgs(
                port=each.port,
                health_path=each.health_path,
                health_port=each.health_port,
                gateway=GATEWAY if models and name == settings.traffic.gateway.backend_set else None,
            )
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
    after = pulumi.ResourceOptions(depends_on=[models] if models else [])
    options = pulumi.ResourceOptions.merge(inside.options, after)
    EdgeGateways(context.name("gateways"), args, options)
