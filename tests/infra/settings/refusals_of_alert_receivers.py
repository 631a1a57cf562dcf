"""Wrong receivers of alerts. Each with its path and message."""

from typing import Any

from tests.infra.settings.examples import DELETE, Change
from tests.infra.settings.refusals_of_pools import Refusal

PATH, RELAY = "traffic.watching.receivers", "traffic.watching.relay"
ALL = ["P1", "P2", "P3", "P4"]
DIGEST = "sha256:" + "0" * 64
KEY = "R0" + "12ab" * 8
"""In the form of PagerDuty's integration keys."""

PAGER = {"name": "on-call", "kind": "pagerDuty", "severities": ALL, "inVault": "pagerduty-key"}
CHAT = {
    "name": "chat",
    "kind": "slack",
    "severities": ["P3"],
    "inVault": "slack-webhook",
    "channel": "#alerts",
}
MAIL = {
    "name": "mail",
    "kind": "email",
    "severities": ["P3", "P4"],
    "to": "team@example.com",
    "sender": "alerts@example.com",
    "smartHost": "smtp.email.us-ashburn-1.oci.oraclecloud.com:587",
    "user": "ocid1.user.oc1..aaaaaaaaexample",
    "inVault": "smtp-password",
}
TOPIC = {"name": "cloud", "kind": "topic", "severities": ["P1"], "topic": "critical"}
BEAT = {"name": "beat", "kind": "heartbeat", "inVault": "heartbeat-address"}
IMAGE = {"image": "iad.ocir.io/space/alert-relay", "imageDigest": DIGEST}


def routed(*receivers: dict[str, Any], relay: dict[str, Any] | None = None) -> list[Change]:
    """Changes that add these receivers, and the charts that they need."""
    watching = {"receivers": list(receivers), **({"relay": relay} if relay else {})}
    return [
        ("serving.platform.prometheus", {}),
        ("serving.platform.externalSecrets", {}),
        ("vault.kind", "shared"),
        ("traffic.watching", watching),
    ]


def first(base: dict[str, Any], **values: Any) -> list[Change]:
    """A receiver with other values, before one for all severities. None removes a value."""
    changed = {key: value for key, value in (base | values).items() if value is not None}
    return routed(changed, {**PAGER, "name": "every", "inVault": "other-key"}, relay=_relay(changed))


def _relay(receiver: dict[str, Any]) -> dict[str, Any] | None:
    return IMAGE if receiver.get("kind") == "topic" else None


def own(values: dict[str, Any], *more: dict[str, Any]) -> list[Change]:
    """Receivers beside own values of the chart."""
    return [*routed(PAGER, *more), ("serving.platform.prometheus.values", values)]


def spec(**values: Any) -> dict[str, Any]:
    """Own values of the Alertmanager."""
    return {"alertmanager": {"alertmanagerSpec": values}}


AT = f"{PATH}[0]"
CHART = "serving.platform.prometheus.values"
SPEC = f"{CHART}.alertmanager.alertmanagerSpec"
OCID = "ocid1.vaultsecret.oc1.iad.amaaaaaaexample"

EVERY: tuple[Refusal, ...] = (
    Refusal("an unknown severity", first(PAGER, severities=["P0"]), f"{AT}.severities[0]", "must be one of P1"),
    Refusal("an old severity", first(PAGER, severities=["critical"]), f"{AT}.severities[0]", "must be one of P1"),
    Refusal("a severity twice", first(PAGER, severities=["P1", "P1"]), f"{AT}.severities[1]", "named twice"),
    Refusal("no severity", first(PAGER, severities=None), f"{AT}.severities", "at least one of P1"),
    Refusal("nobody for P1", routed({**PAGER, "severities": ["P2", "P3", "P4"]}), PATH, "for P1 too"),
    Refusal("nobody for two", routed({**PAGER, "severities": ["P1", "P3"]}, BEAT), PATH, "for P2, P4 too"),
    Refusal("an unknown kind", first(PAGER, kind="teams"), f"{AT}.kind", "must be one of pagerDuty"),
    Refusal("a kind in capitals", first(PAGER, kind="PagerDuty"), f"{AT}.kind", "pagerDuty"),
    Refusal("no secret", first(PAGER, inVault=None), f"{AT}.inVault", "is required for a receiver pagerDuty"),
    Refusal("an empty secret", first(CHAT, inVault=""), f"{AT}.inVault", "is required for a receiver slack"),
    Refusal("no password", first(MAIL, inVault=None), f"{AT}.inVault", "is required for a receiver email"),
    Refusal("no address of a heartbeat", first(BEAT, inVault=None), f"{AT}.inVault", "is required"),
    Refusal("a plain key", first(PAGER, inVault=KEY), f"{AT}.inVault", "[hidden]"),
    Refusal("a plain key, said so", first(PAGER, inVault=KEY), f"{AT}.inVault", "not the integration key itself"),
    Refusal("a plain webhook", first(CHAT, inVault="https://hooks.slack.com/services/T/B/x"), f"{AT}.inVault",
            "must not contain a secret"),
    Refusal("a webhook without https", first(CHAT, inVault="http://hooks.example.com/x"), f"{AT}.inVault",
            "must be the name of a secret in the vault"),
    Refusal("a pattern of secrets", first(PAGER, inVault="pager*"), f"{AT}.inVault", "must be the name of a secret"),
    Refusal("no channel", first(CHAT, channel="alerts"), f"{AT}.channel", "must be a channel such as #alerts"),
    Refusal("a channel in capitals", first(CHAT, channel="#Alerts"), f"{AT}.channel", "must be a channel"),
    Refusal("no e-mail address", first(MAIL, to="team"), f"{AT}.to", "must be an e-mail address"),
    Refusal("two e-mail addresses", first(MAIL, to="a@example.com, b@example.com"), f"{AT}.to", "an e-mail address"),
    Refusal("no sender", first(MAIL, sender=None), f"{AT}.sender", "is required for a receiver email"),
    Refusal("a malformed sender", first(MAIL, sender="alerts@"), f"{AT}.sender", "must be an e-mail address"),
    Refusal("no port", first(MAIL, smartHost="smtp.example.com"), f"{AT}.smartHost", "must be a host and a port"),
    Refusal("a scheme", first(MAIL, smartHost="smtp://a.example.com:25"), f"{AT}.smartHost", "a host and a port"),
    Refusal("a login in the host", first(MAIL, smartHost="a:b@example.com:25"), f"{AT}.smartHost", "[hidden]"),
    Refusal("no user", first(MAIL, user=None), f"{AT}.user", "is required for a receiver email"),
    Refusal("a key of another kind", first(PAGER, channel="#alerts"), f"{AT}.channel", "must be left out"),
    Refusal("a secret of a topic", first(TOPIC, inVault="a-key"), f"{AT}.inVault", "left out for a receiver topic"),
    Refusal("no topic", first(TOPIC, topic=None), f"{AT}.topic", "is required for a receiver topic"),
    Refusal("another topic", first(TOPIC, topic="warning"), f"{AT}.topic", "must be one of observability.topics"),
    Refusal("no relay", routed(PAGER, TOPIC), RELAY, "is required for receivers of the kind topic"),
    Refusal("a relay for nothing", routed(PAGER, relay=IMAGE), RELAY, "no receiver is a topic"),
    Refusal("a relay by tag", routed(PAGER, TOPIC, relay={**IMAGE, "imageDigest": "1.0.0"}), f"{RELAY}.imageDigest",
            "invalid digest"),
    Refusal("a heartbeat for P1", first(BEAT, severities=["P1"]), f"{AT}.severities", "must be left out"),
    Refusal("two of one name", routed(PAGER, {**CHAT, "name": "on-call"}), f"{PATH}[1].name", "another receiver"),
    Refusal("the same place twice", routed(PAGER, {**PAGER, "name": "again"}), f"{PATH}[1].name", "arrive twice"),
    Refusal("a name in capitals", first(PAGER, name="OnCall"), f"{AT}.name", "2 to 40 characters"),
    Refusal("no external-secrets", [*routed(PAGER), ("serving.platform.externalSecrets", DELETE)], PATH,
            "need the chart externalSecrets"),
    Refusal("no Prometheus", [("traffic.watching", {"receivers": [PAGER]})], "traffic.watching",
            "needs serving.platform.prometheus"),
    Refusal("a configuration of one's own",
            own({"alertmanager": {"config": {"route": {"receiver": "me"}}}}),
            "serving.platform.prometheus.values.alertmanager.config", "has no effect with traffic.watching.receivers"),
    Refusal("a secret by OCID", first(PAGER, inVault=OCID), f"{AT}.inVault", "not its OCID"),
    Refusal("a password behind the user", first(MAIL, user="me:geheim1"), f"{AT}.user", "[hidden]"),
    Refusal("a user of two lines", first(MAIL, user="me\nyou"), f"{AT}.user", "without spaces and colons"),
    Refusal("a key as the user", first(TOPIC, user=KEY), f"{AT}.user", "[hidden]"),
    Refusal("an address in brackets", first(MAIL, to="<a@example.com"), f"{AT}.to", "must be an e-mail address"),
    Refusal("an address with a dot behind", first(MAIL, to="a@example.com."), f"{AT}.to", "an e-mail address"),
    Refusal("a template", first(MAIL, to="{{x}}@example.com"), f"{AT}.to", "must be an e-mail address"),
    Refusal("the own pod", first(MAIL, smartHost="localhost:587"), f"{AT}.smartHost", "own pod or node"),
    Refusal("the own pod, IPv6", first(MAIL, smartHost="[::1]:587"), f"{AT}.smartHost", "own pod or node"),
    Refusal("one secret for two kinds", routed(PAGER, {**CHAT, "inVault": "pagerduty-key"}), f"{PATH}[1].inVault",
            "must not be the secret of on-call"),
    Refusal("a configuration of one's own by operator", own(spec(alertmanagerConfiguration={"name": "me"})),
            f"{SPEC}.alertmanagerConfiguration", "must be left out"),
    Refusal("another Secret", own(spec(useExistingSecret=False)), f"{SPEC}.useExistingSecret", "must be left out"),
    Refusal("other volumes", own(spec(volumes=[])), f"{SPEC}.volumes", "must be left out"),
    Refusal("other mounts", own(spec(volumeMounts=[])), f"{SPEC}.volumeMounts", "must be left out"),
    Refusal("no Alertmanager", own({"alertmanager": {"enabled": False}}), f"{CHART}.alertmanager.enabled",
            "would leave no Alertmanager"),
    Refusal("an empty Alertmanager", own({"alertmanager": None}), f"{CHART}.alertmanager", "must be a mapping"),
    Refusal("Alertmanager without a value", own({"alertmanager": {"enabled": None}}), f"{CHART}.alertmanager.enabled",
            "would leave no Alertmanager"),
    Refusal("no pods of Alertmanager", own(spec(replicas=0)), f"{SPEC}.replicas", "would leave no Alertmanager"),
    Refusal("another namespace", own({"namespaceOverride": "mine"}), f"{CHART}.namespaceOverride",
            "must be monitoring"),
    Refusal("no rules for a heartbeat", own({"defaultRules": {"create": False}}, BEAT),
            f"{CHART}.defaultRules.create", "removes the alert Watchdog"),
    Refusal("no Watchdog", own({"defaultRules": {"disabled": {"Watchdog": True}}}, BEAT),
            f"{CHART}.defaultRules.disabled.Watchdog", "removes the alert Watchdog"),
    Refusal("no general rules", own({"defaultRules": {"rules": {"general": False}}}, BEAT),
            f"{CHART}.defaultRules.rules.general", "removes the alert Watchdog"),
)  # fmt: skip
