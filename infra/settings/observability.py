"""Notification topics, their receivers, and alarms."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field

from components.observability.definitions import all_alarms
from components.observability.endpoints import WEBHOOKS
from components.observability.notification_topic import SubscriptionArgs, notification_topic_problems
from components.observability.thresholds import replaced_duration_problems, threshold_problems
from facts.problem import Problem, moved

from .base import ENCRYPTION_MARK, Name, Section
from .cluster import Cluster
from .gpu import Gpu
from .health_checks import HealthCheckSettings
from .logs import Logs
from .own_alarms import Durations, OwnAlarm, absent_node_problems, own_alarm_problems
from .suppressions import Suppression, window_problems
from .values.secrets import ENCRYPTED

Severity = Literal["CRITICAL", "ERROR", "WARNING", "INFO"]


class Subscription(Section):
    """One receiver of a topic."""

    protocol: str
    """`EMAIL`, `SMS`, `SLACK`, `PAGERDUTY`, `CUSTOM_HTTPS` or `ORACLE_FUNCTIONS`."""

    endpoint: str = Field(json_schema_extra={ENCRYPTION_MARK: "maybe"})
    """E-mail address, telephone number, OCID of a function, or webhook without a query string. A webhook contains a
    token: encrypt it."""


class Topic(Section):
    """A notification topic."""

    name: Name
    """Name of the topic, without the environment's prefix."""

    severities: tuple[Severity, ...] = ()
    """Severities of the alarms that are sent to this topic. Empty: all severities that no other topic names."""

    subscriptions: dict[str, Subscription] = Field(default_factory=dict[str, Subscription])
    """Receivers, by a name that you choose. OCI asks each receiver but a function for confirmation, and deletes the
    subscription after three days without it."""

    @property
    def subscription_args(self) -> Mapping[str, SubscriptionArgs]:
        """The receivers as args of the component."""
        return {
            name: SubscriptionArgs(protocol=each.protocol, endpoint=each.endpoint)
            for name, each in self.subscriptions.items()
        }


class Observability(Section):
    """Topics and alarms of one environment."""

    topics: tuple[Topic, ...] = ()
    """Notification topics. Without a topic there are no alarms."""

    thresholds: dict[str, float] = Field(default_factory=dict[str, float])
    """Thresholds that replace the default of an alarm, by alarm name."""

    durations: dict[str, Durations] = Field(default_factory=dict[str, Durations])
    """Durations that replace those of an alarm, by alarm name."""

    alarms: dict[Name, OwnAlarm] = Field(default_factory=dict[str, OwnAlarm])
    """Alarms of your own, by a name that you choose. They need a topic for their severity."""

    logs: Logs | None = None
    """Logs of the services, and where they are kept. Default: none but `network.flowLogs`."""

    health_checks: dict[Name, HealthCheckSettings] = Field(default_factory=dict[str, HealthCheckSettings])
    """Requests from other clouds to the public load balancer, by a name that you choose. Default: none."""

    dashboard: bool = False
    """Whether there is a dashboard of latency, errors, GPUs and cost in the Console. A removed one stays there."""

    suppressions: dict[Name, Suppression] = Field(default_factory=dict[str, Suppression])
    """Windows in which alarms are mute, by a name that you choose. Times are UTC."""

    @property
    def functions(self) -> Iterator[tuple[str, str]]:
        """The path and OCID of every function that a topic or a connector calls."""
        for index, topic in enumerate(self.topics):
            for name, each in topic.subscriptions.items():
                if each.protocol == "ORACLE_FUNCTIONS" and each.endpoint.startswith("ocid1.fnfunc."):
                    yield f"observability.topics[{index}].subscriptions.{name}.endpoint", each.endpoint
        for name, connector in (self.logs.connectors if self.logs else {}).items():
            if connector.target == "function" and connector.to.startswith("ocid1.fnfunc."):
                yield f"observability.logs.connectors.{name}.to", connector.to

    def topic_for(self, severity: str) -> str | None:
        """Name of the topic for alarms of this severity, if there is one."""
        named = [topic.name for topic in self.topics if severity in topic.severities]
        return next(iter(named or [topic.name for topic in self.topics if not topic.severities]), None)

    def other_topic(self, name: str, severity: str) -> str:
        """Name of the topic that is told of the failures of topic `name`: the one of this severity, or else the first
        other one; `name` itself if no topic has another name."""
        usual, others = self.topic_for(severity), [each.name for each in self.topics if each.name != name]
        return usual if usual in others else next(iter(others), name)


def observability_problems(observability: Observability) -> Iterator[Problem]:
    """Invalid topics and thresholds, and alarms that reach no topic."""
    for index, topic in enumerate(observability.topics):
        path = f"observability.topics[{index}]"
        found = notification_topic_problems(topic.name, _known(topic), path=path)
        yield from moved(found, f"{path}.topicName", f"{path}.name")
    yield from _repeated_severities(observability.topics)
    yield from threshold_problems(observability.thresholds, path="observability.thresholds")
    yield from replaced_duration_problems(observability.durations, path="observability.durations")
    yield from own_alarm_problems(observability.alarms, path="observability.alarms")
    yield from window_problems(observability.suppressions, path="observability.suppressions")
    yield from _unheard_problems(observability)


def absent_problems(observability: Observability, cluster: Cluster, gpu: Gpu) -> Iterator[Problem]:
    """Own alarms on the absence of nodes that come and go."""
    yield from absent_node_problems(observability.alarms, cluster, gpu, path="observability.alarms")


def _repeated_severities(topics: Sequence[Topic]) -> Iterator[Problem]:
    """Severities of two topics: an alarm notifies one topic only, so the second would get none."""
    seen: dict[str, str] = {}
    for index, topic in enumerate(topics):
        for place, severity in enumerate(topic.severities):
            if severity in seen:
                allowed = f"must not be repeated: the topic {seen[severity]} gets the alarms of this severity"
                fix = "An alarm notifies one topic. Add the receivers to that one"
                yield Problem(f"observability.topics[{index}].severities[{place}]", severity, allowed, fix)
            seen.setdefault(severity, topic.name)


def _unheard_problems(observability: Observability) -> Iterator[Problem]:
    """Severities of alarms that no topic gets, and own alarms without any topic."""
    used = {alarm.severity for alarm in (*all_alarms().values(), *observability.alarms.values())}
    unheard = {severity for severity in used if not observability.topic_for(severity)}
    if observability.alarms and not observability.topics:
        names, allowed = [*observability.alarms], "must be left out without a topic: nobody would be told"
        yield Problem("observability.alarms", names, allowed, "Add one to observability.topics")
    if observability.topics and unheard:
        allowed = f"must cover {', '.join(sorted(unheard))} too, or alarms of that severity reach nobody"
        yield Problem("observability.topics", [topic.name for topic in observability.topics], allowed)


def _known(topic: Topic) -> Mapping[str, Subscription]:
    """The receivers whose endpoint can be checked. An encrypted endpoint cannot, because only the engine can decrypt
    it."""
    return {name: each for name, each in topic.subscriptions.items() if each.endpoint != ENCRYPTED}


def webhook_paths(observability: Observability) -> Iterator[str]:
    """Paths of webhooks. Anyone who can read a webhook can send messages to it."""
    for index, topic in enumerate(observability.topics):
        for name, each in topic.subscriptions.items():
            if each.protocol in WEBHOOKS:
                yield f"observability.topics[{index}].subscriptions.{name}.endpoint"
