"""The connections that nodes and pods need to databases and file systems, and clients to the edge.

Sources, which `facts.ports` does not share:

- File Storage: Oracle's page "Configuring VCN Security Rules for File Storage" (securitylistsfilestorage.htm).
- Lustre: Oracle's solution "Deploy File Storage with Lustre", security rules: port 988 from source ports 512 to 1023.
- PostgreSQL and the cache: IANA's registry of ports, and valkey.io. OpenSearch: the documentation of opensearch.org.
- Autonomous Database: Oracle's page on private endpoints (private-endpoints-autonomous.html).
- Streaming: HTTPS for the REST interface, and port 9092 on Oracle's page on Kafka's interface.
- The edge: its own listeners and backends. Each load balancer must be reachable on the ports of its listeners.
"""

from facts.oke_pairs import Kind, Pair

_CALLERS: tuple[Kind, ...] = ("worker", "pod")
"""Pods call from their own addresses, or from their node's if they use the host's network."""

_DATABASES: tuple[tuple[Kind, tuple[int, ...], str], ...] = (
    ("postgresql", (5432,), "PostgreSQL"),
    ("cache", (6379,), "the cache"),
    ("opensearch", (9200, 5601), "OpenSearch and its dashboards"),
    ("oracle", (1521, 1522), "the Autonomous Database"),
    ("streaming", (443, 9092), "Streaming"),
)

SERVICE_PAIRS: tuple[Pair, ...] = (
    *(
        Pair(source=caller, target=kind, protocol="tcp", ports=ports, why=f"{caller}s to {name}")
        for kind, ports, name in _DATABASES
        for caller in _CALLERS
    ),
    Pair(
        source="worker",
        target="files",
        protocol="tcp",
        ports=(111, 2048, 2049, 2050),
        why="nodes to mount targets",
    ),
    Pair(source="worker", target="files", protocol="udp", ports=(111, 2048), why="nodes to mount targets"),
    Pair(
        source="worker",
        target="lustre",
        protocol="tcp",
        ports=(988,),
        source_port=1023,
        why="nodes to Lustre",
    ),
    Pair(source="internet", target="edge", protocol="tcp", why="clients to the public load balancer"),
    Pair(source="edge", target="backend", protocol="tcp", why="the public load balancer to the gateways"),
)
"""A pair without ports means the ports on which the target listens."""
