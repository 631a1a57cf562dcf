"""Wrong alarms and topics: the mistake, changes to a valid configuration, path and message of the problem."""

from typing import Any

from tests.infra.settings.examples import Change, external
from tests.infra.settings.wrong.case import Wrong

ALARM: dict[str, Any] = {
    "title": "Busy",
    "namespace": "oci_computeagent",
    "query": "CpuUtilization[5m].groupBy(resourceId).mean() > 95",
    "severity": "WARNING",
}
AT = "observability.alarms.busy"


def own(**changes: object) -> list[Change]:
    """An own alarm with changes."""
    return [(AT, {**ALARM, **changes})]


def receiver(protocol: str, endpoint: str) -> list[Change]:
    """A topic with one receiver."""
    return [("observability.topics.0.subscriptions", {"duty": {"protocol": protocol, "endpoint": endpoint}})]


WINDOW: dict[str, Any] = {"starts": "2026-12-01T00:00:00Z", "ends": "2027-01-01T00:00:00Z"}
MUTE = "observability.suppressions.night"


def mute(**changes: object) -> list[Change]:
    """A window with changes."""
    return [(MUTE, {**WINDOW, **changes})]


TO = "observability.topics[0].subscriptions['duty'].endpoint"


def query(name: str, text: str, message: str, namespace: str = "oci_computeagent") -> Wrong:
    """An own alarm with a query that is refused."""
    return Wrong(name, own(namespace=namespace, query=text), f"{AT}.query", message)


ALARMS: list[Wrong] = [
    query(
        "an unknown metric names the nearest one",
        "CpuUtilisation[5m].mean() > 95",
        "'CpuUtilisation'; must be a metric of oci_computeagent. Did you mean `CpuUtilization`?",
    ),
    query(
        "an unknown statistic names the nearest one",
        "CpuUtilization[5m].maxx() > 95",
        "'maxx()'; must end in a statistic of MQL. Did you mean `max`?",
    ),
    Wrong(
        "an unknown namespace names the nearest one",
        own(namespace="oci_computagent"),
        f"{AT}.namespace",
        "must be a namespace of OCI Monitoring. Did you mean `oci_computeagent`?",
    ),
    query(
        "a dimension with another spelling",
        "AllRequests[5m].groupBy(resourceId).sum() > 9",
        "'resourceId'; must be a dimension of AllRequests. Did you mean `resourceID`?",
        namespace="oci_objectstorage",
    ),
    query(
        "a value that the dimension never has",
        'unhealthyBackendServers[1m]{lbComponent = "listener"}.max() > 0',
        "must be one of the values of lbComponent for which unhealthyBackendServers has data",
        namespace="oci_lbaas",
    ),
    query(
        "an hourly metric every minute",
        "StoredBytes[1m].groupBy(resourceID).max() > 9",
        "'1m'; must be 60m or longer: StoredBytes is sent every 60 minutes",
        namespace="oci_objectstorage",
    ),
    query(
        "an interval that MQL does not have",
        "CpuUtilization[90m].mean() > 95",
        "'90m'; must have an interval of 1m to 60m, 1h to 24h, or 1d",
    ),
    query(
        "a query without a comparison",
        "CpuUtilization[5m].mean()",
        "must either compare with a value or end in absent()",
    ),
    query(
        "an absence without a detection period",
        "MemoryUtilization[5m].groupBy(resourceId).absent()",
        "must have a detection period: without it, the alarm stops after two hours",
        namespace="oci_redis",
    ),
    query(
        "an absence without a group",
        "MemoryUtilization[5m].absent(3d)",
        "must be grouped, e.g. .groupBy(resourceId).absent(3d)",
        namespace="oci_redis",
    ),
    query(
        "an absence of more than three days",
        "MemoryUtilization[5m].groupBy(resourceId).absent(4d)",
        "'absent(4d)'; must have a detection period of 1m to 3d",
        namespace="oci_redis",
    ),
    query(
        "an absence of what is sent only when something happens",
        "FailedMessagesCount[5m].groupBy(resourceId).absent(3d)",
        "must not be watched by absent(): it is sent only when something happens",
        namespace="oci_notification",
    ),
    Wrong(
        "an absence of nodes that an autoscaler removes",
        [*external(0, 2), *own(query="CpuUtilization[5m].groupBy(resourceId).absent(3d)")],
        f"{AT}.query",
        "must not be watched by absent(): nodes of mi300x come and go without a fault",
        others=True,
    ),
    Wrong(
        "an own metric in a namespace of Oracle",
        own(namespace="oci_cost", ownMetric=True, query="Spent[1h].max() > 2000"),
        f"{AT}.namespace",
        "must be lower-case letters, digits and _, and not begin with oci_ or oracle_",
    ),
    Wrong("an unknown severity", own(severity="FATAL"), f"{AT}.severity", "must be one of CRITICAL, ERROR"),
    Wrong(
        "a pending duration over an hour",
        own(pendingDuration="PT61M"),
        f"{AT}.pendingDuration",
        "PT1M to PT1H",
    ),
    Wrong(
        "a repeat duration over 30 days", own(repeatDuration="P31D"), f"{AT}.repeatDuration", "PT1M to P30D"
    ),
    Wrong("a delay below three minutes", own(slackDuration="PT2M"), f"{AT}.slackDuration", "PT3M to PT2H"),
    Wrong(
        "two overrides with one name",
        own(overrides=[{"ruleName": "worse", "body": "a"}, {"ruleName": "worse", "body": "b"}]),
        f"{AT}.overrides[1].ruleName",
        "must be a name that no other override of the alarm has, and not BASE",
    ),
    Wrong(
        "an override that changes nothing",
        own(overrides=[{"ruleName": "worse"}]),
        f"{AT}.overrides[0]",
        "must change the query, severity, body or pendingDuration",
    ),
    Wrong(
        "an override of an unknown metric",
        own(overrides=[{"ruleName": "worse", "query": "CpuUse[5m].mean() > 99"}]),
        f"{AT}.overrides[0].query",
        "must be a metric of oci_computeagent",
    ),
    Wrong(
        "an own alarm with the name of one of the platform",
        [("observability.alarms", {"cpu-utilisation-high": ALARM})],
        "observability.alarms.cpu-utilisation-high",
        "must have another name: an alarm of the platform has this one",
    ),
    Wrong(
        "an own alarm without a topic",
        [("observability.topics", []), *own()],
        "observability.alarms",
        "must be left out without a topic: nobody would be told",
    ),
    Wrong(
        "durations of an unknown alarm",
        [("observability.durations", {"gpu-utilization-high": {"pendingDuration": "PT5M"}})],
        "observability.durations.gpu-utilization-high",
        "must name one of the platform's alarms. Did you mean `gpu-utilisation-high`?",
    ),
    Wrong(
        "a duration of the platform's alarm out of range",
        [("observability.durations", {"gpu-utilisation-high": {"pendingDuration": "PT2H"}})],
        "observability.durations.gpu-utilisation-high.pendingDuration",
        "must be an ISO 8601 duration, PT1M to PT1H",
    ),
    Wrong(
        "a Slack webhook with a query string",
        receiver("SLACK", "https://hooks.slack.com/services/T0/B0/x?a=b"),
        TO,
        "must be a Slack webhook, https://hooks.slack.com/services/..., without a query string",
        others=True,
    ),
    Wrong(
        "a PagerDuty address that is no integration URL",
        receiver("PAGERDUTY", "https://events.pagerduty.com/v2/enqueue"),
        TO,
        "must be a PagerDuty integration URL",
        others=True,
    ),
    Wrong(
        "an https address with a token in its query",
        receiver("CUSTOM_HTTPS", "https://hooks.example.com/alarms?token=x"),
        TO,
        "must be an https address on a public host, without a query string",
        others=True,
    ),
    Wrong(
        "an https address of a private host",
        receiver("CUSTOM_HTTPS", "https://10.0.0.5/alarms"),
        TO,
        "must be an https address on a public host",
        others=True,
    ),
    Wrong(
        "a function by its name", receiver("ORACLE_FUNCTIONS", "relay"), TO, "must be the OCID of a function"
    ),
    Wrong("a telephone number without its country", receiver("SMS", "5550100"), TO, "with its country code"),
    Wrong("no e-mail address", receiver("EMAIL", "nobody"), TO, "must be an e-mail address"),
    Wrong(
        "a window that ends before it starts",
        mute(ends="2026-11-01T00:00:00Z"),
        f"{MUTE}.ends",
        "must be after",
    ),
    Wrong(
        "a window in local time", mute(starts="2026-12-01T00:00:00+01:00"), f"{MUTE}.starts", "a time in UTC"
    ),
    Wrong(
        "a window that comes back every month",
        mute(repeats="MONTHLY", duration="PT1H"),
        f"{MUTE}.repeats",
        "must be one of DAILY, WEEKLY",
    ),
    Wrong(
        "a recurring window of more than a day",
        mute(repeats="DAILY", duration="PT25H"),
        f"{MUTE}.duration",
        "must be an ISO 8601 duration, PT1M to PT24H",
    ),
    Wrong(
        "a daily window on some days",
        mute(repeats="DAILY", duration="PT8H", days=["SA"]),
        f"{MUTE}.days",
        "must be left out: a daily window is on all days. Set repeats to WEEKLY",
    ),
    Wrong(
        "the length of a window that does not come back",
        mute(duration="PT8H"),
        f"{MUTE}.duration",
        "must be left out: only a window that repeats has it",
    ),
    Wrong(
        "dimensions that are too long",
        mute(dimensions={"resourceId": "x" * 4_000}),
        f"{MUTE}.dimensions",
        "must be 4,000 characters or fewer as JSON",
    ),
    Wrong(
        "a window for an alarm that the environment does not have",
        mute(alarms=["balancer-errors"]),
        f"{MUTE}.alarms[0]",
        "'balancer-errors'; must be an alarm of this environment",
    ),
    Wrong(
        "a window without any alarm",
        [("observability.topics", []), *mute()],
        MUTE,
        "must be left out: the environment has no alarm, because it has no topic",
    ),
]
