"""Alertmanager's configuration: a route for each severity, and what one alert makes needless about others.

Sources: config/config.go, config/notifiers.go and notify/*/config.go of prometheus/alertmanager 0.34.0;
pkg/alertmanager/amcfg.go of prometheus-operator, which parses it strictly; the values of kube-prometheus-stack 88.5.3.
"""

import json
from collections.abc import Mapping, Sequence

from .catalogue import SEVERITIES, Severity
from .receivers import HEARTBEAT, TOPIC, ReceiverChoices

Config = dict[str, object]

CONFIG_SECRET, CONFIG_KEY = "alert-routing", "alertmanager.yaml"
NOBODY = "nobody"
WATCHDOG = "Watchdog"
"""The alert of kube-prometheus-stack that always fires, for heartbeats."""

FOLDER = "/etc/alertmanager/receivers"
"""Where Alertmanager finds the secrets of the receivers. It reads them for each message: a new one needs no restart."""

RELAY, RELAY_PORT = "alert-relay", 8080

OF_CHARTS: Mapping[str, str] = {"critical": "P2", "warning": "P3"}
"""Severities of the alerts that kube-prometheus-stack brings, and those of the toolkit that they are routed as."""

PAGER_DUTY: Mapping[str, str] = {"P1": "critical", "P2": "error", "P3": "warning", "P4": "info"}
"""Severities of PagerDuty's Events API v2."""

MOST_ALERTS = 50
"""Alerts in one message to a topic."""

MOST_INTERVAL = 30
"""Minutes until news of a group are sent, at most."""

RETENTION = "192h"
"""How long Alertmanager knows what it sent. With its default, 120h, it would repeat a P4 after 5 days instead of 7
(cmd/alertmanager/main.go warns of it)."""

_GROUP = ("alertname", "namespace", "exported_namespace", "model_name", "hostname")
_SUMMARY = "{{ with .CommonAnnotations.summary }}{{ . }}{{ else }}{{ .CommonLabels.alertname }}{{ end }}"
_TITLE = (
    '[{{ .CommonLabels.severity }}] {{ if eq .Status "firing" }}{{ .Alerts.Firing | len }} x '
    f"{{{{ else }}}}ended: {{{{ end }}}}{_SUMMARY}"
)
_TEXT = (
    "{{ range .Alerts }}{{ .Annotations.summary }}{{ with .Annotations.respond_within }}"
    " (respond within {{ . }}){{ end }}{{ with .Annotations.runbook_url }} {{ . }}{{ end }}\n{{ end }}"
)


def secret_name(receiver: str) -> str:
    """Name of the Secret with the secret of a receiver."""
    return f"alert-receiver-{receiver}"


def config_text(receivers: Sequence[ReceiverChoices], namespace: str) -> str:
    """The configuration as JSON, which is YAML too. It contains no secret: only the files with them.

    `namespace`: that of the relay.
    """
    named = [{"name": NOBODY}, *(_receiver(severity, receivers, namespace) for severity in SEVERITIES)]
    beats = [each for each in receivers if each.kind == HEARTBEAT]
    if beats:
        named.append({"name": HEARTBEAT, "webhook_configs": [_heartbeat(each) for each in beats]})
    config: Config = {
        "global": {"resolve_timeout": "5m"},
        "route": _routes(bool(beats)),
        "inhibit_rules": _inhibit_rules(),
        "receivers": named,
    }
    return json.dumps(config, indent=2)


def _routes(beats: bool) -> Config:
    """The tree of routes. An alert of unknown severity is routed as P3: someone forgot the label, and must see it."""
    watchdog: Config = {"matchers": [f'alertname="{WATCHDOG}"'], "receiver": HEARTBEAT if beats else NOBODY}
    if beats:
        watchdog |= {"group_wait": "0s", "group_interval": "1m", "repeat_interval": "1m"}
    # InfoInhibitor only marks that others are silenced. `info` and `none` are the charts' severities for no action.
    silent: Config = {"matchers": ['severity=~"info|none"'], "receiver": NOBODY}
    tree: list[Config] = [watchdog, silent]
    for name, severity in SEVERITIES.items():
        values = [name, *(theirs for theirs, ours in OF_CHARTS.items() if ours == name)]
        tree.append({"matchers": [f'severity=~"{"|".join(values)}"'], "receiver": name, **_times(severity)})
    return {"receiver": "P3", "group_by": list(_GROUP), **_times(SEVERITIES["P3"]), "routes": tree}


def _times(severity: Severity) -> Config:
    """A message is repeated when the time to escalate has passed. Until then, news come in a third of the time to
    respond."""
    wait = min(severity.respond_minutes * 60 // 90, 60)
    interval = min(severity.respond_minutes // 3, MOST_INTERVAL)
    return {
        "group_wait": f"{wait}s",
        "group_interval": f"{interval}m",
        "repeat_interval": f"{severity.escalate_minutes}m",
    }


def _inhibit_rules() -> list[Config]:
    """Which alerts are not sent while another one fires. Without the label that must be equal, nothing is silenced."""
    return [
        *_same("model_name", 'severity="P1"', 'severity=~"P3|P4"'),
        *_same("hostname", 'severity="P1"', 'severity=~"P3|P4"'),
        *(
            rule
            for name in ("FirstTokenBurn", "TokensSlowBurn", "ModelErrorsBurn")
            for rule in (
                *_same("model_name", f'alertname="{name}Fast"', f'alertname=~"{name}|{name}Slow"'),
                *_same("model_name", f'alertname="{name}"', f'alertname="{name}Slow"'),
            )
        ),
        # Those of kube-prometheus-stack's own configuration.
        _inhibit('severity="critical"', 'severity=~"warning|info"', "namespace", "alertname"),
        _inhibit('severity="warning"', 'severity="info"', "namespace", "alertname"),
    ]


def _same(label: str, source: str, target: str) -> list[Config]:
    there = f'{label}!=""'
    return [{"source_matchers": [source, there], "target_matchers": [target, there], "equal": [label]}]


def _inhibit(source: str, target: str, *equal: str) -> Config:
    return {"source_matchers": [source], "target_matchers": [target], "equal": list(equal)}


def _receiver(severity: str, receivers: Sequence[ReceiverChoices], namespace: str) -> Config:
    found: dict[str, list[Config]] = {}
    for each in receivers:
        if severity in (each.severities or ()):
            key, config = _integration(each, severity, namespace)
            found.setdefault(key, []).append(config)
    return {"name": severity, **found}


def _integration(receiver: ReceiverChoices, severity: str, namespace: str) -> tuple[str, Config]:
    if receiver.kind == "pagerDuty":
        key: Config = {"routing_key_file": _file(receiver), "severity": PAGER_DUTY[severity]}
        return "pagerduty_configs", {**key, "description": _TITLE, "send_resolved": True}
    if receiver.kind == "slack":
        place: Config = {"channel": receiver.channel} if receiver.channel else {}
        message: Config = {"title": _TITLE, "text": _TEXT, "send_resolved": True}
        return "slack_configs", {"api_url_file": _file(receiver), **place, **message}
    if receiver.kind == TOPIC:
        url = f"http://{RELAY}.{namespace}.svc.cluster.local:{RELAY_PORT}/topics/{receiver.topic}"
        return "webhook_configs", {"url": url, "max_alerts": MOST_ALERTS, "send_resolved": True}
    return "email_configs", {
        "to": receiver.to,
        "from": receiver.sender,
        "smarthost": receiver.smart_host,
        "auth_username": receiver.user,
        "auth_password_file": _file(receiver),
        "require_tls": True,
        "headers": {"Subject": _TITLE},
        "send_resolved": True,
    }


def _heartbeat(receiver: ReceiverChoices) -> Config:
    return {"url_file": _file(receiver), "send_resolved": False}


def _file(receiver: ReceiverChoices) -> str:
    return f"{FOLDER}/{receiver.name}"


def chart_values(receivers: Sequence[ReceiverChoices]) -> Mapping[str, object]:
    """Values of kube-prometheus-stack: two Alertmanagers, the configuration's Secret, and the receivers' secrets.

    Each secret is optional: one that is missing in the vault silences one receiver, not all of them.
    """
    sources = [
        {
            "secret": {
                "name": secret_name(each.name),
                "optional": True,
                "items": [{"key": "secret", "path": each.name}],
            }
        }
        for each in receivers
        if each.in_vault
    ]
    spec: Config = {
        "useExistingSecret": True,
        "configSecret": CONFIG_SECRET,
        "retention": RETENTION,
        "replicas": 2,
    }
    if sources:
        spec |= {
            "volumes": [{"name": "receivers", "projected": {"sources": sources}}],
            "volumeMounts": [{"name": "receivers", "mountPath": FOLDER, "readOnly": True}],
        }
    return {"alertmanager": {"podDisruptionBudget": {"enabled": True}, "alertmanagerSpec": spec}}
