"""A real Prometheus with the rules and monitors that the component renders, on a clock 30 times faster.

Every time is divided by `FASTER`: scrapes, evaluations, and the windows, offsets, `for` and subqueries of the rules. So
each window holds as many samples as in a cluster. Numbers of events in a window are smaller by the same factor.
"""

import json
import re
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from serving.watching.serving_watch import ServingWatch, ServingWatchArgs
from tests.support.listening import listening
from tests.support.monitor import kubernetes_options, run
from tests.support.ports import free_port
from tests.support.processes import start_server
from tests.support.system_tools import tool
from tests.traffic.parts.fleet import get, send, wait_for

FASTER = 30
SCRAPE, EVALUATION = 15, 30
"""Seconds in a cluster: those of the monitors, and of kube-prometheus-stack."""

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_TIME = re.compile(r"(?<=[\[ :])(\d+)([smhd])(?=[\]: )]|$)")
"""A time in a query: a range, a subquery, or an offset."""

Spec = dict[str, Any]


def scaled(seconds: float, factor: float = FASTER) -> str:
    """A time of a cluster, on the faster clock."""
    return f"{round(1000 * seconds / factor)}ms"


def faster(query: str, factor: float = FASTER) -> str:
    """A query on the faster clock."""
    return _TIME.sub(lambda found: scaled(int(found[1]) * _UNITS[found[2]], factor), query)


@dataclass(frozen=True, kw_only=True)
class Target:
    """A pod that Prometheus scrapes. `labels`: of the pod."""

    job: str
    address: str
    pod: str
    namespace: str
    labels: Mapping[str, str]


def rendered(args: ServingWatchArgs) -> tuple[list[Spec], dict[str, Spec]]:
    """The groups of the component's rules, and the specification of each monitor by its job."""
    made = run(lambda: ServingWatch("watch", args, kubernetes_options()) and None)
    groups: list[Spec] = []
    monitors: dict[str, Spec] = {}
    for each in made.resources:
        spec: Any = each.inputs.get("spec")
        if each.type.endswith(":PrometheusRule"):
            groups += spec["groups"]
        elif each.type.endswith(":PodMonitor"):
            monitors[each.name.removeprefix("watch-monitor-")] = spec
    return groups, monitors


def rule_file(groups: Sequence[Spec], factor: float) -> str:
    """The groups, on a clock that is that much faster. Evaluations are never slower than each second."""
    found = [
        {
            "name": group["name"],
            "interval": scaled(min(EVALUATION, factor), factor),
            "rules": [_faster_rule(rule, factor) for rule in group["rules"]],
        }
        for group in groups
    ]
    return yaml.safe_dump({"groups": found}, width=1000)


def _faster_rule(rule: Spec, factor: float) -> Spec:
    waits = {"for": faster(f" {rule['for']}", factor).strip()} if "for" in rule else {}
    return {**rule, "expr": faster(rule["expr"], factor), **waits}


def scrape_config(monitors: Mapping[str, Spec], targets: Sequence[Target]) -> list[Spec]:
    """What the Prometheus operator makes of a PodMonitor, with fixed targets instead of its discovery.

    Source: pkg/prometheus/promcfg.go of prometheus-operator: the labels `namespace` and `pod`, then the monitor's own.
    """
    configs: list[Spec] = []
    for job, spec in monitors.items():
        (endpoint,) = spec["podMetricsEndpoints"]
        configs.append(
            {
                "job_name": job,
                "scrape_interval": scaled(SCRAPE),
                "scrape_timeout": scaled(SCRAPE * 2 / 3),
                "metrics_path": endpoint["path"],
                "relabel_configs": [_snake(each) for each in endpoint["relabelings"]],
                "metric_relabel_configs": [_snake(each) for each in endpoint.get("metricRelabelings", ())],
                "static_configs": [_static(each) for each in targets if each.job == job],
            }
        )
    return configs


def _static(target: Target) -> Spec:
    meta = {
        "__meta_kubernetes_pod_label_" + re.sub("[^a-zA-Z0-9_]", "_", key): value
        for key, value in target.labels.items()
    }
    labels = {"namespace": target.namespace, "pod": target.pod, **meta}
    return {"targets": [target.address], "labels": labels}


def _snake(relabeling: Mapping[str, Any]) -> Spec:
    return {
        re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", key): value
        for key, value in relabeling.items()
    }


@dataclass
class Prometheus:
    """A running Prometheus."""

    url: str

    def query(self, text: str) -> list[tuple[dict[str, str], float]]:
        """The series of a query now, with their values."""
        status, said = get(f"{self.url}/api/v1/query?{urllib.parse.urlencode({'query': text})}")
        assert status == 200, said
        return [(each["metric"], float(each["value"][1])) for each in json.loads(said)["data"]["result"]]

    def alerts(self, state: str = "firing|pending", window: float = 0) -> set[str]:
        """Names of the alerts in a state, now or at any evaluation of the last seconds."""
        series = f'ALERTS{{alertstate=~"{state}"}}'
        text = f"count_over_time({series}[{round(1000 * window)}ms])" if window else series
        return {labels["alertname"] for labels, _ in self.query(text)}

    def await_evaluation(self) -> None:
        """Wait until every rule was evaluated once more."""
        before = self._evaluated()
        wait_for(lambda: all(later > before[rule] for rule, later in self._evaluated().items()))

    def _evaluated(self) -> dict[str, str]:
        """When each rule was evaluated last, in a form that sorts by time."""
        return {str(rule["query"]): str(rule["lastEvaluation"]) for rule in self.rules()}

    def rules(self) -> list[Spec]:
        """Every rule with its health and its last error."""
        said = json.loads(get(f"{self.url}/api/v1/rules")[1])
        return [rule for group in said["data"]["groups"] for rule in group["rules"]]


@contextmanager
def prometheus(
    folder: Path,
    groups: Sequence[Spec],
    scraped: Sequence[Spec],
    alertmanager: str,
    factor: float = FASTER,
) -> Iterator[Prometheus]:
    """A running Prometheus with these rules and scrapes, which scrapes itself too.

    `alertmanager`: who gets the alerts. `factor`: how much faster the clock of the rules is. The rules come when every
    target was scraped once: Prometheus finds targets only after five seconds (discovery/manager.go), which no faster
    clock shortens.
    """
    port = free_port()
    command = [
        tool("prometheus"),
        f"--config.file={_configured(folder, scraped, alertmanager, port)}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--web.enable-lifecycle",
        # Series that end are forgotten after this time, instead of five minutes.
        f"--query.lookback-delta={scaled(300, factor)}",
    ]
    made = Prometheus(f"http://127.0.0.1:{port}")
    with (folder / "prometheus.log").open("wb") as log:
        process = start_server(command, output=log)
    try:
        wait_for(lambda: process.poll() is not None or get(f"{made.url}/-/ready")[0] == 200)
        assert process.poll() is None, (folder / "prometheus.log").read_text()[-2000:]
        count = 1 + sum(len(each["static_configs"]) for each in scraped)
        wait_for(lambda: len(made.query("up == 1")) == count)
        (folder / "rules.yaml").write_text(rule_file(groups, factor))
        assert send(f"{made.url}/-/reload", {})[0] == 200, (folder / "prometheus.log").read_text()[-2000:]
        wait_for(lambda: bool(made.rules()) and all(rule["health"] != "unknown" for rule in made.rules()))
        yield made
    finally:
        process.kill()
        process.wait()


def _configured(folder: Path, scraped: Sequence[Spec], alertmanager: str, port: int) -> Path:
    itself: Spec = {"job_name": "prometheus", "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}
    config = {
        "global": {"scrape_interval": scaled(SCRAPE), "evaluation_interval": scaled(EVALUATION)},
        "rule_files": [str(folder / "rules*.yaml")],
        "scrape_configs": [*scraped, itself],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]},
    }
    path = folder / "prometheus.yaml"
    path.write_text(yaml.safe_dump(config))
    return path


@contextmanager
def exporter(series: Mapping[str, float]) -> Iterator[str]:
    """The address of a server that prints these series as they are then: kube-state-metrics of the test."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = "".join(f"{name} {value}\n" for name, value in series.items()).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with listening(server):
        yield f"127.0.0.1:{server.server_address[1]}"
