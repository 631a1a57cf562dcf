"""Wrong logs and connectors: the mistake, changes to a valid configuration, path and message."""

from typing import Any

from tests.infra.settings.examples import Change
from tests.infra.settings.wrong.case import Wrong

LOGGED = "observability.logs"
MANAGER: Change = ("governance.managesTenancy", True)


def connector(**changes: Any) -> Change:
    given = {"source": "audit", "target": "topic", "to": "critical"}
    return f"{LOGGED}.connectors", {"mine": given | changes}


RETENTION = [
    Wrong(
        "logs for a time that is no multiple of 30 days",
        [(f"{LOGGED}.retentionDays", 100)],
        f"{LOGGED}.retentionDays",
        "100; must be one of 30, 60, 90, 120, 150, 180 days. To keep a log longer, send it to a bucket",
    ),
    Wrong(
        "logs for a year in Logging itself",
        [(f"{LOGGED}.retentionDays", 365)],
        f"{LOGGED}.retentionDays",
        "365; must be one of 30, 60, 90, 120, 150, 180 days",
    ),
    Wrong(
        "two connectors of the same events to one topic",
        [
            (
                f"{LOGGED}.connectors",
                {name: {"source": "audit", "target": "topic", "to": "critical"} for name in ("one", "two")},
            )
        ],
        f"{LOGGED}.connectors.two",
        "'critical'; must not do what connectors.one does: each entry would arrive twice",
    ),
    Wrong(
        "a file of containers with a line break",
        [(f"{LOGGED}.containers", {"paths": ["/var/log/x.log\n"]})],
        f"{LOGGED}.containers.paths[0]",
        "must be an absolute path",
    ),
    Wrong(
        "a copy of the logs for less time than the logs themselves",
        [(f"{LOGGED}.keepDays", 60)],
        f"{LOGGED}.keepDays",
        "60; must be more than retentionDays, 90",
    ),
    Wrong(
        "logs of containers for a month and a half",
        [(f"{LOGGED}.containers.retentionDays", 45)],
        f"{LOGGED}.containers.retentionDays",
        "45; must be one of 30, 60",
    ),
    Wrong(
        "flow logs for half a month",
        [("network.flowLogs", {"retentionDays": 15})],
        "network.flowLogs.retentionDays",
        "15; must be one of 30, 60, 90, 120, 150, 180 days",
    ),
    Wrong(
        "logs for no day", [(f"{LOGGED}.retentionDays", 0)], f"{LOGGED}.retentionDays", "0; must be one of 30"
    ),
    Wrong(
        "a copy of the logs for millennia",
        [(f"{LOGGED}.keepDays", 10**6)],
        f"{LOGGED}.keepDays",
        "1000000; must be 36,500 or less",
    ),
    Wrong(
        "a retention of centuries",
        [("storage.buckets.1", {"name": "kept", "retentionYears": 101})],
        "storage.buckets[1].retentionYears",
        "101; must be 100 years or less",
    ),
    Wrong(
        "a retention of no days",
        [("storage.buckets.1", {"name": "kept", "retentionDays": -1})],
        "storage.buckets[1].retentionDays",
        "-1; must be 1 or more days",
    ),
    Wrong(
        "logs of containers from a relative path",
        [(f"{LOGGED}.containers.paths", ["containers/*.log"])],
        f"{LOGGED}.containers.paths[0]",
        "must be an absolute path",
    ),
    Wrong(
        "logs of containers of a group that nobody made",
        [(f"{LOGGED}.containers", {}), ("identity.manage", False), ("vault.kind", "none")],
        f"{LOGGED}.containers.dynamicGroupId",
        "missing; must be set: the program creates no groups",
    ),
    Wrong(
        "a bucket with the name of the log archive",
        [(f"{LOGGED}.keepDays", 365), ("storage.buckets.1", {"name": "log-archive"})],
        "storage.buckets[1].name",
        "'log-archive'; must have another name: a bucket of observability.logs has it",
    ),
    Wrong(
        "a bucket retained for days and years",
        [("storage.buckets.1", {"name": "kept", "retentionDays": 9, "retentionYears": 7})],
        "storage.buckets[1].retentionYears",
        "7; must not be set with retentionDays",
    ),
    Wrong(
        "versions in a bucket retained for years",
        [("storage.buckets.0.retentionYears", 7)],
        "storage.buckets[0].retentionYears",
        "7; must not be combined with versioning",
    ),
]

AUDIT = [
    Wrong(
        "the tenancy's audit in a stack that does not manage it",
        [(f"{LOGGED}.audit", {})],
        f"{LOGGED}.audit",
        "must be left out: governance.managesTenancy is false",
    ),
    Wrong(
        "audit events for two years in the Audit service",
        [MANAGER, (f"{LOGGED}.audit.retentionDays", 730)],
        f"{LOGGED}.audit.retentionDays",
        "730; must be 90 to 365 days. A bucket keeps audit events longer",
    ),
    Wrong(
        "audit events kept for no year",
        [MANAGER, (f"{LOGGED}.audit.keepYears", 0)],
        f"{LOGGED}.audit.keepYears",
        "0; must be 1 or more years",
    ),
    Wrong(
        "a lock of the audit archive at no time",
        [MANAGER, (f"{LOGGED}.audit.lockTime", "in two weeks")],
        f"{LOGGED}.audit.lockTime",
        "must be a time in UTC such as '2027-01-31T00:00:00Z'",
    ),
    Wrong(
        "audit events that are archived in millennia",
        [MANAGER, (f"{LOGGED}.audit.archiveDays", 10**6)],
        f"{LOGGED}.audit.archiveDays",
        "1000000; must be 36,500 or less",
    ),
    Wrong(
        "audit events that are archived at once",
        [MANAGER, (f"{LOGGED}.audit.archiveDays", 0)],
        f"{LOGGED}.audit.archiveDays",
        "0; must be 1 or more",
    ),
]

CONNECTORS = [
    Wrong(
        "other logs than audit to a topic",
        [connector(source="logs")],
        f"{LOGGED}.connectors.mine.source",
        "'logs'; must be audit or metrics: a topic takes no other logs",
    ),
    Wrong(
        "metrics of a namespace that no connector takes",
        [connector(source="metrics", namespaces=["gpu_infrastructure_health"])],
        f"{LOGGED}.connectors.mine.namespaces[0]",
        "'gpu_infrastructure_health'; must begin with oci_",
    ),
    Wrong(
        "metrics of a namespace with a space",
        [connector(source="metrics", namespaces=["oci_lbaas "])],
        f"{LOGGED}.connectors.mine.namespaces[0]",
        "'oci_lbaas '; must be lower-case letters, digits and _ after oci_",
    ),
    Wrong(
        "metrics of a namespace in capitals",
        [connector(source="metrics", namespaces=["OCI_LBAAS"])],
        f"{LOGGED}.connectors.mine.namespaces[0]",
        "'OCI_LBAAS'; must begin with oci_",
    ),
    Wrong(
        "metrics of a prefix alone",
        [connector(source="metrics", namespaces=["oci_"])],
        f"{LOGGED}.connectors.mine.namespaces[0]",
        "'oci_'; must be lower-case letters",
    ),
    Wrong(
        "metrics of a namespace twice",
        [connector(source="metrics", namespaces=["oci_lbaas", "oci_lbaas"])],
        f"{LOGGED}.connectors.mine.namespaces[1]",
        "must not be repeated",
    ),
    Wrong(
        "the tenancy's audit to a topic",
        [MANAGER, connector(source="tenancyAudit")],
        f"{LOGGED}.connectors.mine.source",
        "must be audit or metrics: a topic takes no other logs",
    ),
    Wrong(
        "metrics of no namespace",
        [connector(source="metrics")],
        f"{LOGGED}.connectors.mine.namespaces",
        "must name a namespace such as oci_lbaas",
    ),
    Wrong(
        "namespaces of audit events",
        [connector(namespaces=["oci_lbaas"])],
        f"{LOGGED}.connectors.mine.namespaces",
        "must be left out: only metrics have namespaces",
    ),
    Wrong(
        "a connector to a topic that is not there",
        [connector(to="criticl")],
        f"{LOGGED}.connectors.mine.to",
        "must be the name of a topic in observability.topics. Did you mean `critical`?",
    ),
    Wrong(
        "a connector to something that is no function",
        [connector(target="function", to="ocid1.stream.oc1.iad.aaaaaaaaexample")],
        f"{LOGGED}.connectors.mine.to",
        "must be the OCID of a function",
    ),
    Wrong(
        "a connector to a function of another region",
        [connector(target="function", to="ocid1.fnfunc.oc1.phx.aaaaaaaaexample")],
        f"{LOGGED}.connectors.mine.to",
        "must be in the environment's region us-ashburn-1",
    ),
    Wrong(
        "a connector from an unknown source",
        [connector(source="audits")],
        f"{LOGGED}.connectors.mine.source",
        "'audits'; must be one of logs, audit, tenancyAudit, metrics. Did you mean `audit`?",
    ),
    Wrong(
        "a connector to an unknown kind of target",
        [connector(target="queue")],
        f"{LOGGED}.connectors.mine.target",
        "'queue'; must be one of bucket, topic, stream, function",
    ),
    Wrong(
        "a connector with the name of the log archive's own",
        [
            (f"{LOGGED}.keepDays", 365),
            (f"{LOGGED}.connectors.log-archive", {"source": "audit", "target": "topic", "to": "critical"}),
        ],
        f"{LOGGED}.connectors.log-archive",
        "must have another name: the toolkit's own connector has it",
    ),
    Wrong(
        "the tenancy's audit through a connector of a stack that does not manage it",
        [connector(source="tenancyAudit", target="bucket", to="model-artifacts")],
        f"{LOGGED}.connectors.mine.source",
        "must be left out: governance.managesTenancy is false",
    ),
]

LOGS = [*RETENTION, *AUDIT, *CONNECTORS]
