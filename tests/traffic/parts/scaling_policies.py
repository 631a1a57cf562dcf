"""The policies that a replay compares: the component's own numbers, a default, and the requirement's thresholds."""

from dataclasses import dataclass, field

from serving.scaling.policy import GUARD_STEP, LATE_SHARE, LEAST_EVENTS, ScalingPolicy
from tests.traffic.parts.horizontal import DEFAULT_BEHAVIOR, Horizontal
from tests.traffic.parts.simulation import Sample

QUEUE_TARGET = 5
"""Waiting requests per engine, as in the KEDA example of vLLM's production stack."""

REQUIRED_QUEUE = (100, 10)
REQUIRED_GPU = (0.85, 0.5)
REQUIRED_SECONDS = (300, 600)


def wishes(sample: Sample, policy: ScalingPolicy) -> list[float]:
    """What the queries of serving/scaling/queries.py return. A test compares both."""
    if sample.ready < sample.present:
        return [float(sample.present)] * 3
    present = sample.present
    return [
        policy.requests.wish(sample.requests, present),
        policy.cache.wish(sample.cache, present),
        _guard(sample, policy),
    ]


def _guard(sample: Sample, policy: ScalingPolicy) -> float:
    count = len(sample.first_tokens)
    if count <= LEAST_EVENTS:
        return 0
    late = sum(each > policy.first_token_seconds for each in sample.first_tokens) / count
    if late > LATE_SHARE:
        return sample.present * GUARD_STEP
    return sample.present if late > LATE_SHARE / 2 else 0


@dataclass(kw_only=True)
class Ours:
    """The numbers and the behaviour that the component renders."""

    policy: ScalingPolicy
    least: int
    most: int
    pods: Horizontal = field(init=False)

    def __post_init__(self) -> None:
        self.pods = Horizontal(self.policy.behavior, self.least, self.most)

    def decide(self, sample: Sample) -> int:
        return self.pods.step(sample.now, sample.present, wishes(sample, self.policy))


@dataclass(kw_only=True)
class QueueLength:
    """A target for waiting requests and Kubernetes' default behaviour."""

    least: int
    most: int
    pods: Horizontal = field(init=False)

    def __post_init__(self) -> None:
        self.pods = Horizontal(DEFAULT_BEHAVIOR, self.least, self.most)

    def decide(self, sample: Sample) -> int:
        return self.pods.step(sample.now, sample.present, [sample.waiting / QUEUE_TARGET])


@dataclass(kw_only=True)
class Required:
    """The requirement's thresholds taken literally: one engine more above them, one less below them."""

    least: int
    most: int
    pods: Horizontal = field(init=False)

    def __post_init__(self) -> None:
        out, into = REQUIRED_SECONDS
        step = {"type": "Pods", "value": 1}
        behavior = {
            "scaleUp": {"stabilizationWindowSeconds": out, "policies": [{**step, "periodSeconds": out}]},
            "scaleDown": {"stabilizationWindowSeconds": into, "policies": [{**step, "periodSeconds": into}]},
        }
        self.pods = Horizontal(behavior, self.least, self.most)

    def decide(self, sample: Sample) -> int:
        used = sample.cache / max(1, sample.ready)
        wanted = sample.present
        if sample.waiting > REQUIRED_QUEUE[0] or used > REQUIRED_GPU[0]:
            wanted += 1
        elif sample.waiting < REQUIRED_QUEUE[1] and used < REQUIRED_GPU[1]:
            wanted -= 1
        # Beyond the tolerance, whatever the number is.
        wish = (
            wanted
            if wanted == sample.present
            else sample.present * (GUARD_STEP if wanted > sample.present else 0.8)
        )
        return self.pods.step(sample.now, sample.present, [wish])
