"""Rules for who is told of alerts."""

from collections.abc import Iterator, Sequence

from facts.problem import Problem
from infra.settings.observability import Observability
from infra.settings.serving import Serving
from infra.settings.values.images import pinned_problems
from serving.watching.receivers import TOPIC, receiver_problems

from . import Traffic
from .own_alerting_rules import own_alerting_problems
from .receivers import AlertReceiver

PATH = "traffic.watching.receivers"
RELAY_PATH = "traffic.watching.relay"


def receivers_of(traffic: Traffic) -> Sequence[AlertReceiver]:
    """Who is told of alerts; nobody without `traffic.watching`."""
    return traffic.watching.receivers if traffic.watching else ()


def receiver_secrets(traffic: Traffic) -> Sequence[str]:
    """Names, in the vault, of the secrets of the receivers."""
    return [each.in_vault for each in receivers_of(traffic) if each.in_vault]


def routing_problems(traffic: Traffic, serving: Serving | None) -> Iterator[Problem]:
    """Problems of the receivers alone, and of what the cluster must have for them."""
    yield from receiver_problems(receivers_of(traffic), path=PATH)
    yield from _relay_problems(traffic)
    yield from _tenant_key_problems(traffic)
    if serving is None or not receivers_of(traffic):
        return
    if receiver_secrets(traffic) and serving.platform.external_secrets is None:
        allowed = "need the chart externalSecrets, which reads their secrets from the vault"
        fix = "Add serving.platform.externalSecrets: {}"
        yield Problem(PATH, f"{len(receiver_secrets(traffic))} secrets", allowed, fix)
    chart = serving.platform.prometheus
    yield from own_alerting_problems(chart.values if chart else {})


def _relay_problems(traffic: Traffic) -> Iterator[Problem]:
    relay = traffic.watching.relay if traffic.watching else None
    if relay is not None:
        yield from pinned_problems(relay.image, relay.image_digest, f"{RELAY_PATH}.image")
    topics = [each for each in receivers_of(traffic) if each.kind == TOPIC]
    if topics and relay is None:
        allowed = "is required for receivers of the kind topic: Alertmanager itself cannot sign for OCI"
        yield Problem(RELAY_PATH, None, allowed, "Build its image (docs/watching.md) and name it here")
    if relay is not None and not topics:
        yield Problem(RELAY_PATH, relay.image, "must be left out: no receiver is a topic")


def _tenant_key_problems(traffic: Traffic) -> Iterator[Problem]:
    """A tenant's key that would be sent to a service of alerts."""
    owners = {key: tenant.name for tenant in traffic.tenants for key in tenant.keys}
    for index, each in enumerate(receivers_of(traffic)):
        if each.in_vault in owners:
            allowed = f"must not be a key of the tenant {owners[each.in_vault]}, which others would get"
            fix = "Name the secret of this receiver"
            yield Problem(f"{PATH}[{index}].inVault", each.in_vault, allowed, fix)


def topic_problems(traffic: Traffic, observability: Observability) -> Iterator[Problem]:
    """Receivers whose topic the environment does not have."""
    known = [topic.name for topic in observability.topics]
    for index, each in enumerate(receivers_of(traffic)):
        if each.kind == TOPIC and each.topic and each.topic not in known:
            allowed = f"must be one of observability.topics: {', '.join(known) or 'there are none'}"
            yield Problem.not_one_of(f"{PATH}[{index}].topic", each.topic, known, allowed)
