"""Observability: notification topics and alarms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi

from components.observability.alarm import Alarm, AlarmArgs
from components.observability.definitions import AlarmDefinition, alarm_args
from components.observability.notification_topic import NotificationTopic, NotificationTopicArgs
from infra.program.context import Context
from infra.program.outputs import NetworkLayer
from infra.settings import Settings
from infra.settings.watched import alarms_for, size_of


def create_observability(
    settings: Settings, context: Context, network: NetworkLayer
) -> Mapping[str, pulumi.Output[str]]:
    """Creates the topics and every alarm that has something to watch. An alarm goes to the topic of its severity.

    Returns the OCIDs of the topics by their names in the settings."""
    topics = {name: topic.topic_id for name, topic in _topics(settings, context).items()}
    _create_alarms(settings, context, network, topics)
    return topics


def _topics(settings: Settings, context: Context) -> Mapping[str, NotificationTopic]:
    return {
        topic.name: NotificationTopic(
            context.name(topic.name),
            NotificationTopicArgs(
                compartment_id=context.compartment_id,
                topic_name=context.name(topic.name),
                # OCI requires one in each update, and the provider does not send what is empty.
                description=f"Notifications of {topic.name}",
                subscriptions=topic.subscription_args,
                tags=context.tags,
            ),
            context.in_region,
        )
        for topic in settings.observability.topics
    }


def _create_alarms(
    settings: Settings, context: Context, network: NetworkLayer, topics: Mapping[str, pulumi.Output[str]]
) -> Mapping[str, Alarm]:
    """The platform's alarms and the environment's own, by name."""
    wanted, made = settings.observability, dict[str, AlarmArgs]()
    for one in _alarms(settings, context):
        made[one.name] = alarm_args(
            one.definition,
            compartment_id=context.compartment_id,
            topic_id=topics[one.topic],
            metric_compartment_id=_place(one.definition, network),
            query=one.query,
            durations=wanted.durations.get(one.definition_name),
            tags=context.tags,
        )
    for name, own in wanted.alarms.items():
        topic_id = topics[wanted.topic_for(own.severity) or wanted.topics[0].name]
        made[name] = AlarmArgs(
            compartment_id=context.compartment_id, topic_id=topic_id, tags=context.tags, **own.component_args
        )
    return {name: Alarm(context.name(name), args, context.in_region) for name, args in made.items()}


@dataclass(frozen=True)
class _Wanted:
    """An alarm to create, with the name of the topic that it notifies."""

    name: str
    definition_name: str
    definition: AlarmDefinition
    topic: str
    query: str


def _alarms(settings: Settings, context: Context) -> Iterator[_Wanted]:
    wanted = settings.observability
    for name, alarm in alarms_for(settings).items():
        threshold, size = wanted.thresholds.get(name), size_of(settings, alarm.size)
        if alarm.each == "topic":
            for topic in wanted.topics:
                query = alarm.query_at(threshold, topic=context.name(topic.name))
                other = wanted.other_topic(topic.name, alarm.severity)
                yield _Wanted(f"{name}-{topic.name}", name, alarm, other, query)
        elif topic_name := wanted.topic_for(alarm.severity):
            yield _Wanted(name, name, alarm, topic_name, alarm.query_at(threshold, size=size))


def _place(alarm: AlarmDefinition, network: NetworkLayer) -> str | None:
    """The compartment of the alarm's metrics, if it is not the environment's: network cards are with their subnets."""
    return network.elsewhere or None if alarm.metrics_of == "network" else None
