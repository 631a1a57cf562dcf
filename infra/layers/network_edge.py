"""The network's edge: load balancer, certificate, firewall, DNS zone and flow logs. Each part is optional."""

import pulumi

from components.network.dns_zone import DnsRecordArgs, DnsZone, DnsZoneArgs
from components.network.flow_logs import FlowLogs, FlowLogsArgs
from components.network.load_balancer import LoadBalancer, LoadBalancerArgs
from components.network.server_certificate import ServerCertificate, ServerCertificateArgs
from components.network.web_firewall import WebFirewall, WebFirewallArgs
from infra.program.context import Context
from infra.program.outputs import Backends, NetworkEdgeLayer, NetworkLayer
from infra.settings import Settings
from infra.settings.edge import BALANCER_RECORD, Certificate, Dns, Edge, Firewall
from infra.settings.edge import FlowLogs as Flows
from infra.settings.edge import LoadBalancer as Balancer
from infra.settings.logs import FLOW_LOGS


def create_network_edge(
    settings: Settings,
    context: Context,
    network: NetworkLayer,
    log_group_id: pulumi.Output[str] | None = None,
) -> NetworkEdgeLayer:
    """Creates each part of the edge that the settings set. `log_group_id`: the environment's log group, if it has
    one."""
    edge = settings.network.edge
    outputs: dict[str, pulumi.Output[object]] = {}
    logged: dict[str, pulumi.Output[str]] = {}
    balancer = _balancer(context, edge, edge.load_balancer, network) if edge.load_balancer else None
    if balancer:
        outputs["address"] = balancer.address
        outputs["loadBalancerId"] = balancer.load_balancer_id
        outputs["backendAddresses"] = balancer.backend_addresses
        logged["loadbalancer"] = balancer.load_balancer_id
    if edge.firewall:
        firewall = _firewall(context, edge.firewall, balancer)
        outputs["firewallPolicyId"] = firewall.policy_id
        if firewall.firewall_id is not None:
            logged["waf"] = firewall.firewall_id
    if edge.dns:
        outputs["nameServers"] = _zone(context, edge, edge.dns, balancer).name_servers
    if settings.network.flow_logs:
        _flow_logs(context, settings.network.flow_logs, network, log_group_id)
    backends = _backends(balancer, edge.load_balancer, network) if balancer and edge.load_balancer else None
    return NetworkEdgeLayer(outputs=outputs, backends=backends, logged=logged)


def _flow_logs(
    context: Context, wanted: Flows, network: NetworkLayer, log_group_id: pulumi.Output[str] | None
) -> None:
    args = FlowLogsArgs(
        compartment_id=context.compartment_id,
        vcn_id=network.vcn_id,
        log_group_id=log_group_id,
        retention_days=wanted.retention_days,
        sample_one_in=wanted.sample_one_in,
        kind=wanted.kind,
        protect=context.protect,
        tags=context.tags,
    )
    FlowLogs(context.name(FLOW_LOGS), args, context.in_region)


def _backends(balancer: LoadBalancer, wanted: Balancer, network: NetworkLayer) -> Backends:
    by_id = wanted.reserved_as == "ocid"
    return Backends(
        addresses=balancer.backend_address_ids if by_id else balancer.backend_addresses,
        subnet_id=network.subnet_ids["loadbalancers"],
        group_ids=network.groups("backend", "loadbalancer"),
    )


def _balancer(context: Context, edge: Edge, wanted: Balancer, network: NetworkLayer) -> LoadBalancer:
    certificate = edge.certificate
    args = LoadBalancerArgs(
        compartment_id=context.compartment_id,
        # A private balancer is there too, because the backends let in requests from the public subnet.
        subnet_id=network.subnet_ids["public"],
        backend_subnet_id=network.subnet_ids["loadbalancers"],
        group_ids=network.groups("frontend", "loadbalancer"),
        backend_sets=wanted.backend_set_args,
        min_mbps=wanted.min_mbps,
        max_mbps=wanted.max_mbps,
        private=wanted.private,
        certificate_id=_certificate(context, certificate) if certificate else None,
        tls_in_cluster=bool(certificate and certificate.cert_manager),
        protocols=wanted.protocols,
        cipher_suite=wanted.cipher_suite,
        idle_timeout_seconds=wanted.idle_timeout_seconds,
        protect=context.protect,
        tags=context.tags,
    )
    return LoadBalancer(context.name("entry"), args, context.in_region)


def _certificate(context: Context, wanted: Certificate) -> pulumi.Input[str] | None:
    if wanted.id is not None or wanted.public_certificate is None or wanted.private_key is None:
        return wanted.id
    args = ServerCertificateArgs(
        compartment_id=context.compartment_id,
        public_certificate=wanted.public_certificate,
        chain=wanted.chain or "",
        private_key=pulumi.Output.secret(wanted.private_key.get_secret_value()),
        tags=context.tags,
    )
    return ServerCertificate(context.name("entry-tls"), args, context.in_region).certificate_id


def _firewall(context: Context, wanted: Firewall, balancer: LoadBalancer | None) -> WebFirewall:
    args = WebFirewallArgs(
        compartment_id=context.compartment_id,
        load_balancer_id=balancer.load_balancer_id if balancer else None,
        mode=wanted.mode,
        capabilities=wanted.capabilities,
        allowed_methods=wanted.allowed_methods,
        inspect_bodies=wanted.inspect_bodies,
        requests_limit=wanted.requests_limit,
        period_seconds=wanted.period_seconds,
        block_seconds=wanted.block_seconds,
        tags=context.tags,
    )
    return WebFirewall(context.name("firewall"), args, context.in_region)


def _zone(context: Context, edge: Edge, wanted: Dns, balancer: LoadBalancer | None) -> DnsZone:
    hosts = edge.hostnames if balancer else ()
    records = {
        f"{BALANCER_RECORD}-{host}": DnsRecordArgs(domain=host, type="A", values=[balancer.address])
        for host in hosts
        if balancer
    }
    others = {
        label: DnsRecordArgs(domain=each.domain, type=each.type, values=each.values, ttl=each.ttl)
        for label, each in wanted.records.items()
    }
    args = DnsZoneArgs(
        compartment_id=context.compartment_id,
        zone_name=wanted.zone,
        records={**records, **others},
        view_id=wanted.view_id,
        protect=context.protect,
        tags=context.tags,
    )
    return DnsZone(context.name("dns"), args, context.in_region)
