"""The quotas of the environment's compartment."""

from pydantic import Field

from infra.settings.base import Section


class CompartmentQuotaSettings(Section):
    """Most that the environment's compartment may use: what the settings need, and headroom."""

    headroom_percent: int = Field(default=25, ge=0, le=1000)
    """Percent above what the settings need, rounded up. GPUs get none: a GPU node that nobody planned costs most."""

    above: str | None = None
    """Path of the compartment that contains `tenancy.compartmentId`, from the root, e.g. `platform:ai`. Statements name
    compartments by their paths. Default: it is directly below the root."""

    limits: dict[str, int] = Field(default_factory=dict[str, int])
    """Your own limits by the name of the quota, instead of need and headroom, e.g. `gpu-mi300x-count: 40`."""

    other_gpus: bool = False
    """Whether other GPUs than those of `gpu.pools` may be used in the compartment."""

    statements: tuple[str, ...] = ()
    """More statements in Oracle's language of quotas. `{compartment}` stands for the environment's compartment."""
