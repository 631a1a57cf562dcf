"""Settings of charts and engines with which the alerts would see nothing.

Source: vllm/v1/engine/async_llm.py of vLLM 0.33, which has no metrics of its own without `log_stats`.
"""

from collections.abc import Iterator

from facts.problem import Problem
from infra.settings.serving import Serving
from serving.watching.objectives import WINDOWS

from . import Traffic
from .candidates import CandidateModel, with_candidates

_NO_STATISTICS = "disable-log-stats"


def silent_problems(serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """What leaves `traffic.watching` without series or history."""
    if traffic.watching is None:
        return
    yield from _engine_problems(serving, traffic)
    chart, path = serving.platform.prometheus, "serving.platform.prometheus"
    if chart is None:
        return
    longest = max(int(window.removesuffix("d")) for window in WINDOWS if window.endswith("d"))
    if 1 <= chart.retention_days < longest:
        allowed = f"must be {longest} or more with traffic.watching: its objectives look back {longest} days"
        yield Problem(f"{path}.retentionDays", chart.retention_days, allowed)


def _engine_problems(serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    for index, model in enumerate(with_candidates(serving, traffic.candidates).models):
        stable = model.stable if isinstance(model, CandidateModel) else None
        if model.engine_options.get(_NO_STATISTICS) != "true":
            continue
        # A candidate with the options of its model has no problem of its own.
        if stable is None or stable.engine_options != model.engine_options:
            path = f"serving.models[{index}]" if stable is None else f"traffic.candidates.{stable.name}"
            allowed = "must be left out with traffic.watching: the engine would have no metrics"
            yield Problem(f"{path}.engineOptions.{_NO_STATISTICS}", "true", allowed, "Remove one of them")
