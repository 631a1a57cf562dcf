"""Access from outside: load balancer, certificate, firewall, DNS names, and flow logs."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from components.network.backend_sets import BackendSetArgs
from facts.load_balancing import DEFAULT_IDLE_SECONDS
from facts.log_services import CIS_DAYS
from infra.settings.base import Secret, Section

BALANCER_RECORD = "balancer"
"""Prefix of the labels of the DNS records that point to the balancer."""


class BackendSet(Section):
    """Backends of the load balancer that serve the same requests."""

    port: int
    """TCP port of the backends, 8000 to 9000 or a node port."""

    health_path: str
    """Path that a healthy backend answers with 200."""

    addresses: tuple[str, ...] | None = None
    """Private IPv4 addresses that never change, so not those of autoscaled nodes or pods. Default: an address is
    reserved for a private balancer of Kubernetes; the stack output `edge` shows it."""

    policy: str | None = None
    """`ROUND_ROBIN`, `LEAST_CONNECTIONS` or `IP_HASH`. Default: LEAST_CONNECTIONS."""

    health_port: int | None = None
    """Port for health checks. Default: `port`."""

    health_interval_seconds: int | None = None
    """Seconds between two health checks, 1 to 1,800. Default: 10."""

    health_timeout_seconds: int | None = None
    """Timeout of a health check in seconds. Default: 3."""

    health_retries: int | None = None
    """Number of failed checks after which a backend gets no more requests. Default: 3."""

    hostnames: tuple[str, ...] = ()
    """Requests for these hosts go to this set. The DNS zone gets a record for each."""

    paths: tuple[str, ...] = ()
    """Requests whose path begins with one of these go to this set."""

    plain: bool = False
    """With certificate.certManager: whether the set serves plain HTTP on port 80, for ACME challenges."""


class LoadBalancer(Section):
    """The load balancer that the program owns."""

    min_mbps: int = 10
    """Guaranteed bandwidth, 10 Mbps or more. It is always paid for."""

    max_mbps: int = 100
    """Maximum bandwidth, 8,000 Mbps at most."""

    private: bool = False
    """Whether it has only a VCN address, in the private subnet. A change replaces it."""

    protocols: tuple[str, ...] | None = None
    """TLS versions: `TLSv1.2`, `TLSv1.3`. Default: both; clients that support the newer version use it."""

    cipher_suite: str | None = None
    """Name of a predefined cipher suite. Default: oci-tls-12-13-ssl-cipher-suite-v3."""

    idle_timeout_seconds: int = DEFAULT_IDLE_SECONDS
    """Seconds without data after which a connection is closed, 1 to 7,200. A model that does not stream sends nothing
    until its last token, so no model's `longestStreamSeconds` may be longer."""

    reserved_as: Literal["ocid", "address"] = "ocid"
    """How a Service of the cluster refers to its reserved address. Sources differ on the form that OKE accepts, and
    neither form is verified. If a Service gets no address, use the other form."""

    backend_sets: dict[str, BackendSet]
    """Backend sets by name. Exactly one set has neither hostnames nor paths; it gets all other requests."""

    @property
    def backend_set_args(self) -> Mapping[str, BackendSetArgs]:
        """The sets as args of the component."""
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
    """Source of the balancer's certificate. Set exactly one of `id`, the three PEM texts, and `certManager`."""

    id: str | None = None
    """OCID of a certificate in OCI's Certificates service, e.g. one that your own authority issues and renews."""

    public_certificate: str | None = None
    """Server certificate in PEM, without its chain."""

    chain: str | None = None
    """Certificates that signed it, in PEM, nearest first."""

    private_key: Secret | None = None
    """Private key of the certificate in PEM, without a passphrase."""

    cert_manager: bool = False
    """Whether cert-manager issues the certificate in the cluster. TLS then passes through the balancer and ends in the
    cluster."""

    @property
    def is_given(self) -> bool:
        """Whether the balancer itself has a certificate."""
        return self.id is not None or self.public_certificate is not None


class Firewall(Section):
    """The web application firewall in front of the balancer."""

    mode: str = "block"
    """`block`, or `check` to only log the requests that would be blocked."""

    capabilities: dict[str, int] | None = None
    """Versions of managed rules, by rule number. Default: the rules for inclusion, execution, PHP, scripting, SQL,
    methods."""

    allowed_methods: tuple[str, ...] | None = None
    """Allowed HTTP methods. Default: all except TRACE and CONNECT."""

    inspect_bodies: bool = False
    """Whether the rules inspect bodies. Prompts contain code and SQL, which the rules mistake for attacks."""

    requests_limit: int | None = None
    """Most requests of one client address in `periodSeconds`. Default: no limit."""

    period_seconds: int | None = None
    """Period of the limit in seconds. Default: 60."""

    block_seconds: int | None = None
    """Seconds for which a client over the limit is blocked. Default: 60."""


class DnsRecord(Section):
    """DNS records of one domain and type."""

    domain: str
    """Full domain name: the zone or a name below it."""

    type: str
    """`A`, `AAAA`, `CAA`, `CNAME`, `MX`, `SRV` or `TXT`."""

    values: tuple[str, ...]
    """Values of the records."""

    ttl: int | None = None
    """Seconds for which resolvers cache the records, 30 to 604,800. Default: 300."""


class Dns(Section):
    """The DNS zone of the platform's names."""

    zone: str
    """Name of the zone. Delegate a public zone to the name servers in the stack output `edge`."""

    view_id: str | None = None
    """OCID of a private view. The zone is then visible only in the VCNs of that view. Default: a public zone."""

    hostnames: tuple[str, ...] = ()
    """Names that point to the balancer, in addition to those of its backend sets."""

    records: dict[str, DnsRecord] = Field(default_factory=dict[str, DnsRecord])
    """Other records, by a name that you choose."""


class FlowLogs(Section):
    """The log of connections in the VCN."""

    retention_days: int = CIS_DAYS
    """Retention in days: 30, 60, 90, 120, 150 or 180. CIS asks for 90 at least."""

    sample_one_in: int = 1
    """Keep one of this many flows, 1 to 100,000."""

    kind: str = "ALL"
    """`ALL`, `ACCEPT` or `REJECT`."""


class Edge(Section):
    """Access from outside. Each part is optional."""

    load_balancer: LoadBalancer | None = None
    """The balancer that the program owns. Kubernetes owns the balancers of its Services. Default: none."""

    certificate: Certificate | None = None
    """The balancer's certificate. Required for a public balancer."""

    firewall: Firewall | None = None
    """The web application firewall. Without a balancer only its policy is created. Default: none."""

    dns: Dns | None = None
    """DNS zone and records. Default: none."""

    @property
    def hostnames(self) -> tuple[str, ...]:
        """Every name that must point to the balancer, sorted."""
        balancer, dns = self.load_balancer, self.dns
        of_sets = (
            [host for each in balancer.backend_sets.values() for host in each.hostnames] if balancer else []
        )
        return tuple(sorted({*of_sets, *(dns.hostnames if dns else ())}))
