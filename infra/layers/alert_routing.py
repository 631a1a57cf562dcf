"""Who is told of alerts."""

from collections.abc import Mapping

import pulumi

from infra.program.context import Context
from infra.program.in_cluster import InCluster
from infra.program.outputs import PlatformLayer
from infra.settings import Settings
from infra.settings.traffic.receiver_rules import receivers_of
from serving.watching.alert_relay import AlertRelayArgs
from serving.watching.alert_routing import AlertReceiverArgs, AlertRouting, AlertRoutingArgs


def create_alert_routing(
    settings: Settings,
    context: Context,
    inside: InCluster | None,
    platform: PlatformLayer,
    topics: Mapping[str, pulumi.Output[str]],
) -> None:
    """Creates the routing of alerts; nothing without receivers. `topics`: the OCIDs by name."""
    receivers = receivers_of(settings.traffic)
    if inside is None or not receivers or "prometheus" not in platform.charts:
        return
    # The kinds of external-secrets exist with its release.
    ready = [platform.charts[key] for key in ("prometheus", "externalSecrets") if key in platform.charts]
    args = AlertRoutingArgs(
        namespace=pulumi.Output.all(*ready).apply(lambda known: known[0]),
        receivers=[AlertReceiverArgs(**each.model_dump()) for each in receivers],
        vault_store=platform.vault_store,
        relay=_relay(settings, context, topics, inside.api_cidr),
    )
    AlertRouting(context.name("alerts"), args, inside.options)


def _relay(
    settings: Settings, context: Context, topics: Mapping[str, pulumi.Output[str]], api_cidr: str
) -> AlertRelayArgs | None:
    wanted = settings.traffic.watching.relay if settings.traffic.watching else None
    named = {each.topic for each in receivers_of(settings.traffic) if each.topic}
    if wanted is None:
        return None
    return AlertRelayArgs(
        image=f"{wanted.image}@{wanted.image_digest}",
        region=context.region,
        topics={name: topics[name] for name in sorted(named)},
        api_cidr=api_cidr,
    )
