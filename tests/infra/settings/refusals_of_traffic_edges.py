"""Wrong configurations of a gateway behind the edge's load balancer, each with its path and message."""

from tests.infra.settings.examples import DELETE
from tests.infra.settings.refusals_of_traffic_gateway import SETS, TENANT, behind_edge
from tests.infra.settings.wrong.case import Wrong

OF_EDGES: tuple[Wrong, ...] = (
    Wrong(
        "a backend set that is not there",
        behind_edge(("traffic.gateway.backendSet", "gpus")),
        "traffic.gateway.backendSet",
        "Did you mean `gpu`?",
    ),
    Wrong(
        "a certificate behind the edge",
        behind_edge(("traffic.certificate", {"existing": "models-tls"})),
        "traffic.certificate",
        "must not be set with gateway.backendSet",
    ),
    Wrong(
        "a host that the backend set does not get",
        behind_edge(
            (f"{SETS}.other", {"port": 8600, "healthPath": "/h"}),
            (f"{SETS}.gpu.hostnames", ["a.example.com"]),
        ),
        "traffic.hostName",
        "must be a host name of backend set gpu: a.example.com",
    ),
    Wrong(
        "a host that another backend set gets",
        behind_edge(
            (f"{SETS}.other", {"port": 8600, "healthPath": "/h", "hostnames": ["models.example.com"]})
        ),
        "traffic.hostName",
        "is a host name of backend set other",
    ),
    *(
        Wrong(
            f"a health check at {path}",
            behind_edge((f"{SETS}.gpu.healthPath", path)),
            f"{SETS}.gpu.healthPath",
            "must not be a path of the API",
        )
        for path in ("/v1/models", "/v1/chat/completions")
    ),
    Wrong(
        "a promise above the firewall's limit",
        behind_edge(("network.edge.firewall", {"requestsLimit": 600}), requestsPerMinute=601),
        f"{TENANT}.requestsPerMinute",
        "the firewall lets 600 of one address pass",
    ),
    Wrong(
        "a balancer that is less patient than the gateway",
        behind_edge(("network.edge.loadBalancer.idleTimeoutSeconds", 1400)),
        "network.edge.loadBalancer.idleTimeoutSeconds",
        "must be 1,410 or more: the gateway waits that long",
    ),
    Wrong(
        "a backend set without tenants",
        behind_edge(("traffic.tenants", []), ("traffic.hostName", DELETE)),
        "traffic.gateway.backendSet",
        "has no effect: without tenants there is no gateway",
    ),
)
