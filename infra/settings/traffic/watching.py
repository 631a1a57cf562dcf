"""What watches the traffic path: objectives, thresholds, and your own alerts."""

from pydantic import Field

from infra.settings.base import Section

from .receivers import AlertReceiver, AlertRelay


class ObjectivesSettings(Section):
    """Service level objectives of every model, over 30 days."""

    availability_percent: float | None = None
    """Least share of requests without a server error, in percent: above 93.1 and below 100. Default: 99.5."""

    first_token_seconds: float | None = None
    """Time to the first token that 95 % of the requests keep. It must be a bucket of vLLM's histogram. Default: 2.5."""

    inter_token_seconds: float | None = None
    """Time between tokens that 95 % of them keep. It must be a bucket of vLLM's histogram. Default: 0.1."""


class OwnRuleSettings(Section):
    """An alert of your own."""

    expr: str
    """Condition in PromQL. `playground check` refuses metrics and labels that the pinned versions do not have."""

    severity: str
    """`P1`, `P2`, `P3` or `P4`."""

    summary: str
    """One line for a message. It can contain `{{ $value }}` and `{{ $labels.NAME }}`, also with functions, e.g.
    `{{ $value | humanize }}`."""

    for_time: str | None = None
    """How long the condition must be true, e.g. `10m`. Default: 5m."""

    runbook: str | None = None
    """Address of a page that says what to do. Default: none."""


class Watching(Section):
    """Alert rules and monitors of the traffic path. `{}` creates them with the defaults. It needs
    `serving.platform.prometheus`."""

    objectives: ObjectivesSettings | None = None
    """Service level objectives. Default: 99.5 %, 2.5 s and 0.1 s."""

    thresholds: dict[str, float] = Field(default_factory=dict[str, float])
    """Thresholds that replace those of the alerts, by alert name (docs/runbooks)."""

    runbooks: str | None = None
    """Address where you publish docs/runbooks, e.g. `https://wiki.example.com/runbooks`. Default: the path in the
    project."""

    rules: dict[str, OwnRuleSettings] = Field(default_factory=dict[str, OwnRuleSettings])
    """Your own alerts, by name."""

    receivers: tuple[AlertReceiver, ...] = ()
    """Who is told of alerts. Together they must cover P1 to P4. Default: Alertmanager's own configuration, which tells
    nobody."""

    relay: AlertRelay | None = None
    """Relay to OCI Notifications. Required for receivers of the kind `topic`."""
