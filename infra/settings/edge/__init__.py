"""The way in from outside: load balancer, certificate, firewall, names, and the log of who came."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from components.network.backend_sets import BackendSetArgs
from facts.load_balancing import DEFAULT_IDLE_SECONDS
from infra.settings.base import Secret, Section

BALANCER_RECORD = "balancer"
"""Beginning of the labels of the records that lead to the balancer."""


class BackendSet(Section):
    """Backends of the load balancer that answer the same requests."""

    port: int
    """TCP port of the backends, 8000 to 9000 or a node port."""

    health_path: str
    """Path that a healthy backend answers with 200."""

    addresses: tuple[str, ...] | None = None
    """Private IPv4 addresses that never change: no autoscaled nodes, no pods. Default: one is reserved for a private
    balancer of Kubernetes; the stack output `edge` shows it."""

    policy: str | None = None
    """`ROUND_ROBIN`, `LEAST_CONNECTIONS` or `IP_HASH`. Default: LEAST_CONNECTIONS."""

    health_port: int | None = None
    """Port that is asked for its health. Default: `port`."""

    health_interval_seconds: int | None = None
    """Seconds between two checks, 1 to 1,800. Default: 10."""

    health_timeout_seconds: int | None = None
    """Seconds within which a check must be answered. Default: 3."""

    health_retries: int | None = None
    """Failed checks after which a backend gets no more requests. Default: 3."""

    hostnames: tuple[str, ...] = ()
    """Requests for these hosts come here. The DNS zone gets a record for each."""

    paths: tuple[str, ...] = ()
    """Requests whose path begins with one of these come here."""

    plain: bool = False
    """With certificate.certManager: whether it serves plain HTTP on port 80, for ACME challenges."""


class LoadBalancer(Section):
    """The load balancer that the program owns."""

    min_mbps: int = 10
    """Bandwidth that is always there and is paid for, 10 Mbps or more."""

    max_mbps: int = 100
    """Bandwidth that it grows to, 8,000 Mbps at most."""

    private: bool = False
    """Whether it has only an address of the VCN, in the private subnet. A change replaces it."""

    protocols: tuple[str, ...] | None = None
    """TLS versions, of TLSv1.2 and TLSv1.3. Default: both; the newer is taken where the client has it."""

    cipher_suite: str | None = None
    """Name of a predefined cipher suite. Default: oci-tls-12-13-ssl-cipher-suite-v3."""

    idle_timeout_seconds: int = DEFAULT_IDLE_SECONDS
    """Seconds without a byte after which a connection is closed, 1 to 7,200. A model that does not stream is silent
    until its last token, so no model's `longestStreamSeconds` may be longer."""

    reserved_as: Literal["ocid", "address"] = "ocid"
    """How a Service of the cluster names its reserved address to OKE; sources differ on which it takes, and none was
    tried. If a Service stays without an address, take the other."""

    backend_sets: dict[str, BackendSet]
    """Backend sets by name. Exactly one has neither hostnames nor paths and gets all other requests."""

    @property
    def backend_set_args(self) -> Mapping[str, BackendSetArgs]:
        """The sets as the component takes them."""
        return {
            name: BackendSetArgs(
                port=each.port,
                health_path=each.health_path,
                addresses=each.addresses,
                policy=each.policy,
                health_port=each.health_port,
                health_interval_seconds=each.health_interval_seconds,
                health_timeout_seconds=each.health_timeout_seconds,
                health_retries=each.health_retries,
                hostnames=each.hostnames,
                paths=each.paths,
                plain=each.plain,
            )
            for name, each in self.backend_sets.items()
        }


class Certificate(Section):
    """Where the balancer's certificate comes from: exactly one of `id`, the three PEM texts, and `certManager`."""

    id: str | None = None
    """OCID of a certificate of OCI's Certificates service, e.g. one that your own authority issues and renews."""

    public_certificate: str | None = None
    """The server's certificate in PEM, without its chain."""

    chain: str | None = None
    """The certificates that signed it, in PEM, nearest first."""

    private_key: Secret | None = None
    """Its private key in PEM, without a passphrase."""

    cert_manager: bool = False
    """Whether cert-manager issues it in the cluster. TLS then passes through the balancer and ends there."""

    @property
    def is_given(self) -> bool:
        """Whether the balancer itself gets a certificate."""
        return self.id is not None or self.public_certificate is not None


class Firewall(Section):
    """The web application firewall before the balancer."""

    mode: str = "block"
    """`block`, or `check` to only log what would be refused."""

    capabilities: dict[str, int] | None = None
    """Managed rules by number, with their versions. Default: inclusion, execution, PHP, scripting, SQL, methods."""

    allowed_methods: tuple[str, ...] | None = None
    """HTTP methods that are let through. Default: all but TRACE and CONNECT."""

    inspect_bodies: bool = False
    """Whether the rules read bodies. Prompts hold code and SQL, which they take for attacks."""

    requests_limit: int | None = None
    """Requests that one client address may make in `periodSeconds`. Default: no limit."""

    period_seconds: int | None = None
    """Period of the limit. Default: 60."""

    block_seconds: int | None = None
    """Seconds for which a client that passed the limit is refused. Default: 60."""


class DnsRecord(Section):
    """Records of one domain and type."""

    domain: str
    """Full name: the zone's or one below it."""

    type: str
    """`A`, `AAAA`, `CAA`, `CNAME`, `MX`, `SRV` or `TXT`."""

    values: tuple[str, ...]
    """What the records say."""

    ttl: int | None = None
    """Seconds for which resolvers keep it, 30 to 604,800. Default: 300."""


class Dns(Section):
    """The zone in which the platform's names stand."""

    zone: str
    """Name of the zone. A public one is delegated to the name servers in the stack output `edge`."""

    view_id: str | None = None
    """OCID of a private view: the zone then answers only in the VCNs of that view. Default: a public zone."""

    hostnames: tuple[str, ...] = ()
    """Names that lead to the balancer, beside those of its backend sets."""

    records: dict[str, DnsRecord] = Field(default_factory=dict[str, DnsRecord])
    """Other records by a name of yours."""


class FlowLogs(Section):
    """The log of who talked to whom in the VCN."""

    retention_days: int = 30
    """30, 60, 90, 120, 150 or 180 days."""

    sample_one_in: int = 1
    """One of this many flows is kept, 1 to 100,000."""

    kind: str = "ALL"
    """`ALL`, `ACCEPT` or `REJECT`."""


class Edge(Section):
    """The way in from outside. Each part may be left out."""

    load_balancer: LoadBalancer | None = None
    """The balancer that the program owns; Kubernetes owns those of its Services. Default: none."""

    certificate: Certificate | None = None
    """The balancer's certificate. Needed if the balancer is public."""

    firewall: Firewall | None = None
    """The web application firewall. Without a balancer only its policy is made. Default: none."""

    dns: Dns | None = None
    """DNS zone and records. Default: none."""

    @property
    def hostnames(self) -> tuple[str, ...]:
        """Every name that must lead to the balancer, in order."""
        balancer, dns = self.load_balancer, self.dns
        of_sets = (
            [host for each in balancer.backend_sets.values() for host in each.hostnames] if balancer else []
        )
        return tuple(sorted({*of_sets, *(dns.hostnames if dns else ())}))
