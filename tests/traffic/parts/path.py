"""The whole path on this machine: Envoy, the rate limit service with Redis, a router and fake engines."""

import contextlib
import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from serving.gateway.gateway_plan import GatewayPlan
from serving.gateway.model_gateway_args import ModelGatewayArgs
from serving.routing.router_rules import TRACE, TRACES
from tests.serving.gateway.args import gateway_args, model
from tests.support.ports import free_port
from tests.traffic.parts import limits
from tests.traffic.parts.envoy import (
    access_log,
    clusters_of,
    configuration,
    start_envoy,
    translation_of,
)
from tests.traffic.parts.fleet import MODEL, Fleet, RouterProcess, chat, fleet, get, send, stable, wait_for
from tests.traffic.parts.limiter import Limiter, limiter
from tests.traffic.parts.processor import processor
from tests.traffic.parts.translated import managers
from tools.traffic.build import obtain

COLLECTOR = "collector.monitoring.svc.cluster.local:4317"
"""Address of a collector in the cluster."""


@dataclass(frozen=True)
class Answer:
    """An answer of the gateway."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Gate:
    """A running Envoy."""

    args: ModelGatewayArgs
    port: int
    admin: int
    folder: Path
    process: Any
    faster: float = 1

    def headers(self, key: str | None) -> dict[str, str]:
        """The headers of a client with a key."""
        given = {"Host": self.args.host_name, "Content-Type": "application/json"}
        return given | ({"Authorization": f"Bearer {key}"} if key else {})

    def ask(
        self,
        key: str | None,
        text: str = "hello",
        *,
        path: str = "/v1/chat/completions",
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Answer:
        """Send one request. `more`: fields of the body. Raises OSError if nobody answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            body = json.dumps(chat(text, **more)) if method == "POST" else None
            connection.request(method, path, body, {**self.headers(key), **(headers or {})})
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())

    def connections(self) -> int:
        """Connections of clients when Envoy counted them last."""
        _, said = get(f"http://127.0.0.1:{self.admin}/stats?filter=^server.total_connections$")
        return int(said.split()[-1])

    def stop(self, **changed: str) -> None:
        """Stop it as Envoy Gateway's shutdown manager does, and wait until it has ended. `changed`: of its times.

        Source: internal/cmd/envoy/shutdown_manager.go of envoyproxy/gateway v1.8.3.
        """
        planned: Any = GatewayPlan(self.args).proxy()["shutdown"]
        shutdown: dict[str, str] = {**planned, **changed}
        least, most = (
            float(shutdown[key].removesuffix("s")) / self.faster
            for key in ("minDrainDuration", "drainTimeout")
        )
        admin, begun = f"http://127.0.0.1:{self.admin}", time.monotonic()
        assert send(f"{admin}/healthcheck/fail", {})[0] == 200
        while (passed := time.monotonic() - begun) < most:
            if passed > least and not self.connections():
                break
            time.sleep(1 / self.faster)
        self.process.terminate()
        self.process.wait(30)

    def metrics(self) -> str:
        """Its metrics, in Prometheus' form."""
        return get(f"http://127.0.0.1:{self.admin}/stats/prometheus")[1].decode()


@contextmanager
def gate(
    folder: Path,
    args: ModelGatewayArgs,
    keys: Mapping[str, str],
    upstream: int | Mapping[str, int],
    counting: limits.Counting | None = None,
    *,
    faster: float = 1,
    logged: Mapping[str, str] | None = None,
    traces: int | None = None,
) -> Iterator[Gate]:
    """A running Envoy with the gateway's configuration.

    `faster`: than in a cluster, for `Gate.stop`. `logged`: fields of the access log, which is then JSON. `traces`: port
    of the collector.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port, admin = free_port(), free_port()
    found = translation_of(args, keys)
    with processor(found.given, folder) as socket:
        config = configuration(
            found,
            port=port,
            behind=clusters_of(args, upstream),
            socket=socket,
            counting=counting,
            admin=admin,
            traces=traces,
        )
        if logged:
            for manager in managers(config["staticResources"]["listeners"][0]):
                manager["accessLog"] = [access_log(logged)]
        with _running(config, Gate(args, port, admin, folder, None, faster)) as made:
            yield made


@contextmanager
def _running(config: dict[str, Any], made: Gate) -> Iterator[Gate]:
    """Envoy with this configuration, as the process of a gate."""
    # Envoy counts its connections this often, and stops when it counted none. 5 s is its default.
    config["statsFlushInterval"] = f"{5 / made.faster:.3f}s"
    shutdown: Any = GatewayPlan(made.args).proxy()["shutdown"]
    made.process = start_envoy(obtain() / "envoy", config, made.folder, shutdown["drainTimeout"])
    try:
        ready = f"http://127.0.0.1:{made.admin}/ready"
        wait_for(lambda: made.process.poll() is not None or get(ready)[0] == 200)
        assert made.process.poll() is None, (made.folder / "envoy.log").read_text()[-2000:]
        yield made
    finally:
        # Asked to end, it writes what its access log still has.
        made.process.terminate()
        try:
            made.process.wait(10)
        except subprocess.TimeoutExpired:
            made.process.kill()
            made.process.wait()


@dataclass
class WholePath:
    """Every part."""

    gate: Gate
    router: RouterProcess
    fleet: Fleet
    limiter: Limiter | None
    keys: Mapping[str, str]
    folder: Path


@contextmanager
def whole_path(
    folder: Path,
    args: ModelGatewayArgs,
    keys: Mapping[str, str],
    *,
    engines: int = 2,
    fail_closed: bool = False,
    counted: bool = True,
    faster: float = 1,
    traces: int | None = None,
    **engine: Any,
) -> Iterator[WholePath]:
    """Engines of one model, its router, and the gateway.

    `keys`: the key of each client id. `traces`: port of a collector, for router and gateway. `engine`: its options.
    """
    args = replace(args, traces=COLLECTOR if traces else None)
    with ExitStack() as stack:
        made = stack.enter_context(fleet(folder))
        traced = {TRACE: "true", TRACES: f"127.0.0.1:{traces}"} if traces else {}
        router = stack.enter_context(made.router("smg", options=traced))
        for place in range(engines):
            made.engine(f"engine-{place}", stable(), enable_force_include_usage=1, **engine)
        limited = (
            stack.enter_context(limiter(folder / "limiter", limits.service_config(args))) if counted else None
        )
        counting = limits.Counting(port=limited.port, fail_closed=fail_closed) if limited else None
        wait_for(lambda: router.workers() == engines)
        gateway = stack.enter_context(
            gate(folder / "envoy", args, keys, router.port, counting, faster=faster, traces=traces)
        )
        yield WholePath(gateway, router, made, limited, keys, folder)


def args_for(**changes: Any) -> ModelGatewayArgs:
    """A gateway before the engines of `fleet`, without TLS."""
    given: dict[str, Any] = {"models": [model(MODEL)], "tls_secret": None, "cache_login": "app:password"}
    return gateway_args(**{**given, **changes})
