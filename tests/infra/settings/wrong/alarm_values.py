"""Own alarms that compare a metric with what it never is, or in a way that never ends."""

from tests.infra.settings.wrong.alarms import query
from tests.infra.settings.wrong.case import Wrong

ALARM_VALUES: list[Wrong] = [
    query(
        "a percentage above 100 never fires",
        "CpuUtilization[5m].max() > 950",
        "'950'; must be 0 to 100, because CpuUtilization is in percent",
    ),
    query("a percentage below 0 always fires", "CpuUtilization[5m].mean() > -1", "'-1'; must be 0 to 100"),
    query(
        "a share above 1 always fires",
        "HTTP.isHealthy[5m].mean() < 50",
        "'50'; must be 0 to 1, because HTTP.isHealthy is a share",
        "oci_healthchecks",
    ),
    query(
        "a counter's value only grows",
        "DiskBytesRead[5m].mean() > 1000",
        "'mean()'; must be rate() or increment(): DiskBytesRead only grows",
    ),
    query(
        "a range that ends before it begins",
        "CpuUtilization[5m].mean() in (80, 60)",
        "'(80, 60)'; must be a range whose first number is the smaller one",
    ),
]
