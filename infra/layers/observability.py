"""Observability: notification topics and alarms."""

from collections.abc import Mapping

import pulumi

from components.observability.alarm import Alarm
from components.observability.definitions import alarm_args
from components.observability.notification_topic import NotificationTopic, NotificationTopicArgs
from infra.program.context import Context
from infra.settings import Settings
from infra.settings.observability import alarms_for


def create_observability(settings: Settings, context: Context) -> Mapping[str, pulumi.Output[str]]:
    """Creates the topics and every alarm that has something to watch. An alarm goes to the topic of its severity.

    Returns the OCIDs of the topics by their names in the settings."""
    wanted = settings.observability
    topics = {
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
        for topic in wanted.topics
    }
    for name, alarm in alarms_for(settings.gpu, settings.cluster.scheduled).items():
        topic = wanted.topic_for(alarm.severity)
        if topic:
            args = alarm_args(
                alarm,
                compartment_id=context.compartment_id,
                topic_id=topics[topic].topic_id,
                threshold=wanted.thresholds.get(name),
                tags=context.tags,
            )
            Alarm(context.name(name), args, context.in_region)
    return {name: topic.topic_id for name, topic in topics.items()}
