"""Wrong network's edge: the mistake, changes to a valid configuration, path and message of the problem."""

from copy import deepcopy
from typing import Any

from tests.infra.settings.examples import DELETE, Change
from tests.infra.settings.wrong.case import Wrong

EDGE: dict[str, Any] = {
    "loadBalancer": {
        "backendSets": {
            "frontend": {"port": 8080, "healthPath": "/healthz"},
            "api": {"port": 8000, "healthPath": "/health", "hostnames": ["api.genai.example.com"]},
            "gpu": {"port": 8500, "healthPath": "/health", "paths": ["/v1/"]},
        }
    },
    "certificate": {"id": "ocid1.certificate.oc1.iad.aaaaaaaaexample"},
    "firewall": {"requestsLimit": 600, "periodSeconds": 60},
    "dns": {"zone": "genai.example.com", "hostnames": ["genai.example.com"]},
}
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
LB = "network.edge.loadBalancer"
SETS = f"{LB}.backendSets"
TLS = "network.edge.certificate"
DNS = "network.edge.dns"
WALL = "network.edge.firewall"

CHANGED: list[Wrong] = [
    Wrong(
        "more bandwidth than there is", [(f"{LB}.maxMbps", 9000)], f"{LB}.maxMbps", "must be 10 to 8000 Mbps"
    ),
    Wrong(
        "too little bandwidth",
        [(f"{LB}.minMbps", 1)],
        f"{LB}.minMbps",
        "must be 10 Mbps to maxMbps, 100",
    ),
    Wrong(
        "a least above the most", [(f"{LB}.minMbps", 200)], f"{LB}.minMbps", "must be 10 Mbps to maxMbps, 100"
    ),
    Wrong(
        "an idle timeout of a day",
        [(f"{LB}.idleTimeoutSeconds", 86400)],
        f"{LB}.idleTimeoutSeconds",
        "must be 1 to 7200 seconds",
    ),
    Wrong(
        "an old TLS",
        [(f"{LB}.protocols", ["TLSv1.1", "TLSv1.3"])],
        f"{LB}.protocols[0]",
        "must be TLSv1.2 or TLSv1.3: older versions are insecure",
    ),
    Wrong(
        "TLS 1.3 left out",
        [(f"{LB}.protocols", ["TLSv1.2"])],
        f"{LB}.protocols",
        "must contain TLSv1.3, the preferred version",
    ),
    Wrong(
        "an unknown cipher suite",
        [(f"{LB}.cipherSuite", "oci-tls-12-13-ssl-cipher-suite-v9")],
        f"{LB}.cipherSuite",
        "Did you mean `oci-tls-12-13-ssl-cipher-suite-v3`?",
    ),
    Wrong(
        "a cipher suite of one version for two",
        [(f"{LB}.cipherSuite", "oci-tls-13-ssl-cipher-suite-v3")],
        f"{LB}.cipherSuite",
        "must contain ciphers of TLSv1.2",
    ),
    Wrong(
        "a public balancer without a certificate",
        [(TLS, DELETE)],
        f"{LB}.private",
        "clients on the internet would send prompts and keys unencrypted",
    ),
    Wrong(
        "a port that the security groups close",
        [(f"{SETS}.api.port", 443)],
        f"{SETS}.api.port",
        "must be 8000 to 9000, or 30000 to 32767. The security groups allow no other port",
    ),
    Wrong(
        "a node port at the address of a balancer",
        [(f"{SETS}.api.port", 30080)],
        f"{SETS}.api.port",
        "30080; must be 8000 to 9000 without addresses",
    ),
    Wrong(
        "a check that is slower than its interval",
        [(f"{SETS}.gpu.healthTimeoutSeconds", 30)],
        f"{SETS}.gpu.healthTimeoutSeconds",
        "must be 1 second or more and at most the interval, 10",
    ),
    Wrong(
        "two sets without a route",
        [(f"{SETS}.api.hostnames", [])],
        SETS,
        "must contain exactly one set without hostnames and paths",
    ),
    Wrong(
        "two sets with the same route",
        [(f"{SETS}.api.hostnames", []), (f"{SETS}.api.paths", ["/v1/"])],
        f"{SETS}.gpu",
        "only one set can get these requests",
    ),
    Wrong(
        "pods as backends",
        [(f"{SETS}.gpu.addresses", ["10.0.130.7"])],
        f"{SETS}.gpu.addresses[0]",
        "must not be in the pods subnet, where addresses change",
    ),
    Wrong(
        "GPU nodes as backends",
        [(f"{SETS}.gpu.addresses", ["10.0.3.7"])],
        f"{SETS}.gpu.addresses[0]",
        "must not be in the gpu subnet",
    ),
    Wrong(
        "a backend outside the VCN",
        [(f"{SETS}.gpu.addresses", ["10.1.0.7"])],
        f"{SETS}.gpu.addresses[0]",
        "must be inside the VCN, 10.0.0.0/16",
    ),
    Wrong(
        "a public address as backend",
        [(f"{SETS}.gpu.addresses", ["8.8.8.8"])],
        f"{SETS}.gpu.addresses[0]",
        "must be in a private range: 10.0.0.0/8",
    ),
    Wrong(
        "a subnet too small for the balancers of its backend sets",
        [("network.subnets", {"loadbalancers": "10.0.6.0/29"})],
        "network.subnets.loadbalancers",
        "has 5 usable addresses and must have 9 or more",
    ),
    Wrong(
        "a plain port although the balancer ends TLS",
        [(f"{SETS}.acme", {"port": 8080, "healthPath": "/", "plain": True})],
        f"{SETS}.acme.plain",
        "must be false unless TLS ends in the cluster",
    ),
    Wrong(
        "no certificate at all",
        [(TLS, {})],
        TLS,
        "must be exactly one of `id`, `publicCertificate`",
        others=True,
    ),
    Wrong(
        "two certificates",
        [(f"{TLS}.certManager", True)],
        TLS,
        "'2 of them'; must be exactly one of `id`",
        others=True,
    ),
    Wrong(
        "an OCID of the wrong kind",
        [(f"{TLS}.id", "ocid1.image.oc1.iad.aaaaaaaaexample")],
        f"{TLS}.id",
        "must be the OCID of certificate, not of image",
    ),
    Wrong(
        "a certificate of another region",
        [(f"{TLS}.id", "ocid1.certificate.oc1.phx.aaaaaaaaexample")],
        f"{TLS}.id",
        "must be in the environment's region us-ashburn-1, not in phx",
    ),
    Wrong(
        "a private key in plain text",
        [(TLS, {"publicCertificate": PEM, "chain": PEM, "privateKey": "-----BEGIN PRIVATE KEY-----"})],
        f"{TLS}.privateKey",
        "[plain text]; must be encrypted",
    ),
    Wrong(
        "a certificate without its key",
        [(TLS, {"publicCertificate": PEM, "chain": PEM})],
        f"{TLS}.privateKey",
        "must be set with publicCertificate",
    ),
    Wrong(
        "a chain in the certificate's place",
        [(TLS, {"publicCertificate": PEM + PEM, "chain": PEM})],
        f"{TLS}.publicCertificate",
        "'2 certificates'; must be one PEM certificate. Put the other certificates into `chain`",
        others=True,
    ),
    Wrong(
        "a firewall that cannot read",
        [(TLS, {"certManager": True}), (SETS, {"gateway": {"port": 8443, "healthPath": "/ready"}})],
        WALL,
        "must not be set with certManager: the firewall cannot read encrypted requests",
    ),
    Wrong(
        "routes by host for encrypted requests",
        [(TLS, {"certManager": True}), (WALL, DELETE)],
        f"{SETS}.api",
        "must have no hostnames and paths: the load balancer does not decrypt TLS. Route in the cluster's gateway",
        others=True,
    ),
    Wrong(
        "a certificate without a balancer",
        [(LB, DELETE), (f"{DNS}.hostnames", [])],
        TLS,
        "needs a loadBalancer, which uses it",
    ),
    Wrong("an unknown mode", [(f"{WALL}.mode", "detect")], f"{WALL}.mode", "must be one of block, check"),
    Wrong(
        "a managed rule by name",
        [(f"{WALL}.capabilities", {"sqli": 1})],
        f"{WALL}.capabilities.sqli",
        "must be the number of a managed rule, e.g. '9420000'",
    ),
    Wrong(
        "a period without a limit",
        [(f"{WALL}.requestsLimit", None)],
        f"{WALL}.periodSeconds",
        "must be set with requestsLimit",
    ),
    Wrong(
        "a host outside the zone",
        [(f"{SETS}.api.hostnames", ["api.example.org"])],
        f"{DNS}.records.balancer-api.example.org.domain",
        "must be genai.example.com or end in .genai.example.com",
    ),
    Wrong(
        "a record that is not an address",
        [(f"{DNS}.records", {"docs": {"domain": "docs.genai.example.com", "type": "A", "values": ["here"]}})],
        f"{DNS}.records.docs.values[0]",
        "must be the data of a record of type A",
    ),
    Wrong(
        "an alias and an address of the same name",
        [
            (
                f"{DNS}.records",
                {"x": {"domain": "api.genai.example.com", "type": "CNAME", "values": ["a.example.com"]}},
            )
        ],
        f"{DNS}.records.x",
        "must be the only record of its domain",
    ),
    Wrong(
        "names without a balancer",
        [(LB, DELETE), (TLS, DELETE)],
        f"{DNS}.hostnames",
        "needs a loadBalancer that the names point to",
    ),
    Wrong(
        "a private address in a public zone",
        [(f"{LB}.private", True)],
        f"{DNS}.viewId",
        "must name a private view, because the balancer has an address of the VCN",
    ),
    Wrong(
        "flow logs for a year",
        [("network.flowLogs", {"retentionDays": 365})],
        "network.flowLogs.retentionDays",
        "must be one of 30, 60, 90, 120, 150, 180 days. To keep a log longer, send it to a bucket",
    ),
    Wrong(
        "flow logs of an unknown kind",
        [("network.flowLogs", {"sampleOneIn": 0})],
        "network.flowLogs.sampleOneIn",
        "must be 1 to 100000",
    ),
]


def edged(*changes: Change) -> list[Change]:
    """The changes of an edge that is right."""
    return [("network.edge", deepcopy(EDGE)), *changes]


EDGES: list[Wrong] = [case._replace(changes=edged(*case.changes)) for case in CHANGED]
