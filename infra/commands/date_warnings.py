"""What `playground check` warns about times: locks that OCI refuses for a new rule, and windows that are over."""

from collections.abc import Iterator
from datetime import datetime

from facts.dates import lock_warnings, utc_time
from facts.problem import Problem
from infra.settings import Settings


def date_warnings(settings: Settings, now: datetime) -> Iterator[Problem]:
    """Times that were right for what exists already, and are wrong for something new."""
    for index, bucket in enumerate(settings.storage.buckets):
        if bucket.retention_lock_time:
            path = f"storage.buckets[{index}].retentionLockTime"
            yield from lock_warnings(bucket.retention_lock_time, now, path=path)
    logs = settings.observability.logs
    if logs and logs.audit and logs.audit.lock_time:
        yield from lock_warnings(logs.audit.lock_time, now, path="observability.logs.audit.lockTime")
    for name, window in settings.observability.suppressions.items():
        ends = utc_time(window.ends, seconds=False)
        if ends and ends < now:
            path = f"observability.suppressions.{name}.ends"
            yield Problem(path, window.ends, "is in the past: the window mutes nothing any more", "Remove it")
