"""Every mistake in the network's edge is named by its path, and parts that do not go together are refused."""

from copy import deepcopy
from typing import Any

import pytest

from infra.settings import examine
from tests.infra.examples import Change, config

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

CASES: list[tuple[str, list[Change], str, str]] = [
    ("more bandwidth than there is", [(f"{LB}.maxMbps", 9000)], f"{LB}.maxMbps", "must be 10 to 8000 Mbps"),
    ("less bandwidth than least", [(f"{LB}.minMbps", 1)], f"{LB}.minMbps", "must be 10 Mbps to maxMbps, 100"),
    ("a least above the most", [(f"{LB}.minMbps", 200)], f"{LB}.minMbps", "must be 10 Mbps to maxMbps, 100"),
    (
        "an idle time of a day",
        [(f"{LB}.idleTimeoutSeconds", 86400)],
        f"{LB}.idleTimeoutSeconds",
        "must be 1 to 7200 seconds",
    ),
    (
        "an old TLS",
        [(f"{LB}.protocols", ["TLSv1.1", "TLSv1.3"])],
        f"{LB}.protocols[0]",
        "must be TLSv1.2 or TLSv1.3: older versions are broken",
    ),
    (
        "TLS 1.3 left out",
        [(f"{LB}.protocols", ["TLSv1.2"])],
        f"{LB}.protocols",
        "must hold TLSv1.3, the version to prefer",
    ),
    (
        "a cipher suite that is none",
        [(f"{LB}.cipherSuite", "oci-tls-12-13-ssl-cipher-suite-v9")],
        f"{LB}.cipherSuite",
        "Did you mean `oci-tls-12-13-ssl-cipher-suite-v3`?",
    ),
    (
        "a cipher suite of one version for two",
        [(f"{LB}.cipherSuite", "oci-tls-13-ssl-cipher-suite-v3")],
        f"{LB}.cipherSuite",
        "must hold ciphers of TLSv1.2",
    ),
    (
        "a public balancer without a certificate",
        [(TLS, None)],
        f"{LB}.private",
        "the internet would send prompts and keys in the clear",
    ),
    (
        "a port that the security groups close",
        [(f"{SETS}.api.port", 443)],
        f"{SETS}.api.port",
        "must be 8000 to 9000, or 30000 to 32767. The security groups let nothing else through",
    ),
    (
        "a check that is slower than its interval",
        [(f"{SETS}.gpu.healthTimeoutSeconds", 30)],
        f"{SETS}.gpu.healthTimeoutSeconds",
        "must be 1 second or more and not above the interval, 10",
    ),
    (
        "two sets that get what no route names",
        [(f"{SETS}.api.hostnames", [])],
        SETS,
        "must hold one set without hostnames and paths",
    ),
    (
        "two sets of one route",
        [(f"{SETS}.api.hostnames", []), (f"{SETS}.api.paths", ["/v1/"])],
        f"{SETS}.gpu",
        "only one of them can get it",
    ),
    (
        "pods as backends",
        [(f"{SETS}.gpu.addresses", ["10.0.130.7"])],
        f"{SETS}.gpu.addresses[0]",
        "must not be of the pods subnet, where addresses come and go",
    ),
    (
        "GPU nodes as backends",
        [(f"{SETS}.gpu.addresses", ["10.0.3.7"])],
        f"{SETS}.gpu.addresses[0]",
        "must not be of the gpu subnet",
    ),
    (
        "a backend outside the VCN",
        [(f"{SETS}.gpu.addresses", ["10.1.0.7"])],
        f"{SETS}.gpu.addresses[0]",
        "must lie inside the VCN, 10.0.0.0/16",
    ),
    (
        "a public address as backend",
        [(f"{SETS}.gpu.addresses", ["8.8.8.8"])],
        f"{SETS}.gpu.addresses[0]",
        "must be a private IPv4 address",
    ),
    (
        "a plain port although the balancer ends TLS",
        [(f"{SETS}.acme", {"port": 8080, "healthPath": "/", "plain": True})],
        f"{SETS}.acme.plain",
        "must be false unless TLS ends in the cluster",
    ),
    ("no certificate at all", [(TLS, {})], TLS, "must be one of `id`, `publicCertificate`"),
    ("two certificates", [(f"{TLS}.certManager", True)], TLS, "'2 of them'; must be one of `id`"),
    (
        "an OCID of another kind",
        [(f"{TLS}.id", "ocid1.image.oc1.iad.aaaaaaaaexample")],
        f"{TLS}.id",
        "must be the OCID of certificate, not of image",
    ),
    (
        "a certificate of another region",
        [(f"{TLS}.id", "ocid1.certificate.oc1.phx.aaaaaaaaexample")],
        f"{TLS}.id",
        "must be in the environment's region us-ashburn-1, not in phx",
    ),
    (
        "a private key in plain text",
        [(TLS, {"publicCertificate": PEM, "chain": PEM, "privateKey": "-----BEGIN PRIVATE KEY-----"})],
        f"{TLS}.privateKey",
        "[plain text]; must be encrypted",
    ),
    (
        "a certificate without its key",
        [(TLS, {"publicCertificate": PEM, "chain": PEM})],
        f"{TLS}.privateKey",
        "must stand with publicCertificate",
    ),
    (
        "a chain in the certificate's place",
        [(TLS, {"publicCertificate": PEM + PEM, "chain": PEM})],
        f"{TLS}.publicCertificate",
        "'2 certificates'; must be one PEM certificate. The others belong into `chain`",
    ),
    (
        "a firewall that cannot read",
        [(TLS, {"certManager": True}), (SETS, {"gateway": {"port": 8443, "healthPath": "/ready"}})],
        WALL,
        "must not stand with certManager: it cannot read what passes through",
    ),
    (
        "routes by host of what is not decrypted",
        [(TLS, {"certManager": True}), (WALL, None)],
        f"{SETS}.api",
        "must have no hostnames and paths: TLS passes through unread. Route in the cluster's gateway",
    ),
    (
        "a certificate without a balancer",
        [(LB, None), (f"{DNS}.hostnames", [])],
        TLS,
        "must stand with a loadBalancer, which shows it",
    ),
    ("a mode that is none", [(f"{WALL}.mode", "detect")], f"{WALL}.mode", "must be block or check"),
    (
        "a managed rule by name",
        [(f"{WALL}.capabilities", {"sqli": 1})],
        f"{WALL}.capabilities.sqli",
        "must be the number of a managed rule, e.g. '9420000'",
    ),
    (
        "a period without a limit",
        [(f"{WALL}.requestsLimit", None)],
        f"{WALL}.periodSeconds",
        "must stand with requestsLimit",
    ),
    (
        "a host outside the zone",
        [(f"{SETS}.api.hostnames", ["api.example.org"])],
        f"{DNS}.records.balancer-api.example.org.domain",
        "must be genai.example.com or end in .genai.example.com",
    ),
    (
        "a record that is no address",
        [(f"{DNS}.records", {"docs": {"domain": "docs.genai.example.com", "type": "A", "values": ["here"]}})],
        f"{DNS}.records.docs.values[0]",
        "must be what a record of type A holds",
    ),
    (
        "an alias beside an address",
        [
            (
                f"{DNS}.records",
                {"x": {"domain": "api.genai.example.com", "type": "CNAME", "values": ["a.example.com"]}},
            )
        ],
        f"{DNS}.records.x",
        "must be the only record of its domain",
    ),
    (
        "names without a balancer",
        [(LB, None), (TLS, None)],
        f"{DNS}.hostnames",
        "must stand with a loadBalancer to lead to",
    ),
    (
        "a private address in a public zone",
        [(f"{LB}.private", True)],
        f"{DNS}.viewId",
        "must name a private view: the balancer's address is of the VCN",
    ),
    (
        "flow logs for a year",
        [("network.flowLogs", {"retentionDays": 365})],
        "network.flowLogs.retentionDays",
        "must be one of 30, 60, 90, 120, 150, 180 days. What must be kept longer goes to a bucket",
    ),
    (
        "flow logs of nothing",
        [("network.flowLogs", {"sampleOneIn": 0})],
        "network.flowLogs.sampleOneIn",
        "must be 1 to 100000",
    ),
]


def edge_config(*changes: Change) -> dict[str, Any]:
    return config(("network.edge", deepcopy(EDGE)), *changes)


def test_the_example_is_right():
    assert examine(edge_config(), "test").problems == []


@pytest.mark.parametrize(
    "changes",
    [
        [("network.edge", {})],
        [(f"{LB}.private", True), (TLS, None), (f"{DNS}.viewId", "ocid1.dnsview.oc1.iad.aaaaaaaaexample")],
        [
            (TLS, {"certManager": True}),
            (WALL, None),
            (SETS, {"gateway": {"port": 8443, "healthPath": "/ready"}}),
        ],
        [("network.edge", {"firewall": {"mode": "check"}})],
        [("network.flowLogs", {"retentionDays": 180, "sampleOneIn": 100, "kind": "REJECT"})],
    ],
    ids=["nothing", "a private balancer", "cert-manager", "a policy only", "flow logs"],
)
def test_each_way_of_the_edge_is_right(changes: list[Change]):
    assert examine(edge_config(*changes), "test").problems == []


@pytest.mark.parametrize(
    ("changes", "path", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_mistake_is_named(changes: list[Change], path: str, message: str):
    problems = examine(edge_config(*changes), "test").problems
    found = [str(problem) for problem in problems if problem.path == path]
    assert any(message in text for text in found), (
        f"expected {path}: … {message} among {[*map(str, problems)]}"
    )


def test_an_encrypted_private_key_is_taken():
    given = {"publicCertificate": PEM, "chain": PEM, "privateKey": "-----BEGIN PRIVATE KEY-----"}
    found = examine(edge_config((TLS, given)), "test", encrypted={f"{TLS}.privateKey"})
    assert found.problems == []
    assert "BEGIN PRIVATE" not in repr(found.settings)
