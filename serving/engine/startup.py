"""How long an engine may take to start. All times are in seconds.

No measured load times on MI300X were found. The rates are named assumptions: slow on purpose, and adjustable. If the
budget is too short, an engine that would start is killed again and again. If it is too long, a failure is only reported
later.
"""

import math
from dataclasses import dataclass

MINIMUM_READY_SECONDS = 1800
"""vLLM's own default of 600 is too short for a first start with AITER; recipes use 1800 to 3600."""

PROBE_PERIOD_SECONDS = 10
AWAIT_MARGIN_SECONDS = 300
"""Pulumi waits this much longer than Kubernetes, so that users see the cluster's own reason."""


@dataclass(frozen=True, kw_only=True)
class StartupAssumptions:
    """The rates that decide how long a start takes. Assumed, not measured."""

    download_gb_per_second: float = 0.25
    """From the hub to the node."""

    load_gb_per_second: float = 1.0
    """From the node's disks into all GPUs together."""

    compile_seconds: int = 900
    """Graphs, and the kernels that AITER builds in addition to the image's. Each pod builds them again."""

    process_seconds: int = 300
    """From the container's start to the first downloaded byte, and from the ready engine to the open port."""

    image_pull_seconds: int = 1200
    """The first pull of the image, tens of GB, on a new node."""


@dataclass(frozen=True, kw_only=True)
class StartupBudget:
    """The limits of one start. Each is longer than the work it waits for."""

    engine_ready_seconds: int
    """VLLM_ENGINE_READY_TIMEOUT_S: how long the front end waits for the engine's processes."""

    probe_seconds: int
    """The startup probe kills the container after this time."""

    image_pull_seconds: int
    """Before the container starts. The rollout's deadline includes it, the startup probe does not."""

    staging_seconds: int = 0
    """An init container waits until staged weights are on the node. Only the rollout's deadline includes this time."""

    node_seconds: int = 0
    """A pod waits until the cluster autoscaler has added a node. Only the rollout's deadline includes this time."""

    @property
    def probe_failures(self) -> int:
        """failureThreshold of a startup probe of PROBE_PERIOD_SECONDS."""
        return math.ceil(self.probe_seconds / PROBE_PERIOD_SECONDS)

    def progress_seconds(self, grace_seconds: int) -> int:
        """progressDeadlineSeconds. Without a spare GPU, a new pod waits until the old pod has drained."""
        before = self.node_seconds + self.image_pull_seconds + self.staging_seconds
        return grace_seconds + before + self.probe_seconds

    def create_seconds(self, grace_seconds: int) -> int:
        """All replicas start at the same time, so the first rollout takes as long as one replica."""
        return self.progress_seconds(grace_seconds) + AWAIT_MARGIN_SECONDS

    def update_seconds(self, replicas: int, grace_seconds: int) -> int:
        """An update replaces replicas one by one."""
        return max(1, replicas) * self.progress_seconds(grace_seconds) + AWAIT_MARGIN_SECONDS


def startup_budget(
    weights_gb: float, assumptions: StartupAssumptions | None = None, *, staged_gb: float | None = None
) -> StartupBudget:
    """The budget of one start, from the size of the weights that the engine downloads from the hub.

    With `staged_gb`, the weights are staged: the engine downloads nothing, but first waits until the node has that many
    GB.
    """
    given = assumptions or StartupAssumptions()
    download = weights_gb / given.download_gb_per_second if staged_gb is None else 0.0
    staging = 0.0 if staged_gb is None else staged_gb / given.download_gb_per_second + given.process_seconds
    work = download + weights_gb / given.load_gb_per_second + given.compile_seconds
    ready = max(MINIMUM_READY_SECONDS, _whole_minutes(work))
    # The front end downloads tokenizer and configuration before the engine's time starts.
    probe = ready + _whole_minutes(download) + given.process_seconds
    return StartupBudget(
        engine_ready_seconds=ready,
        probe_seconds=probe,
        image_pull_seconds=given.image_pull_seconds,
        staging_seconds=_whole_minutes(staging),
    )


def _whole_minutes(seconds: float) -> int:
    return math.ceil(seconds / 60) * 60
