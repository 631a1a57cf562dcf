"""The rules in a real Prometheus that scrapes fake engines, the real router and Envoy, on a clock 30 times faster.

One run: the engines start, answer a load, get none, one of them dies, then all, and then the router. Each test looks at
what Prometheus said of it.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

import pytest

from serving.routing.target import track_labels
from serving.scaling.engine_scaling import EngineScaling, EngineScalingArgs
from serving.watching.monitors import MONITORED
from serving.watching.serving_watch import ServingWatchArgs
from tests.serving.gateway.args import tenant
from tests.support.monitor import kubernetes_options, run
from tests.traffic.parts.fleet import MODEL, NAMESPACE, wait_for
from tests.traffic.parts.load import load
from tests.traffic.parts.path import WholePath, args_for, whole_path
from tests.traffic.parts.prometheus import (
    FASTER,
    Prometheus,
    Spec,
    Target,
    exporter,
    faster,
    prometheus,
    rendered,
    scrape_config,
)
from tests.traffic.parts.sinks import Got, http_sink

pytestmark = pytest.mark.prove

STARTUP = 120
"""Seconds in a cluster that an engine may take to start."""

KEYS = {"one.1": "sk-one"}
ENGINES = ("engine-0", "engine-1")
SETTLE = 150 / FASTER
"""Until a window of two minutes holds only samples of the present state."""

SIGNALS = ("requests", "cache", "first-token")


@dataclass
class Run:
    """What Prometheus said in the course of the run."""

    scaling: dict[str, dict[str, list[float]]] = field(default_factory=dict[str, dict[str, list[float]]])
    """The values of each query of the autoscaler, by the state of the engines."""

    rules: list[Spec] = field(default_factory=list[Spec])
    recorded: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    quiet: set[str] = field(default_factory=set[str])
    """Alerts that were pending while nothing was wrong, or sent since the start."""

    pending: set[str] = field(default_factory=set[str])
    """Alerts that were pending after one engine was killed."""

    waited: dict[str, float] = field(default_factory=dict[str, float])
    """Seconds from a fault until its alert fired."""

    fired: set[str] = field(default_factory=set[str])


def watched() -> ServingWatchArgs:
    features = ("engines", "smg", "gateway")
    return ServingWatchArgs(
        namespace="monitoring", features=features, models={MODEL: STARTUP}, namespaces=(NAMESPACE,)
    )


def queries() -> Mapping[str, str]:
    """The queries of the autoscaler's own object, on the faster clock."""
    args = EngineScalingArgs(namespace=NAMESPACE, deployment=MODEL, max_engines=4, start_seconds=STARTUP)
    made = run(lambda: EngineScaling("scaling", args, kubernetes_options()) and None)
    spec: Any = made.named("scaling-scaled-object").inputs["spec"]
    return {each["name"]: faster(each["metadata"]["query"]) for each in spec["triggers"]}


def targets(path: WholePath) -> list[Target]:
    engines = [
        Target(
            job="engines",
            address=f"{each.address}:{each.port}",
            pod=name,
            namespace=NAMESPACE,
            labels={**MONITORED["engines"].selector, **track_labels(MODEL)},
        )
        for name, each in path.fleet.engines.items()
    ]
    router = Target(
        job="routers",
        address=f"127.0.0.1:{path.router.metrics_port}",
        pod="router",
        namespace=NAMESPACE,
        labels={"app.kubernetes.io/instance": f"{MODEL}-router"},
    )
    envoy = Target(
        job="envoys",
        address=f"127.0.0.1:{path.gate.admin}",
        pod="envoy",
        namespace="envoy-gateway-system",
        labels={},
    )
    return [*engines, router, envoy]


@contextmanager
def running(folder: Path) -> Iterator[tuple[WholePath, Prometheus, dict[str, float], Got]]:
    """Every part, Prometheus, the series of kube-state-metrics, which the test changes, and the alerts it sent."""
    groups, monitors = rendered(watched())
    (folder / "path").mkdir()
    state = {'kube_node_info{node="gpu-node"}': 1.0}
    with (
        whole_path(
            folder / "path",
            args_for(tenants=[tenant("one", models=[MODEL])]),
            KEYS,
            counted=False,
            # A cache that holds every prompt.
            blocks=10**6,
        ) as path,
        exporter(state) as address,
        http_sink() as (alertmanager, sent),
    ):
        scraped = scrape_config(monitors, targets(path))
        scraped.append({"job_name": "kube-state-metrics", "honor_labels": True,
                        "static_configs": [{"targets": [address]}]})  # fmt: skip
        with prometheus(folder, groups, scraped, alertmanager.removeprefix("http://")) as found:
            yield path, found, state, sent


def replicas(state: dict[str, float], ready: int) -> None:
    labels = f'{{namespace="{NAMESPACE}",deployment="{MODEL}"}}'
    state[f"kube_deployment_spec_replicas{labels}"] = len(ENGINES)
    state[f"kube_deployment_status_replicas_ready{labels}"] = ready


def asked(found: Prometheus) -> dict[str, list[float]]:
    return {name: [value for _, value in found.query(query)] for name, query in queries().items()}


def until_fires(found: Prometheus, alert: str, since: float) -> float:
    wait_for(lambda: alert in found.alerts("firing"), 120)
    return time.monotonic() - since


def quiet_time(found: Prometheus) -> set[str]:
    """Alerts in a time in which every scrape succeeded. A busy machine can miss one, which TargetDown reports."""
    for _ in range(5):
        begun = time.monotonic()
        time.sleep(SETTLE)
        window = time.monotonic() - begun + 1
        alerts = found.alerts(window=window)
        if not found.query(f"min_over_time(up[{round(1000 * window)}ms]) == 0"):
            return alerts
    raise AssertionError("this machine misses scrapes all the time")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Run:
    made = Run()
    with running(tmp_path_factory.mktemp("prometheus")) as (path, found, state, sent):
        replicas(state, 0)
        wait_for(lambda: bool(found.query("kube_deployment_spec_replicas")))
        made.scaling["just started"] = asked(found)
        replicas(state, 2)
        headers = path.gate.headers(KEYS["one.1"])
        with load(path.gate.port, clients=4, headers=headers):
            time.sleep(2 * SETTLE)
            made.scaling["loaded"] = asked(found)
            made.recorded = {
                rule["name"]: [value for _, value in found.query(rule["name"])]
                for rule in found.rules()
                if rule["type"] == "recording"
            }
            made.quiet = quiet_time(found)
        made.rules = found.rules()
        time.sleep(SETTLE)
        made.scaling["idle"] = asked(found)
        made.quiet |= names_of(sent)
        kill_one_after_another(path, found, state, made)
        wait_for(lambda: {*made.waited} <= names_of(sent))
    return made


def names_of(sent: Got) -> set[str]:
    """The alerts that Alertmanager got."""
    return {each["labels"]["alertname"] for _, alerts in sent for each in alerts}


def kill_one_after_another(path: WholePath, found: Prometheus, state: dict[str, float], made: Run) -> None:
    first, second = (path.fleet.engines[name].process for name in ENGINES)
    first.kill()
    killed = time.monotonic()
    replicas(state, 1)
    wait_for(lambda: "EngineStartsTooLong" in found.alerts())
    made.scaling["one engine gone"] = asked(found)
    made.waited["EngineStartsTooLong"] = until_fires(found, "EngineStartsTooLong", killed)
    made.pending = found.alerts("pending", window=made.waited["EngineStartsTooLong"])
    second.kill()
    path.router.process.kill()
    killed = time.monotonic()
    replicas(state, 0)
    for alert in ("RouterNoneReady", "EngineNoneReady", "TargetDown"):
        made.waited[alert] = until_fires(found, alert, killed)
    made.scaling["all gone"] = asked(found)
    made.fired = found.alerts("firing", window=time.monotonic() - killed)


def test_prometheus_evaluates_every_rule(course: Run) -> None:
    groups, _ = rendered(watched())
    assert len(course.rules) == sum(len(group["rules"]) for group in groups)
    assert {
        (rule["name"], rule.get("lastError", "")) for rule in course.rules if rule["health"] != "ok"
    } == set()


def test_under_load_every_recorded_share_has_a_value(course: Run) -> None:
    assert {name for name in course.recorded if "rate1h" in name}
    for name, values in course.recorded.items():
        assert len(values) == 1, name
        assert 0 <= values[0] <= 1, name


def test_no_alert_is_pending_while_nothing_is_wrong(course: Run) -> None:
    assert course.quiet == set()


def test_an_engine_that_dies_is_pending_first_and_fires_after_its_time(course: Run) -> None:
    assert "EngineStartsTooLong" in course.pending
    assert course.waited["EngineStartsTooLong"] >= STARTUP / FASTER
    assert course.waited["EngineNoneReady"] >= 180 / FASTER


def test_a_dead_target_and_a_model_without_parts_are_reported(course: Run) -> None:
    assert course.waited["TargetDown"] >= 300 / FASTER
    assert course.waited["RouterNoneReady"] >= 120 / FASTER
    assert "GatewayNoneReady" not in course.fired, "Envoy still answers"


@pytest.mark.parametrize("state", ["just started", "loaded", "idle", "one engine gone", "all gone"])
def test_each_query_of_the_autoscaler_has_one_finite_value(course: Run, state: str) -> None:
    found = course.scaling[state]
    assert set(found) == set(SIGNALS)
    for name, values in found.items():
        assert len(values) == 1, (name, values)
        assert isfinite(values[0]), name
    if state in ("just started", "one engine gone", "all gone"):
        assert {value for values in found.values() for value in values} == {2.0}, "the present number is kept"
