"""Rules for the network's edge and for its parts together."""

from collections.abc import Iterator

from components.network.dns_zone import dns_zone_problems
from components.network.flow_logs import flow_log_problems
from components.network.load_balancer import load_balancer_problems
from components.network.server_certificate import certificate_problems
from components.network.web_firewall import web_firewall_problems
from facts.problem import Problem
from infra.settings.edge import BALANCER_RECORD, Certificate, Dns, DnsRecord, Edge, Firewall
from infra.settings.network import Network
from infra.settings.tenancy import Tenancy, region_of
from infra.settings.values.ocid import ocid_problems


def edge_problems(network: Network, tenancy: Tenancy | None) -> Iterator[Problem]:
    """What is wrong with the edge, with the combination of its parts, and with the flow logs."""
    edge, path, region = network.edge, "network.edge", region_of(tenancy)
    certificate, logs = edge.certificate, network.flow_logs
    if logs:
        yield from flow_log_problems(logs, path="network.flowLogs")
    if edge.load_balancer:
        yield from load_balancer_problems(
            edge.load_balancer,
            has_certificate=bool(certificate and certificate.is_given),
            tls_in_cluster=bool(certificate and certificate.cert_manager),
            path=f"{path}.loadBalancer",
        )
    if certificate:
        yield from _certificate_problems(certificate, region, f"{path}.certificate")
        if edge.load_balancer is None:
            yield Problem(f"{path}.certificate", "given", "needs a loadBalancer, which uses it")
    if edge.firewall:
        yield from _firewall_problems(edge, edge.firewall, f"{path}.firewall")
    if edge.dns:
        yield from _dns_problems(edge, edge.dns, region, f"{path}.dns")


def _certificate_problems(certificate: Certificate, region: str | None, path: str) -> Iterator[Problem]:
    texts = (certificate.public_certificate, certificate.chain, certificate.private_key)
    ways = [certificate.id is not None, any(text is not None for text in texts), certificate.cert_manager]
    if sum(ways) != 1:
        allowed = (
            "must be exactly one of `id`, `publicCertificate` with its chain and key, and `certManager: true`"
        )
        yield Problem(path, f"{sum(ways)} of them", allowed)
    yield from ocid_problems(certificate.id, "certificate", path=f"{path}.id", region=region)
    if ways[1]:
        yield from certificate_problems(
            certificate.public_certificate or "", certificate.chain or "", path=path
        )
        if certificate.private_key is None:
            yield Problem(f"{path}.privateKey", None, "must be set with publicCertificate")


def _firewall_problems(edge: Edge, firewall: Firewall, path: str) -> Iterator[Problem]:
    yield from web_firewall_problems(firewall, path=path)
    if edge.load_balancer and edge.certificate and edge.certificate.cert_manager:
        fix = "Give the balancer a certificate, or remove the firewall"
        yield Problem(
            path,
            "given",
            "must not be set with certManager: the firewall cannot read encrypted requests",
            fix,
        )


def _dns_problems(edge: Edge, dns: Dns, region: str | None, path: str) -> Iterator[Problem]:
    own = {
        f"{BALANCER_RECORD}-{host}": DnsRecord(domain=host, type="A", values=("10.0.0.1",))
        for host in edge.hostnames
    }
    yield from dns_zone_problems(dns.zone, {**own, **dns.records}, path=path)
    yield from ocid_problems(dns.view_id, "dnsview", path=f"{path}.viewId", region=region)
    balancer = edge.load_balancer
    if dns.hostnames and balancer is None:
        yield Problem(
            f"{path}.hostnames", list(dns.hostnames), "needs a loadBalancer that the names point to"
        )
    if balancer and balancer.private and edge.hostnames and dns.view_id is None:
        allowed = "must name a private view, because the balancer has an address of the VCN"
        yield Problem(f"{path}.viewId", None, allowed)
