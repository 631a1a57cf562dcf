"""How long an engine may take to start. Seconds throughout.

No measured load times on MI300X were found: the rates are assumptions, named, slow on purpose, and adjustable. A
budget too short kills an engine that would have come up, over and over; one too long only reports a failure later.
"""

import math
from dataclasses import dataclass

MINIMUM_READY_SECONDS = 1800
"""vLLM's own default of 600 is too short for a first start with AITER; recipes use 1800 to 3600."""

PROBE_PERIOD_SECONDS = 10
AWAIT_MARGIN_SECONDS = 300
"""By which Pulumi waits longer than Kubernetes, so that the cluster's own reason is what a user reads."""


@dataclass(frozen=True, kw_only=True)
class StartupAssumptions:
    """What decides how long a start takes. Assumed, not measured."""

    download_gb_per_second: float = 0.25
    """From the hub to the node."""

    load_gb_per_second: float = 1.0
    """From the node's disks into the GPUs, all together."""

    compile_seconds: int = 900
    """Graphs, and the kernels that AITER builds beside those of the image, in each pod again."""

    process_seconds: int = 300
    """From the container's start to the first byte fetched, and from ready engine to open port."""

    image_pull_seconds: int = 1200
    """The first pull of an image of tens of GB on a new node."""


@dataclass(frozen=True, kw_only=True)
class StartupBudget:
    """The limits of one start, each longer than what it waits for."""

    engine_ready_seconds: int
    """VLLM_ENGINE_READY_TIMEOUT_S: the front end waits that long for the engine's processes."""

    probe_seconds: int
    """The startup probe kills the container after this."""

    image_pull_seconds: int
    """Before the container starts; the startup probe does not count it, the rollout does."""

    staging_seconds: int = 0
    """Until staged weights are on the node, in an init container: as with the image, only the rollout counts it."""

    @property
    def probe_failures(self) -> int:
        """failureThreshold of a startup probe of PROBE_PERIOD_SECONDS."""
        return math.ceil(self.probe_seconds / PROBE_PERIOD_SECONDS)

    def progress_seconds(self, grace_seconds: int) -> int:
        """progressDeadlineSeconds. With no GPU to spare a new pod waits until the old one has drained."""
        return grace_seconds + self.image_pull_seconds + self.staging_seconds + self.probe_seconds

    def create_seconds(self, grace_seconds: int) -> int:
        """All replicas start at once, so a first rollout takes as long as one of them."""
        return self.progress_seconds(grace_seconds) + AWAIT_MARGIN_SECONDS

    def update_seconds(self, replicas: int, grace_seconds: int) -> int:
        """Replicas are replaced one after the other."""
        return max(1, replicas) * self.progress_seconds(grace_seconds) + AWAIT_MARGIN_SECONDS


def startup_budget(
    weights_gb: float, assumptions: StartupAssumptions | None = None, *, staged_gb: float | None = None
) -> StartupBudget:
    """The budget of one start that fetches its weights from the hub, from their size.

    With `staged_gb` they are staged: the engine fetches nothing, and waits first until the node has that much.
    """
    given = assumptions or StartupAssumptions()
    download = weights_gb / given.download_gb_per_second if staged_gb is None else 0.0
    staging = 0.0 if staged_gb is None else staged_gb / given.download_gb_per_second + given.process_seconds
    work = download + weights_gb / given.load_gb_per_second + given.compile_seconds
    ready = max(MINIMUM_READY_SECONDS, _whole_minutes(work))
    # The front end fetches tokenizer and configuration before the engine's clock starts to run.
    probe = ready + _whole_minutes(download) + given.process_seconds
    return StartupBudget(
        engine_ready_seconds=ready,
        probe_seconds=probe,
        image_pull_seconds=given.image_pull_seconds,
        staging_seconds=_whole_minutes(staging),
    )


def _whole_minutes(seconds: float) -> int:
    return math.ceil(seconds / 60) * 60
