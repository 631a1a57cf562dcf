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
    query("a statistic in capitals", "CpuUtilization[5m].MEAN() > 95", "Did you mean `mean`?"),
    query("a metric in lower case", "cpuutilization[5m].mean() > 95", "Did you mean `CpuUtilization`?"),
    query(
        "a statistic with a number that it does not take",
        "CpuUtilization[5m].mean(5) > 95",
        "'mean(5)'; must be mean(), without a number",
    ),
    query(
        "a group of nothing",
        "CpuUtilization[5m].groupBy().mean() > 95",
        "'groupBy()'; must be groupBy(dimension, ...) or grouping()",
    ),
    query(
        "a group with a gap",
        "CpuUtilization[5m].groupBy(resourceId,, shape).mean() > 95",
        "must be groupBy(dimension, ...) or grouping()",
    ),
    query(
        "an unknown metric in the second comparison",
        "CpuUtilization[5m].mean() > 95 || MemoryUtilisation[5m].mean() > 95",
        "Did you mean `MemoryUtilization`?",
    ),
    query(
        "a filter with another spelling",
        'CpuUtilization[5m]{ResourceId = "x"}.mean() > 95',
        "'ResourceId'; must be a dimension of CpuUtilization. Did you mean `resourceId`?",
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
    Wrong("an alarm without a title", own(title=" "), f"{AT}.title", "must not be empty"),
    Wrong(
        "an override with a blank name",
        own(overrides=[{"ruleName": " ", "body": "a"}]),
        f"{AT}.overrides[0].ruleName",
        "must be a name that no other override of the alarm has",
    ),
    Wrong(
        "a pending duration of an override over an hour",
        own(overrides=[{"ruleName": "worse", "pendingDuration": "PT1H1M"}]),
        f"{AT}.overrides[0].pendingDuration",
        "PT1M to PT1H",
    ),
    Wrong(
        "a pending duration in seconds", own(pendingDuration="PT60S"), f"{AT}.pendingDuration", "PT1M to PT1H"
    ),
    Wrong("a pending duration as a number", own(pendingDuration=5), f"{AT}.pendingDuration", "must be text"),
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
        "a severity of two topics",
        [
            (
                "observability.topics",
                [
                    {"name": "one", "severities": ["CRITICAL"]},
                    {"name": "two", "severities": ["CRITICAL"]},
                    {"name": "all"},
                ],
            )
        ],
        "observability.topics[1].severities[0]",
        "'CRITICAL'; must not be repeated: the topic one gets the alarms of this severity",
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
    Wrong(
        "one receiver under two names",
        [
            (
                "observability.topics.0.subscriptions",
                {
                    "a": {"protocol": "EMAIL", "endpoint": "a@example.com"},
                    "b": {"protocol": "EMAIL", "endpoint": "A@Example.com"},
                },
            )
        ],
        "observability.topics[0].subscriptions['b']",
        "must not be repeated: a is the same receiver",
    ),
    Wrong(
        "a protocol in lower case",
        receiver("email", "a@example.com"),
        TO.replace("endpoint", "protocol"),
        "Did you mean `EMAIL`?",
    ),
    Wrong(
        "two e-mail addresses in one",
        receiver("EMAIL", "a@example.com,b@example.com"),
        TO,
        "must be an e-mail",
    ),
    Wrong(
        "an application of functions",
        receiver("ORACLE_FUNCTIONS", "ocid1.fnapp.oc1.iad.aaaa"),
        TO,
        "must be the OCID of a function",
    ),
    Wrong("no e-mail address", receiver("EMAIL", "nobody"), TO, "must be an e-mail address"),
]
