"""The differences between the servers that last: the real one's admission knows a new object a moment late."""

import time
from collections.abc import Callable, Iterable

PATIENCE = 60
"""Longest time in seconds until admission knows an object.

Admission reads quotas, priority classes and namespaces from caches. A quota that is gone can count for 30 s more
(`liveTTL` in `admission/plugin/resourcequota/resource_access.go` of k8s.io/apiserver).
"""


def lasting(
    compare: Callable[[], Iterable[str]], *, excused: Callable[[str], bool] = lambda _: False
) -> list[str]:
    """The differences that are not excused and are still there when admission knows all objects."""
    until = time.monotonic() + PATIENCE
    while True:
        found = [each for each in compare() if not excused(each)]
        if not found or time.monotonic() > until:
            return found
        time.sleep(0.1)
