"""Whether a candidate is good: its alerts, its smoke test, and its errors beside the model's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from infra.layers.serving.jobs import smoke_test_args
from infra.settings import Settings
from infra.settings.traffic.candidates import CandidateModel, candidate_model
from infra.settings.traffic.watching_rules import watched_features
from serving.engine.smoke_test import smoke_job_name
from serving.routing.target import CANDIDATE, STABLE, server_name
from serving.watching.objectives import LEAST_EVENTS, Objective, objectives, recordings
from serving.watching.rendering import Objectives

from .prometheus import Asked, Sample

WINDOW, WINDOW_SECONDS = "30m", 1800
"""Time in which errors are counted: one of the windows of serving.watching.objectives."""

Verdict = Literal["ok", "failed", "not checked"]


@dataclass(frozen=True)
class ReleaseCheck:
    """A question about a candidate, and its answer."""

    question: str
    verdict: Verdict
    said: str


ALERTS, SMOKE, ERRORS = "alerts are quiet", "smoke test passed", "errors not above the model's"
NO_PROMETHEUS = "--prometheus is not set: forward its port with kubectl, and give its address"


def candidate_of(settings: Settings, name: str) -> CandidateModel:
    """The candidate of a model that has one."""
    model = next(each for each in settings.serving.models if each.name == name)
    return candidate_model(model, settings.traffic.candidates[name])


def release_checks(settings: Settings, name: str, prometheus: Asked | None) -> Iterator[ReleaseCheck]:
    """Every check. Raises NoPrometheusError."""
    if prometheus is None:
        yield from (ReleaseCheck(each, "not checked", NO_PROMETHEUS) for each in (ALERTS, SMOKE, ERRORS))
        return
    candidate = candidate_of(settings, name)
    yield _alerts(settings, candidate, prometheus)
    yield _smoke_test(settings, candidate, prometheus)
    yield _errors(settings, candidate, prometheus)


def alert_queries(candidate: CandidateModel) -> Sequence[str]:
    """Alerts that fire with the candidate's labels, and those of its pods."""
    model, pods = candidate.served_name, f"{server_name(candidate.served_name, CANDIDATE)}-.+"
    firing = 'alertstate="firing"'
    return (
        f'ALERTS{{{firing},model_name="{model}",track="{CANDIDATE}"}}',
        f'ALERTS{{{firing},pod=~"{pods}"}}',
    )


def _alerts(settings: Settings, candidate: CandidateModel, prometheus: Asked) -> ReleaseCheck:
    if settings.traffic.watching is None:
        return ReleaseCheck(ALERTS, "not checked", "traffic.watching is not set: there are no alerts")
    engines = prometheus.query(engines_query(candidate))
    if not engines:
        said = (
            "Prometheus knows no engine of the candidate. Is it deployed, and is this the right Prometheus?"
        )
        return ReleaseCheck(ALERTS, "not checked", said)
    down = sum(each.value == 0 for each in engines)
    if down:
        said = f"{down} of {len(engines)} engines of the candidate do not answer"
        return ReleaseCheck(ALERTS, "failed", said)
    found = [each for query in alert_queries(candidate) for each in prometheus.query(query)]
    names = sorted({each.labels.get("alertname", "?") for each in found})
    if names:
        return ReleaseCheck(ALERTS, "failed", f"{', '.join(names)}: docs/runbooks")
    return ReleaseCheck(ALERTS, "ok", f"no alert of {len(engines)} engines and their routers")


def engines_query(candidate: CandidateModel) -> str:
    """1 for each engine that Prometheus reaches, 0 for each other one."""
    return f'up{{job="engines",model_name="{candidate.served_name}",track="{CANDIDATE}"}}'


def smoke_queries(settings: Settings, candidate: CandidateModel) -> Mapping[str, str] | None:
    """Pods of the candidate's smoke test that succeeded and failed. None without smoke tests."""
    wanted = settings.serving.jobs.smoke_test
    if wanted is None:
        return None
    job = smoke_job_name(smoke_test_args(settings, wanted, candidate, "", ""))
    namespace = candidate.team or settings.serving.namespace
    selector = f'{{namespace="{namespace}",job_name="{job}"}}'
    return {
        "succeeded": f"kube_job_status_succeeded{selector}",
        "failed": f"kube_job_status_failed{selector}",
    }


def _smoke_test(settings: Settings, candidate: CandidateModel, prometheus: Asked) -> ReleaseCheck:
    queries = smoke_queries(settings, candidate)
    if queries is None:
        return ReleaseCheck(SMOKE, "not checked", "serving.jobs.smokeTest is not set")
    succeeded, failed = (
        sum(each.value for each in prometheus.query(queries[which])) for which in ("succeeded", "failed")
    )
    if succeeded:
        return ReleaseCheck(SMOKE, "ok", "its Job has succeeded")
    if failed:
        return ReleaseCheck(SMOKE, "failed", "its Job has failed: read the log of its pod")
    said = "Prometheus knows no Job for these settings: deploy them, or the test still runs"
    return ReleaseCheck(SMOKE, "not checked", said)


def error_queries(settings: Settings) -> Mapping[str, str]:
    """Share of failed requests, and number of requests, by model and track, in the window."""
    features = frozenset(watched_features(settings.network, settings.serving, settings.traffic))
    objective: Objective = objectives(Objectives(), features)["availability"]
    shares = dict(recordings(objective))
    return {
        "share": shares[objective.series(WINDOW)],
        "requests": f"{objective.all.replace('${window}', WINDOW)} * {WINDOW_SECONDS}",
    }


def _errors(settings: Settings, candidate: CandidateModel, prometheus: Asked) -> ReleaseCheck:
    queries = error_queries(settings)
    shares, counts = (
        _by_track(prometheus.query(queries[which]), candidate.served_name) for which in ("share", "requests")
    )
    for track in (CANDIDATE, STABLE):
        if counts.get(track, 0) < LEAST_EVENTS or track not in shares:
            said = f"{counts.get(track, 0):.0f} requests to the {track} engines in {WINDOW}, fewer than {LEAST_EVENTS}"
            return ReleaseCheck(ERRORS, "not checked", said)
    own, models = shares[CANDIDATE], shares[STABLE]
    said = f"{own:.2%} of {counts[CANDIDATE]:,.0f} requests in {WINDOW}, the model's own engines {models:.2%}"
    return ReleaseCheck(ERRORS, "failed" if own > models else "ok", said)


def _by_track(samples: Sequence[Sample], model: str) -> Mapping[str, float]:
    return {
        each.labels.get("track", ""): each.value for each in samples if each.labels.get("model_name") == model
    }
