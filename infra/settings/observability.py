"""Who hears of what goes wrong."""

from typing import Literal

from pydantic import Field

from .base import ENCRYPTION_MARK, Name, Section


class Subscription(Section):
    """One receiver of a topic."""

    protocol: Literal["EMAIL", "CUSTOM_HTTPS", "PAGERDUTY", "SLACK", "SMS", "ORACLE_FUNCTIONS"]
    """How it is told."""

    endpoint: str = Field(json_schema_extra={ENCRYPTION_MARK: "maybe"})
    """Address, telephone number, OCID of a function, or webhook. A webhook carries a token: encrypt it."""


class Topic(Section):
    """A notification topic."""

    name: Name
    """Name of the topic after the environment's prefix; alarms name it."""

    subscriptions: tuple[Subscription, ...] = ()
    """Who is told. OCI asks each of them for confirmation first."""


class Observability(Section):
    """Topics and alarms of one environment."""

    topics: tuple[Topic, ...] = ()
    """Notification topics, by severity."""

    thresholds: dict[str, float] = Field(default_factory=dict[str, float])
    """Thresholds of alarms that differ from the alarm's own, by alarm name."""
