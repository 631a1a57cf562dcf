"""The daily cost watch, unusual costs and cost reports."""

from pydantic import Field

from infra.settings.base import Section


class DailyWatch(Section):
    """A function that publishes what the compartment cost yesterday, and the alarms on it."""

    most_per_day: int
    """Cost of a day above which an alarm fires, a whole number in the currency of the tenancy."""

    times: str = "0 12 * * *"
    """When yesterday's cost is read: a cron expression of five fields in UTC, once a day. OCI knows a day's cost late,
    so choose noon or later."""

    topic: str | None = None
    """Name of the topic in `observability.topics` that is told. Default: that of the severity CRITICAL."""

    image: str
    """Image of the function in the region's registry, with a tag. Build it from `components/governance/daily_cost`."""

    image_digest: str
    """Digest of that image, `sha256:…`."""


class Anomalies(Section):
    """A monitor that learns the usual cost of the compartment and reports what differs."""

    recipients: tuple[str, ...]
    """E-mail addresses that are told, 1 or more."""

    above_amount: int | None = None
    """Smallest difference from the expected cost that is reported, in the tenancy's currency. Default: any."""

    above_percent: int | None = None
    """Smallest difference in percent. With both, both must be exceeded. Default: any."""


class Report(Section):
    """A report of the costs by service and product, as CSV in a bucket."""

    bucket: str
    """Name of a bucket in `storage.buckets`. Its objects must not be deleted before you read them."""

    every: str = "MONTHLY"
    """`DAILY` (the last seven days), `WEEKLY` or `MONTHLY` (the last calendar week or month)."""

    first: str
    """Time of the first report in UTC and in quotes, e.g. `"2026-12-01T06:00:00Z"`. A change starts a new schedule."""


class CostSettings(Section):
    """What is watched and reported of the environment's cost. Budgets only know months."""

    daily: DailyWatch | None = None
    """The cost of each day. Default: it is not watched."""

    anomalies: Anomalies | None = None
    """Unusual costs. Default: they are not reported."""

    reports: dict[str, Report] = Field(default_factory=dict[str, Report])
    """Reports by a name that you choose."""
