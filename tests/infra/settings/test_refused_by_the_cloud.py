"""The settings refuse values that the cloud, Kubernetes or a process would refuse."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import IMAGE, Change, assert_named, config

SET = "storage.buckets.0.lifecycle"
LIFECYCLE = "storage.buckets[0].lifecycle"
RECORD = "network.edge.dns.records.x"
MODEL = "serving.models.0"
PLATFORM = "serving.platform"
REALM = "must be in realm oc1, like us-ashburn-1, not in oc2"
GRANT = "Allow group X to read buckets in tenancy"


def record(kind: str, *values: str) -> list[Change]:
    records = {"x": {"domain": "x.genai.example.com", "type": kind, "values": [*values]}}
    return [("network.edge", {"dns": {"zone": "genai.example.com", "records": records}})]


def rule(name: str = "a", **others: object) -> list[Change]:
    return [(SET, {name: {"action": "DELETE", "days": 3, "target": "previous-object-versions", **others}})]


def team(**others: object) -> list[Change]:
    return [("serving.teams", [{"name": "research", "gpus": 1, **others}])]


CASES: dict[str, tuple[list[Change], str, str]] = {
    "a mail server without its preference": (record("MX", "mail.example.com"), f"{RECORD}.values[0]", "`10 mail"),
    "a service without its port": (record("SRV", "1 2 a.example.com"), f"{RECORD}.values[0]", "priority, weight, port"),
    "an authority in no quotation marks": (record("CAA", "0 issue ca.example"), f"{RECORD}.values[0]", "0 issue"),
    "a long text": (record("TXT", "ü" * 128), f"{RECORD}.values[0]", "255 bytes"),
    "an address twice": (record("A", "10.0.0.1", "10.0.0.1"), f"{RECORD}.values[1]", "must not be repeated"),
    "a lifecycle rule with a blank in its name": (rule("a b"), f"{LIFECYCLE}['a b']", "must have a name of letters"),
    "a lifecycle rule about no prefix": (rule(prefixes=[]), f"{LIFECYCLE}['a'].prefixes", "leave prefixes out"),
    "a prefix longer than any name": (rule(prefixes=["ü" * 513]), f"{LIFECYCLE}['a'].prefixes[0]", "1,024 bytes"),
    "a prefix of uploads": (
        rule(action="ABORT", target="multipart-uploads", prefixes=["x"]), f"{LIFECYCLE}['a'].prefixes", "left out",
    ),
    "too many lifecycle rules": (
        [(SET, {f"r{i}": {"action": "DELETE", "days": 9, "target": "previous-object-versions"} for i in range(1_001)})],
        LIFECYCLE, "must be 1,000 rules or fewer",
    ),
    "an export path with ..": (
        [("storage.fileStorage", {"exportPath": "/a/../b"})], "storage.fileStorage.exportPath", "no part . or ..",
    ),
    "a link path with ..": (
        [("storage.lustre", {"links": {"ab": {"bucket": "model-artifacts", "path": "/a/.."}}})],
        "storage.lustre.links['ab'].path", "no part . or ..",
    ),
    "too many statements": (
        [("identity", {"statements": {f"s{i}": GRANT for i in range(51)}})], "identity.statements",
        "51; must be 1 to 50 statements",
    ),
    "an image without a region": (
        [("gpu.pools.0.imageId", IMAGE.replace("iad", ""))], "gpu.pools[0].imageId", "must name its region",
    ),
    "a compartment with a region": (
        [("tenancy.compartmentId", "ocid1.compartment.oc1.iad.aaaaaaaaexample")], "tenancy.compartmentId",
        "must not name a region",
    ),
    "a developer with a region": (
        team(developers=["ocid1.user.oc1.iad.aaaaaaaaexample"]), "serving.teams[0].developers[0]",
        "must be the OCID of a group or a user",
    ),
    "a function of another region": (
        [("observability.topics.0.subscriptions",
          {"x": {"protocol": "ORACLE_FUNCTIONS", "endpoint": "ocid1.fnfunc.oc1.fra.aaaaaaaaexample"}})],
        "observability.topics[0].subscriptions.x.endpoint", "must be in the environment's region us-ashburn-1",
    ),
    "backups copied to another realm": (
        [("database", {"postgresql": {"backup": {"copyRegion": "us-langley-1"}}})],
        "database.postgresql.backup.copyRegion", REALM,
    ),
    "a profile without a name": ([("tenancy.configFileProfile", "")], "tenancy.configFileProfile", "of a profile"),
    "a profile of two lines": ([("tenancy.configFileProfile", "a\nb")], "tenancy.configFileProfile", "of a profile"),
    "the latest version of an add-on": (
        [("cluster.addons", {"CoreDNS": {"version": "latest"}})], "cluster.addons.CoreDNS.version", "such as v1.2.3",
    ),
    "models in a chart's namespace": ([("serving.namespace", "keda")], "serving.namespace", "the namespace of keda"),
    "egress to an address without its length": (
        team(egressCidrs=["10.0.0.0"]), "serving.teams[0].egressCidrs[0]", "must be a network such as 10.0.0.0/16",
    ),
    "a name that a secret cannot have": (
        [(PLATFORM, {"externalSecrets": {"secrets": ["a b"]}})], f"{PLATFORM}.externalSecrets.secrets[0]",
        "must be the name of a secret in the vault",
    ),
    "a retention that is too long for Prometheus": (
        [(PLATFORM, {"prometheus": {"retentionDays": 10**9}})], f"{PLATFORM}.prometheus.retentionDays",
        "must be from 1 to 36,500 days",
    ),
    "a results folder with ..": (
        [("serving.jobs.benchmark", {"bucket": "model-artifacts", "prefix": "../x", "rcloneImageDigest": "sha256:"})],
        "serving.jobs.benchmark.prefix", "must be names of letters",
    ),
    "a bastion that is open to everyone": (
        [("network.bastionClientCidrs", ["0.0.0.0/0"])], "network.bastionClientCidrs", "must not allow the whole",
    ),
    "a bastion's client twice": (
        [("network.bastionClientCidrs", ["203.0.113.0/24", "203.0.113.0/24"])], "network.bastionClientCidrs[1]",
        "must not be repeated",
    ),
    "services on the internet": (
        [("cluster.servicesCidr", "8.8.0.0/16")], "cluster.servicesCidr", "must be in a private range",
    ),
    "nodes and pods on the internet": ([("network.cidr", "8.8.0.0/16")], "network.cidr", "must be in a private range"),
    "an unknown ACL category": (
        [("database.cache", {"acl": "allkeys +@foo"})], "database.cache.acl", "+@foo must name a category",
    ),
    "more OCPUs than a machine has": (
        [("database.postgresql", {"ocpus": 95, "memoryGib": 128})], "database.postgresql.ocpus", "must be 94 or less",
    ),
    "more memory than a machine has": (
        [("database.postgresql", {"memoryGib": 1_050})], "database.postgresql.memoryGib", "must be 1,049 or less",
    ),
    "an import before the first": (
        [("storage.lustre", {"links": {"ab": {"bucket": "model-artifacts", "importRun": -1}}})],
        "storage.lustre.links['ab'].importRun", "must be 0 or more",
    ),
    "a threshold below zero": (
        [("observability.thresholds", {"gpu-utilisation-high": -1.0})],
        "observability.thresholds.gpu-utilisation-high", "must be a number from 0 to 1,000,000",
    ),
    "a threshold above 100 percent": (
        [("observability.thresholds", {"gpu-utilisation-high": 101.0})],
        "observability.thresholds.gpu-utilisation-high", "must be 100 or less: the metric is in percent",
    ),
    "a variable with a null byte": (
        [(f"{MODEL}.environment", {"A": "a\0b"})], "serving.models[0].environment.A",
        "must not contain the character NUL",
    ),
    "a variable that no process accepts": (
        [(f"{MODEL}.environment", {"A": "a" * 131_070})], "serving.models[0].environment.A", "131,071 bytes or fewer",
    ),
    "an option that no process accepts": (
        [(f"{MODEL}.engineOptions", {"chat-template": "a" * 131_072})],
        "serving.models[0].engineOptions.chat-template", "131,071 bytes or fewer",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "path", "message"), CASES.values(), ids=CASES)
def test_it_is_refused(changes: list[Change], path: str, message: str):
    assert_named(changes, path, message)


@pytest.mark.parametrize(
    "value", [("MX", "10 mail.example.com."), ("SRV", "0 5 443 a.example.com"), ("CAA", '0 issue "ca.example"'),
              ("TXT", '"' + "a" * 255 + '" "b"'), ("TXT", "v=spf1 -all"), ("MX", "0 .")],
)  # fmt: skip
def test_records_in_the_format_of_the_standards_pass(value: tuple[str, str]):
    assert examine(config(*record(*value)), "test").problems == []
