"""Observability: notification topics, alarms, and the windows in which they are mute."""

from collections.abc import Mapping

import pulumi

from components.observability.alarm import Alarm, AlarmArgs
from components.observability.definitions import AlarmDefinition, alarm_args
from components.observability.notification_topic import NotificationTopic, NotificationTopicArgs
from components.observability.suppression_window import SuppressionWindow, SuppressionWindowArgs
from infra.program.context import Context
from infra.program.outputs import NetworkLayer
from infra.settings import Settings
from infra.settings.watched import WantedAlarm, size_of, wanted_alarms


def create_observability(
    settings: Settings, context: Context, network: NetworkLayer
) -> Mapping[str, pulumi.Output[str]]:
    """Creates the topics and every alarm that has something to watch. An alarm goes to the topic of its severity.

    Returns the OCIDs of the topics by their names in the settings."""
    topics = {name: topic.topic_id for name, topic in _topics(settings, context).items()}
    _suppress(settings, context, _create_alarms(settings, context, network, topics))
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
    for one in wanted_alarms(settings):
        made[one.name] = alarm_args(
            one.definition,
            compartment_id=context.compartment_id,
            topic_id=topics[one.topic],
            metric_compartment_id=_place(one.definition, network),
            query=_query(one, settings, context),
            durations=wanted.durations.get(one.definition_name),
            tags=context.tags,
        )
    for name, own in wanted.alarms.items():
        topic_id = topics[wanted.topic_for(own.severity) or wanted.topics[0].name]
        made[name] = AlarmArgs(
            compartment_id=context.compartment_id, topic_id=topic_id, tags=context.tags, **own.component_args
        )
    return {name: Alarm(context.name(name), args, context.in_region) for name, args in made.items()}


def _suppress(settings: Settings, context: Context, alarms: Mapping[str, Alarm]) -> None:
    for name, window in settings.observability.suppressions.items():
        args = SuppressionWindowArgs(
            window_name=context.name(name),
            alarms={alarm: alarms[alarm].alarm_id for alarm in window.alarms} or None,
            compartment_id=None if window.alarms else context.compartment_id,
            tags=context.tags,
            **window.component_args,
        )
        SuppressionWindow(context.name(name), args, context.in_region)


def _query(one: WantedAlarm, settings: Settings, context: Context) -> str:
    threshold = settings.observability.thresholds.get(one.definition_name)
    size = size_of(settings, one.definition.size)
    return one.definition.query_at(threshold, size=size, topic=context.name(one.watched_topic))


def _place(alarm: AlarmDefinition, network: NetworkLayer) -> str | None:
    """The compartment of the alarm's metrics, if it is not the environment's: network cards are with their subnets."""
    return network.elsewhere or None if alarm.metrics_of == "network" else None
