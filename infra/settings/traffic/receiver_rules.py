"""Rules for who is told of alerts."""

from collections.abc import Iterator, Mapping, Sequence

from facts.problem import Problem
from infra.settings.observability import Observability
from infra.settings.serving import Serving
from infra.settings.values.images import pinned_problems
from serving.watching.alertmanager import CONFIG_SECRET
from serving.watching.receivers import TOPIC, receiver_problems

from . import Traffic
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
    if serving is None or not receivers_of(traffic):
        return
    if receiver_secrets(traffic) and serving.platform.external_secrets is None:
        allowed = "need the chart externalSecrets, which reads their secrets from the vault"
        fix = "Add serving.platform.externalSecrets: {}"
        yield Problem(PATH, f"{len(receiver_secrets(traffic))} secrets", allowed, fix)
    yield from _own_config_problems(serving)


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


def _own_config_problems(serving: Serving) -> Iterator[Problem]:
    """A configuration of Alertmanager in the chart's values, beside the receivers."""
    chart = serving.platform.prometheus
    own = chart.values.get("alertmanager") if chart else None
    if not isinstance(own, Mapping):
        return
    path = "serving.platform.prometheus.values.alertmanager"
    for key in ("config", "stringConfig"):
        if key in own:
            allowed = f"has no effect with {PATH}: Alertmanager reads the Secret {CONFIG_SECRET}"
            yield Problem(f"{path}.{key}", "given", allowed, "Remove one of them")


def topic_problems(traffic: Traffic, observability: Observability) -> Iterator[Problem]:
    """Receivers whose topic the environment does not have."""
    known = [topic.name for topic in observability.topics]
    for index, each in enumerate(receivers_of(traffic)):
        if each.kind == TOPIC and each.topic and each.topic not in known:
            allowed = f"must be one of observability.topics: {', '.join(known) or 'there are none'}"
            yield Problem.not_one_of(f"{PATH}[{index}].topic", each.topic, known, allowed)
