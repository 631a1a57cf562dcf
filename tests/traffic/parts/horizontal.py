"""What Kubernetes' HorizontalPodAutoscaler does every 15 seconds with the values that KEDA gives it.

Source: Kubernetes' page "Horizontal Pod Autoscaling" (algorithm, tolerance, behavior, default behavior), and for what
it leaves open pkg/controller/podautoscaler/horizontal.go: a policy counts the changes of its period, and the first
recommendation is the present number.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

SYNC_SECONDS = 15
TOLERANCE = 0.1

DEFAULT_BEHAVIOR: Mapping[str, Any] = {
    "scaleUp": {
        "stabilizationWindowSeconds": 0,
        "selectPolicy": "Max",
        "policies": [
            {"type": "Percent", "value": 100, "periodSeconds": 15},
            {"type": "Pods", "value": 4, "periodSeconds": 15},
        ],
    },
    "scaleDown": {
        "stabilizationWindowSeconds": 300,
        "selectPolicy": "Max",
        "policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}],
    },
}
"""What an autoscaler without a behaviour of its own does."""


class Horizontal:
    """One autoscaler and its memory."""

    def __init__(self, behavior: Mapping[str, Any], least: int, most: int) -> None:
        self.up, self.down = behavior["scaleUp"], behavior["scaleDown"]
        self.least, self.most = least, most
        self.recommended: list[tuple[float, int]] = []
        self.changes: list[tuple[float, int]] = []

    def step(self, now: float, present: int, wishes: Sequence[float]) -> int:
        """The new number. `wishes` are the values divided by their targets: how many pods each metric wants."""
        wanted = max(self._proposed(present, each) for each in wishes)
        wanted = max(self.least, min(self.most, wanted))
        stable = self._stabilized(now, present, wanted)
        limited = self._limited(now, present, stable)
        if limited != present:
            self.changes.append((now, limited - present))
        return limited

    @staticmethod
    def _proposed(present: int, wish: float) -> int:
        if present and abs(wish / present - 1) <= TOLERANCE:
            return present
        return math.ceil(wish)

    def _stabilized(self, now: float, present: int, wanted: int) -> int:
        if not self.recommended:
            self.recommended.append((now, present))
        windows = [each["stabilizationWindowSeconds"] for each in (self.up, self.down)]
        self.recommended = [each for each in self.recommended if each[0] > now - max(windows)]
        least = min([wanted, *(each for at, each in self.recommended if at > now - windows[0])])
        most = max([wanted, *(each for at, each in self.recommended if at > now - windows[1])])
        self.recommended.append((now, wanted))
        return min(max(present, least), most)

    def _limited(self, now: float, present: int, wanted: int) -> int:
        if wanted > present:
            return min(
                wanted, max(present, *(self._bound(now, present, each, 1) for each in self.up["policies"]))
            )
        if wanted < present:
            return max(
                wanted, min(present, *(self._bound(now, present, each, -1) for each in self.down["policies"]))
            )
        return present

    def _bound(self, now: float, present: int, policy: Mapping[str, Any], sign: int) -> int:
        """The number up to which a policy allows a change."""
        since = now - policy["periodSeconds"]
        begun = present - sum(change for at, change in self.changes if at > since and change * sign > 0)
        if policy["type"] == "Pods":
            return begun + sign * policy["value"]
        share = begun * (1 + sign * policy["value"] / 100)
        return math.ceil(share) if sign > 0 else math.floor(share)
