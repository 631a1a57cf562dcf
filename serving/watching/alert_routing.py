"""Who is told of alerts: Alertmanager's configuration, its secrets from the vault, and a relay to OCI Notifications."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apiextensions, core, meta

from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from serving.engine.server_rules import image_problems
from serving.options import child
from serving.platform.vault_store import API_VERSION, STORE_KIND

from .alert_relay import AlertRelayArgs, create_relay
from .alertmanager import CONFIG_KEY, CONFIG_SECRET, config_text, secret_name
from .receivers import receiver_problems

REFRESH = "1h"
"""How often external-secrets reads the secrets. Alertmanager uses a new one with the next message."""


@dataclass(frozen=True, kw_only=True)
class AlertReceiverArgs:
    """One receiver of alerts."""

    name: str
    """Name that you choose: 2 to 40 characters of a-z, 0-9 and -, starting with a letter."""

    kind: str
    """`pagerDuty`, `slack`, `email`, `topic`, or `heartbeat`, which gets a message every minute and no alert."""

    severities: Sequence[str] | None = None
    """Severities that it gets: `P1` to `P4`. All receivers together must cover them. None for a heartbeat."""

    in_vault: str | None = None
    """Name of the vault's secret: PagerDuty's integration key (Events API v2), Slack's webhook, the password of the
    e-mail user, or the address of the heartbeat. Never the secret itself."""

    channel: str | None = None
    """Channel of Slack, e.g. `#alerts`. Default: the webhook's own."""

    to: str | None = None
    """E-mail address that gets the alerts."""

    sender: str | None = None
    """E-mail address that sends them. OCI Email Delivery must have approved it."""

    smart_host: str | None = None
    """Mail server with port, which must offer TLS, e.g. `smtp.email.us-ashburn-1.oci.oraclecloud.com:587`."""

    user: str | None = None
    """User name at the mail server."""

    topic: str | None = None
    """Name of a topic of OCI Notifications in `relay.topics`."""


@dataclass(frozen=True, kw_only=True)
class AlertRoutingArgs:
    """The receivers, and what they need."""

    namespace: pulumi.Input[str]
    """Namespace of Alertmanager, known after its release."""

    receivers: Sequence[AlertReceiverArgs]
    """Who is told of alerts."""

    vault_store: pulumi.Input[str] | None = None
    """Name of the store that reads the vault (`VaultStore.store_name`). Required if a receiver has a secret."""

    relay: AlertRelayArgs | None = None
    """Relay to OCI Notifications. Required if a receiver is a topic."""


class AlertRouting(CheckedArgs, pulumi.ComponentResource):
    """The Secret `alert-routing` with Alertmanager's configuration, an ExternalSecret for each receiver with a secret,
    and the relay if there are topics.

    Alertmanager must read that Secret and mount those secrets: give kube-prometheus-stack the values of
    `serving.watching.alertmanager.chart_values`. The relay's service account `alert-relay` needs a policy that lets it
    publish.
    """

    secret_name: pulumi.Output[str]
    """Name of the Secret with the configuration."""

    def __init__(self, name: str, args: AlertRoutingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(_problems(args, name), f"the alert routing {name}")
        super().__init__("genai:index:AlertRouting", name, {}, opts)
        for receiver in args.receivers:
            if receiver.in_vault is not None:
                self._secret(f"{name}-{receiver.name}", args, secret_name(receiver.name), receiver.in_vault)
        if args.relay is not None:
            create_relay(f"{name}-relay", args.relay, args.namespace, self)
        text = pulumi.Output.from_input(args.namespace).apply(
            lambda namespace: config_text(args.receivers, namespace)
        )
        secret = core.v1.Secret(
            f"{name}-config",
            core.v1.SecretInitArgs(
                metadata=_metadata(CONFIG_SECRET, args), type="Opaque", string_data={CONFIG_KEY: text}
            ),
            opts=child(self),
        )
        self.secret_name = secret.metadata.apply(lambda found: found.name or CONFIG_SECRET)
        self.register_outputs({"secretName": self.secret_name})

    def _secret(
        self, name: str, args: AlertRoutingArgs, called: str, key: str
    ) -> "apiextensions.CustomResource":
        spec = {
            "refreshInterval": REFRESH,
            "secretStoreRef": {"kind": STORE_KIND, "name": args.vault_store},
            "target": {"name": called, "creationPolicy": "Owner"},
            "data": [{"secretKey": "secret", "remoteRef": {"key": key}}],
        }
        return apiextensions.CustomResource(
            name,
            API_VERSION,
            "ExternalSecret",
            spec=spec,
            metadata=_metadata(called, args),
            opts=child(self),
        )


def _metadata(called: str, args: AlertRoutingArgs) -> "meta.v1.ObjectMetaArgs":
    labels = {"app.kubernetes.io/managed-by": "pulumi"}
    return meta.v1.ObjectMetaArgs(name=called, namespace=args.namespace, labels=labels)


def _problems(args: AlertRoutingArgs, path: str) -> Iterator[Problem]:
    if not args.receivers:
        yield Problem(f"{path}.receivers", [], "must have a receiver")
    yield from receiver_problems(args.receivers, path=f"{path}.receivers")
    if args.vault_store is None and any(each.in_vault for each in args.receivers):
        yield Problem(f"{path}.vaultStore", None, "is required: a receiver has a secret in the vault")
    known = [*args.relay.topics] if args.relay else list[str]()
    for each in args.receivers:
        if each.topic is not None and each.topic not in known:
            allowed = f"must have the topic {each.topic} of receiver {each.name}"
            yield Problem(f"{path}.relay.topics", known, allowed)
    if args.relay is not None:
        yield from image_problems(args.relay.image, f"{path}.relay.image")
