"""What sets the number of a model's engines."""

from pydantic import Field

from infra.settings.base import Section


class OwnSignal(Section):
    """A signal of your own."""

    expr: str
    """Query in PromQL that returns one series: a sum over all engines of the model. `playground check` refuses metrics
    and labels that the pinned versions do not have."""

    out_above: float
    """Value per engine above which an engine is added."""

    in_below: float
    """Value per engine below which one is removed. Below `outAbove`."""


class ModelScaling(Section):
    """How the number of a model's engines follows the load. `{}` uses the defaults."""

    min_engines: int | None = None
    """Fewest engines, 1 to 1,000. Default: the model's `replicas`."""

    max_engines: int | None = None
    """Most engines, 1 to 1,000. Default: as many as fit beside the other models, on the pool at its largest size if the
    cluster autoscaler owns it, else at its smallest."""

    requests_out: float | None = None
    """Running and waiting requests per engine above which an engine is added, up to 1,000,000. Default: 48."""

    requests_in: float | None = None
    """Such requests per engine below which one is removed. Below `requestsOut`. Default: 32."""

    cache_percent_out: float | None = None
    """Use of the key-value cache above which an engine is added, in percent, up to 100. Default: 85."""

    cache_percent_in: float | None = None
    """Use of the cache below which one is removed. Below `cachePercentOut`. Default: 50."""

    first_token_seconds: float | None = None
    """Time to the first token. An engine is added if more than 5 % of the requests take longer. A bucket of vLLM's
    histogram. Default: 2.5."""

    out_seconds: int | None = None
    """Seconds in which at most one engine is added, 15 to 1,800. Default: 300."""

    in_seconds: int | None = None
    """Seconds in which at most one engine is removed, and for which all signals must have allowed it, 60 to 1,800.
    Default: 600."""

    queries: dict[str, OwnSignal] = Field(default_factory=dict[str, OwnSignal])
    """Signals of your own, by name. Default: none."""
