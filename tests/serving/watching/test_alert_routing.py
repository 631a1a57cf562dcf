"""The objects that route alerts, and the configuration of Alertmanager."""

import json
import re
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from facts.problem import InvalidInput
from serving.watching.alert_relay import AlertRelayArgs
from serving.watching.alert_routing import AlertReceiverArgs, AlertRouting, AlertRoutingArgs
from serving.watching.alertmanager import FOLDER, chart_values, config_text
from serving.watching.catalogue import SEVERITIES
from tests.support.monitor import kubernetes_options, run

DIGEST = "sha256:" + "0" * 64
ALL = tuple(SEVERITIES)
PAGER = AlertReceiverArgs(name="on-call", kind="pagerDuty", severities=ALL, in_vault="pager")
TOPIC = AlertReceiverArgs(name="cloud", kind="topic", severities=("P1",), topic="critical")
BEAT = AlertReceiverArgs(name="beat", kind="heartbeat", in_vault="beat-address")
RELAY = AlertRelayArgs(
    image=f"iad.ocir.io/space/alert-relay@{DIGEST}",
    region="us-ashburn-1",
    topics={"critical": "ocid1.onstopic.oc1.iad.a"},
)


def routing(*receivers: AlertReceiverArgs, preview: bool = False, **changes: Any) -> Any:
    def program() -> None:
        base: dict[str, Any] = {"namespace": "monitoring", "vault_store": "vault"}
        args = AlertRoutingArgs(receivers=receivers, **(base | changes))
        pulumi.export("secret", AlertRouting("alerts", args, kubernetes_options()).secret_name)

    return run(program, preview=preview)


def config(*receivers: AlertReceiverArgs) -> dict[str, Any]:
    return json.loads(config_text(receivers, "monitoring"))


@pytest.mark.parametrize("preview", [False, True])
def test_each_secret_is_read_by_an_object_of_its_own(preview: bool) -> None:
    made = routing(PAGER, BEAT, preview=preview)
    spec = made.named("alerts-on-call").inputs["spec"]
    assert spec["data"] == [{"secretKey": "secret", "remoteRef": {"key": "pager"}}]
    assert spec["target"]["name"] == "alert-receiver-on-call"
    assert {each.name for each in made.resources if each.name.startswith("alerts-")} == {
        "alerts-on-call",
        "alerts-beat",
        "alerts-config",
    }


def test_the_configuration_is_a_secret_of_the_name_that_alertmanager_reads() -> None:
    made = routing(PAGER).named("alerts-config").inputs
    spec: Any = chart_values([PAGER])["alertmanager"]
    assert made["metadata"]["name"] == spec["alertmanagerSpec"]["configSecret"]
    assert json.loads(made["stringData"]["alertmanager.yaml"]) == config(PAGER)


def test_every_file_that_the_configuration_names_is_mounted_and_may_be_missing() -> None:
    receivers = (PAGER, BEAT, AlertReceiverArgs(name="chat", kind="slack", severities=ALL, in_vault="hook"))
    spec: Any = chart_values(receivers)["alertmanager"]
    (volume,) = spec["alertmanagerSpec"]["volumes"]
    sources = [each["secret"] for each in volume["projected"]["sources"]]
    assert all(each["optional"] for each in sources), "one missing secret must not stop Alertmanager"
    mounted = {f"{FOLDER}/{item['path']}" for each in sources for item in each["items"]}
    named = set(re.findall(r'_file": "([^"]+)"', config_text(receivers, "monitoring")))
    assert named == mounted
    made = {each.inputs["spec"]["target"]["name"] for each in routing(*receivers).resources
            if each.type.endswith("ExternalSecret")}  # fmt: skip
    assert made == {each["name"] for each in sources}


def test_a_message_is_repeated_when_the_time_to_escalate_has_passed() -> None:
    routes = {each["receiver"]: each for each in config(PAGER)["route"]["routes"]}
    units = {"s": 1, "m": 60}
    for name, severity in SEVERITIES.items():
        seconds = {
            key: int(routes[name][key][:-1]) * units[routes[name][key][-1]]
            for key in ("group_wait", "group_interval", "repeat_interval")
        }
        assert seconds["repeat_interval"] == severity.escalate_minutes * 60
        # Alertmanager looks at a group only once in its interval.
        assert seconds["repeat_interval"] % seconds["group_interval"] == 0
        assert seconds["group_wait"] < seconds["group_interval"] < severity.respond_minutes * 60


def test_alertmanager_knows_longer_what_it_sent_than_until_it_repeats() -> None:
    values: Any = chart_values([PAGER])["alertmanager"]
    hours = int(values["alertmanagerSpec"]["retention"].removesuffix("h"))
    assert hours * 60 > max(each.escalate_minutes for each in SEVERITIES.values())


def test_the_relay_lets_only_alertmanager_in_and_has_no_key() -> None:
    made = routing(PAGER, TOPIC, relay=RELAY)
    pod = made.named("alerts-relay-deployment").inputs["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    variables = {each["name"]: each["value"] for each in container["env"]}
    assert json.loads(variables["TOPICS"]) == {"critical": "ocid1.onstopic.oc1.iad.a"}
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert pod["serviceAccountName"] == made.named("alerts-relay-account").inputs["metadata"]["name"]
    (rule,) = made.named("alerts-relay-wall").inputs["spec"]["ingress"]
    assert rule["from"] == [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "alertmanager"}}}]
    assert not [each for each in routing(PAGER).resources if "relay" in each.name]


@pytest.mark.parametrize("cidr", [None, "10.0.2.0/28"])
def test_the_relay_reaches_only_names_oci_and_its_identity(cidr: str | None) -> None:
    made = (
        routing(PAGER, TOPIC, relay=replace(RELAY, api_cidr=cidr)).named("alerts-relay-wall").inputs["spec"]
    )
    assert made["policyTypes"] == ["Ingress", "Egress"]
    to = {port["port"]: rule["to"] for rule in made["egress"] for port in rule["ports"]}
    anywhere = [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}]
    assert to.keys() == {53, 443, 12250}
    assert to[53] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}]
    assert to[443] == anywhere
    assert to[12250] == ([{"ipBlock": {"cidr": cidr}}] if cidr else anywhere)


def test_a_topic_is_called_at_the_relays_service() -> None:
    made = routing(PAGER, TOPIC, relay=RELAY).named("alerts-relay-service").inputs
    (hook,) = next(each for each in config(PAGER, TOPIC)["receivers"] if each["name"] == "P1")[
        "webhook_configs"
    ]
    name, space = made["metadata"]["name"], made["metadata"]["namespace"]
    port = made["spec"]["ports"][0]["port"]
    assert hook["url"] == f"http://{name}.{space}.svc.cluster.local:{port}/topics/critical"


@pytest.mark.parametrize(
    ("receivers", "changes", "message"),
    [
        ((), {}, "must have a receiver"),
        ((TOPIC,), {"relay": RELAY}, "for P2, P3, P4 too"),
        ((PAGER,), {"vault_store": None}, "a receiver has a secret in the vault"),
        ((PAGER, TOPIC), {}, "must have the topic critical"),
        ((PAGER, AlertReceiverArgs(name="a", kind="slack", severities=ALL)), {}, "is required"),
        ((PAGER, TOPIC), {"relay": AlertRelayArgs(image="a:1", region="r", topics=RELAY.topics)}, "not pinned"),
    ],
)  # fmt: skip
def test_what_would_reach_nobody_is_refused(receivers: Any, changes: Any, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        routing(*receivers, **changes)
    assert message in str(refused.value)
