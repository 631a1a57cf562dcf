"""Three commands of each further service by the real OCI CLI, on a resource that the provider's door made."""

import base64
import json
from dataclasses import dataclass

import pytest

from sandbox.oci.api.endpoints import endpoints
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import create_minimal, minimal
from tests.sandbox.wire.conftest import COMPARTMENT, Oci, Wire

pytestmark = pytest.mark.prove

TAGS = {"by": "cli"}
NEEDED = {"ons topic": ("--description", "text"), "opensearch cluster": ("--display-name", "text")}
"""What an update needs besides."""


@dataclass(frozen=True)
class Case:
    """Commands of a type: the words before get and update, the option of its OCID, and the list's words."""

    token: str
    words: str
    option: str
    listed: str = ""
    more: str = ""
    """Options of the list, with the outputs of the resource in braces."""


CASES = (
    Case("oci:LoadBalancer/loadBalancer:LoadBalancer", "lb load-balancer", "--load-balancer-id"),
    Case(
        "oci:NetworkLoadBalancer/networkLoadBalancer:NetworkLoadBalancer",
        "nlb network-load-balancer", "--network-load-balancer-id",
    ),
    Case("oci:Database/autonomousDatabase:AutonomousDatabase", "db autonomous-database", "--autonomous-database-id"),
    Case("oci:Psql/dbSystem:DbSystem", "psql db-system", "--db-system-id", "psql db-system-collection list-db-systems"),
    Case(
        "oci:Redis/redisCluster:RedisCluster", "redis redis-cluster redis-cluster", "--redis-cluster-id",
        "redis redis-cluster redis-cluster-summary list-redis-clusters",
    ),
    Case("oci:Opensearch/cluster:Cluster", "opensearch cluster", "--opensearch-cluster-id"),
    Case("oci:Streaming/stream:Stream", "streaming admin stream", "--stream-id"),
    Case("oci:Monitoring/alarm:Alarm", "monitoring alarm", "--alarm-id"),
    Case("oci:Ons/notificationTopic:NotificationTopic", "ons topic", "--topic-id"),
    Case("oci:Budget/budget:Budget", "budgets budget budget", "--budget-id"),
    Case("oci:Bastion/bastion:Bastion", "bastion bastion", "--bastion-id"),
    Case("oci:Dns/zone:Zone", "dns zone", "--zone-name-or-id"),
    Case("oci:Waf/appFirewallPolicy:AppFirewallPolicy", "waf web-app-firewall-policy", "--web-app-firewall-policy-id"),
    Case(
        "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem",
        "lfs lustre-file-system", "--lustre-file-system-id",
        "lfs lustre-file-system-collection list-lustre-file-systems",
    ),
    Case(
        "oci:FileStorage/fileSystem:FileSystem", "fs file-system", "--file-system-id",
        more="--availability-domain {availabilityDomain}",
    ),
    Case("oci:Logging/logGroup:LogGroup", "logging log-group", "--log-group-id"),
    Case("oci:CertificatesManagement/certificate:Certificate", "certs-mgmt certificate", "--certificate-id"),
    Case("oci:Limits/quota:Quota", "limits quota", "--quota-id"),
    Case("oci:Kms/vault:Vault", "kms management vault", "--vault-id"),
    Case("oci:Functions/application:Application", "fn application", "--application-id"),
    Case("oci:ResourceScheduler/schedule:Schedule", "resource-scheduler schedule", "--schedule-id"),
    Case("oci:Sch/connector:Connector", "sch service-connector", "--service-connector-id"),
    Case("oci:HealthChecks/httpMonitor:HttpMonitor", "health-checks http-monitor", "--monitor-id"),
    Case(
        "oci:VulnerabilityScanning/hostScanRecipe:HostScanRecipe",
        "vulnerability-scanning host scan recipe", "--host-scan-recipe-id",
    ),
    Case("oci:Events/rule:Rule", "events rule", "--rule-id"),
    Case("oci:CloudGuard/target:Target", "cloud-guard target", "--target-id"),
    Case("oci:MeteringComputation/schedule:Schedule", "usage-api schedule", "--schedule-id"),
)  # fmt: skip

ELSEWHERE = {"Core", "ContainerEngine", "Identity", "ObjectStorage", "Vault"}
"""The services whose commands are in the tests below, and in test_oci_cli.py."""


def service_of(token: str) -> str:
    """The service in a type's name: "oci:Core/vcn:Vcn" gives "Core"."""
    return token.split(":")[1].split("/", maxsplit=1)[0]


def test_every_service_of_the_rest_api_has_its_commands() -> None:
    known = {service_of(token) for each in endpoints() for token in each.tokens}
    assert {service_of(each.token) for each in CASES} | ELSEWHERE == known


@pytest.fixture
def driver(wire: Wire) -> Driver:
    found = Driver(wire.cloud.store)
    found.provider.operations, found.cloud = wire.operations, wire.cloud
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.words.split()[0])
def test_a_service_gets_lists_and_updates(run_oci: Oci, wire: Wire, driver: Driver, case: Case) -> None:
    made = create_minimal(driver, case.token)
    words, place = case.words.split(), wire.cloud.find(made.id)
    shown = run_oci(*words, "get", case.option, made.id)
    assert made.id in (shown.get("id"), shown.get("topic-id"))
    more = case.more.format_map(place.outputs).split()
    listed = run_oci(
        *(case.listed.split() or (*words, "list")), "--compartment-id", place.compartment_id, *more
    )
    rows = listed.get("items", listed) if isinstance(listed, dict) else listed
    assert made.id in {each.get("id") or each.get("topic-id") for each in rows}
    tagged = ("--freeform-tags", json.dumps(TAGS), *NEEDED.get(case.words, ()))
    run_oci(*words, "update", case.option, made.id, *tagged, "--force")
    assert wire.cloud.find(made.id).outputs["freeformTags"] == TAGS


def test_keys_and_secrets(run_oci: Oci, wire: Wire, driver: Driver) -> None:
    vault = create_minimal(driver, "oci:Kms/vault:Vault").id
    address = run_oci("kms", "management", "vault", "get", "--vault-id", vault)["management-endpoint"]
    at = ("--endpoint", address)
    key = run_oci(
        "kms", "management", "key", "create", "--compartment-id", COMPARTMENT, "--display-name", "data",
        "--key-shape", '{"algorithm": "AES", "length": 32}', *at,
    )["id"]  # fmt: skip
    text = base64.b64encode(b"text").decode()
    sealed = run_oci("kms", "crypto", "encrypt", "--key-id", key, "--plaintext", text, *at)["ciphertext"]
    opened = run_oci("kms", "crypto", "decrypt", "--key-id", key, "--ciphertext", sealed, *at)
    assert opened["plaintext"] == text
    secret = run_oci(
        "vault", "secret", "create-base64", "--compartment-id", COMPARTMENT, "--key-id", key,
        "--vault-id", vault, "--secret-name", "login", "--secret-content-content", text,
    )["id"]  # fmt: skip
    content = run_oci("secrets", "secret-bundle", "get", "--secret-id", secret)["secret-bundle-content"]
    assert content["content"] == text
    run_oci("vault", "secret", "schedule-secret-deletion", "--secret-id", secret)
    assert wire.cloud.find(secret).state == "PENDING_DELETION"


def test_identity_domains(run_oci: Oci, wire: Wire) -> None:
    (domain,) = run_oci("iam", "domain", "list", "--compartment-id", wire.profile.tenancy)
    at = ("--endpoint", domain["url"])
    schemas = '["urn:ietf:params:scim:schemas:core:2.0:Group"]'
    made = run_oci("identity-domains", "group", "create", "--schemas", schemas, "--display-name", "one", *at)
    listed = run_oci("identity-domains", "groups", "list", *at)
    assert [each["id"] for each in listed["resources"]] == [made["id"]]


def test_compute_actions(run_oci: Oci, driver: Driver, wire: Wire) -> None:
    made = driver.create("oci:Core/instance:Instance", **minimal(driver, "oci:Core/instance:Instance"))
    place = ("--compartment-id", wire.cloud.find(made.id).compartment_id)
    assert [each["id"] for each in run_oci("compute", "instance", "list", *place)] == [made.id]
    stopped = run_oci("compute", "instance", "action", "--instance-id", made.id, "--action", "STOP")
    assert stopped["lifecycle-state"] == "STOPPING"
    images = run_oci("compute", "image", "list", *place)
    assert any("Ubuntu" in each["display-name"] for each in images)
