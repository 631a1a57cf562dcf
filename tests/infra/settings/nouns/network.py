"""The network's edge: nouns whose settings and component refuse the same values."""

from functools import partial
from typing import Any

from components.network.backend_sets import BackendSetArgs
from components.network.dns_zone import DnsRecordArgs, DnsZone, DnsZoneArgs, RecordChoices
from components.network.flow_logs import FlowLogChoices, FlowLogs, FlowLogsArgs
from components.network.load_balancer import BalancerChoices, LoadBalancer, LoadBalancerArgs
from components.network.web_firewall import FirewallChoices, WebFirewall, WebFirewallArgs
from tests.infra.settings.nouns.noun import Noun, Values, entry

CERTIFICATE = "ocid1.certificate.oc1.iad.aaaaaaaaexample"


def _balancer(**values: Any) -> LoadBalancerArgs:
    sets = {name: BackendSetArgs(**each) for name, each in values.pop("backend_sets").items()}
    placed = {"compartment_id": "c", "subnet_id": "s", "backend_subnet_id": "b", "group_ids": ["g"]}
    return LoadBalancerArgs(**placed, backend_sets=sets, certificate_id=CERTIFICATE, **values)


def _edge(key: str, value: Values, **others: Any) -> Values:
    return {"edge": {key: value, **others}}


NETWORK: tuple[Noun, ...] = (
    Noun(
        choices=BalancerChoices,
        path="network.edge.loadBalancer",
        section=lambda values: _edge("loadBalancer", values, certificate={"id": CERTIFICATE}),
        component=LoadBalancer,
        args=_balancer,
        base={"backend_sets": {"one": {"port": 8080, "health_path": "/health"}}},
    ),
    Noun(
        choices=FirewallChoices,
        path="network.edge.firewall",
        section=lambda values: _edge("firewall", values),
        component=WebFirewall,
        args=partial(WebFirewallArgs, compartment_id="c"),
    ),
    Noun(
        choices=RecordChoices,
        path="network.edge.dns.records.one",
        section=lambda values: _edge("dns", {"zone": "example.com", "records": {"one": values}}),
        component=DnsZone,
        args=partial(
            entry("records", DnsRecordArgs, compartment_id="c", zone_name="example.com"), DnsZoneArgs
        ),
        base={"domain": "www.example.com", "type": "A", "values": ["192.0.2.1"]},
        at="the-noun.records.one",
    ),
    Noun(
        choices=FlowLogChoices,
        path="network.flowLogs",
        section=lambda values: {"flowLogs": values},
        component=FlowLogs,
        args=partial(FlowLogsArgs, compartment_id="c", vcn_id="v"),
    ),
)
