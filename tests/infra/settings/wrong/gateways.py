"""Wrong gateways behind the edge's balancer: the mistake, the changes, path and message of the problem."""

from tests.infra.settings.examples import DELETE
from tests.infra.settings.wrong.case import Wrong
from tests.infra.settings.wrong.edge import SETS, TLS, WALL, edged

GATEWAY = "serving.platform.gateway"

CHANGED: list[Wrong] = [
    Wrong(
        "a gateway for a set that is not there",
        [(GATEWAY, {"backendSets": ["apii"]})],
        f"{GATEWAY}.backendSets[0]",
        "'apii'; must be one of network.edge.loadBalancer.backendSets: frontend, api, gpu. Did you mean `api`?",
    ),
    Wrong(
        "a gateway for servers outside the cluster",
        [(f"{SETS}.gpu.addresses", ["10.0.4.7"]), (GATEWAY, {"backendSets": ["gpu"]})],
        f"{GATEWAY}.backendSets[0]",
        "must be a set without `addresses`",
    ),
    Wrong(
        "a gateway that would read what is encrypted",
        [
            (TLS, {"certManager": True}),
            (WALL, DELETE),
            (SETS, {"gateway": {"port": 8443, "healthPath": "/ready"}}),
            (GATEWAY, {"backendSets": ["gateway"]}),
        ],
        f"{GATEWAY}.backendSets[0]",
        "must not be set with certManager: TLS ends in the gateway",
    ),
    Wrong(
        "a gateway named as none can be",
        [(f"{SETS}.My_Set", {"port": 8100, "healthPath": "/", "paths": ["/x/"]}), (GATEWAY, {})],
        f"{SETS}.My_Set",
        "must be lower-case letters, digits and hyphens",
    ),
    Wrong(
        "a gateway without an Envoy", [(GATEWAY, {"envoys": 0})], f"{GATEWAY}.envoys", "0; must be 1 to 20"
    ),
]

GATEWAYS: list[Wrong] = [case._replace(changes=edged(*case.changes)) for case in CHANGED]
