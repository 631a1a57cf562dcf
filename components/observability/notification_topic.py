"""A notification topic and its subscribers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import ons

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

from .endpoints import WEBHOOKS, subscription_problems

_NAME = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, kw_only=True)
class SubscriptionArgs:
    """One receiver of a topic."""

    protocol: str
    """`EMAIL`, `SMS`, `SLACK`, `PAGERDUTY`, `CUSTOM_HTTPS` or `ORACLE_FUNCTIONS`. A change replaces the
    subscription."""

    endpoint: pulumi.Input[str]
    """Address, telephone number, webhook or function, 512 characters at most. A webhook is a secret. A change
    replaces the subscription, and the receiver must confirm the new one."""


@dataclass(frozen=True, kw_only=True)
class NotificationTopicArgs:
    """Arguments of a NotificationTopic."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the topic."""

    topic_name: str
    """Name, unique in the tenancy: letters, digits, hyphens and underscores, 256 at most. A change replaces the
    topic and all its subscriptions."""

    description: str | None = None
    """Purpose of the topic. Default: none."""

    subscriptions: Mapping[str, SubscriptionArgs] | None = None
    """Receivers by a name that you choose, of letters, digits and hyphens. Each but a function must confirm within
    three days, before OCI sends it anything. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of the topic and its subscriptions. Default: none."""


class NotificationTopic(CheckedArgs, pulumi.ComponentResource):
    """A notification topic with its subscriptions."""

    topic_id: pulumi.Output[str]
    """OCID of the topic, for alarms and events."""

    def __init__(
        self, name: str, args: NotificationTopicArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(
            notification_topic_problems(args.topic_name, args.subscriptions, path=name), f"the topic {name}"
        )
        super().__init__("genai:index:NotificationTopic", name, {}, opts)

        topic = ons.NotificationTopic(
            f"{name}-topic",
            ons.NotificationTopicArgs(
                compartment_id=args.compartment_id,
                name=args.topic_name,
                description=args.description,
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )
        for receiver, subscription in (args.subscriptions or {}).items():
            ons.Subscription(
                f"{name}-{receiver}",
                ons.SubscriptionArgs(
                    compartment_id=args.compartment_id,
                    topic_id=topic.topic_id,
                    protocol=subscription.protocol,
                    endpoint=_endpoint(subscription),
                    freeform_tags=args.tags,
                ),
                opts=child(self),
            )

        self.topic_id = topic.topic_id
        self.register_outputs({"topicId": self.topic_id})


class ReceiverChoices(Protocol):
    """The plain values of a receiver, which the component's args and the settings both have."""

    @property
    def protocol(self) -> str: ...
    @property
    def endpoint(self) -> object: ...


def notification_topic_problems(
    topic_name: str, subscriptions: Mapping[str, ReceiverChoices] | None = None, *, path: str
) -> Iterator[Problem]:
    """Invalid names, and endpoints that do not fit their protocol. Endpoints that are not known yet pass."""
    if not _NAME.fullmatch(topic_name):
        allowed = "must be 1 to 256 letters, digits, hyphens and underscores"
        yield Problem(f"{path}.topicName", topic_name, allowed)
    seen: dict[tuple[str, str], str] = {}
    for receiver, subscription in (subscriptions or {}).items():
        at = f"{path}.subscriptions[{receiver!r}]"
        if not re.fullmatch(r"[A-Za-z0-9-]+", receiver):
            yield Problem(at, receiver, "must have a name of letters, digits and hyphens")
        if receiver == "topic":
            yield Problem(at, receiver, "must have another name: the topic itself has this name")
        endpoint = subscription.endpoint if isinstance(subscription.endpoint, str) else None
        yield from subscription_problems(subscription.protocol, endpoint, path=at)
        if endpoint is not None:
            key = (subscription.protocol, endpoint.lower() if "@" in endpoint else endpoint)
            if key in seen:
                allowed = f"must not be repeated: {seen[key]} is the same receiver, which would get all twice"
                yield Problem(at, receiver, allowed)
            seen.setdefault(key, receiver)


def _endpoint(subscription: SubscriptionArgs) -> pulumi.Input[str]:
    if subscription.protocol in WEBHOOKS:
        return pulumi.Output.secret(subscription.endpoint)
    return subscription.endpoint
