"""What the kubelet and kube-proxy do while pods are replaced, from the fields of the pods, on a faster clock."""

import contextlib
import functools
import random
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.traffic.parts.fleet import MODEL, Fleet, get, stable

FASTER = 10
"""How much faster than a cluster. The routers' own clocks are not faster."""

DEFAULT_GRACE_SECONDS = 30
"""terminationGracePeriodSeconds of a pod that names none (k8s.io/api/core/v1/types.go)."""

_SNAPSHOT = Path(__file__).parents[2] / "infra" / "snapshots" / "prod.yaml"
"""What the program registers for prod. A test holds the file to the program."""

_ENGINE = "prod-qwen3-32b-engine"


@dataclass(frozen=True)
class Stop:
    """How a pod ends. All times in a cluster's seconds."""

    wait: int
    """Time between its removal from the endpoints and SIGTERM (`preStop`)."""

    grace: int
    """Time until SIGKILL, `wait` included."""

    drain: int
    """How long the program itself lets requests run after SIGTERM."""

    surge: bool
    """Whether a rollout starts the new pod before it stops the old one."""

    def act(self, process: "subprocess.Popen[bytes]", faster: float = FASTER) -> None:
        """Stop a process as the kubelet stops a pod. Returns when it has ended."""
        killed = time.monotonic() + self.grace / faster
        time.sleep(min(self.wait, self.grace) / faster)
        process.terminate()
        try:
            process.wait(max(0.1, killed - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@functools.cache
def _deployment(name: str) -> tuple[Any, Any]:
    """The spec of a Deployment of prod, and its container."""
    (spec,) = [
        each["inputs"]["spec"]
        for each in yaml.safe_load(_SNAPSHOT.read_text(encoding="utf-8"))
        if each["urn"].endswith(f"::{name}") and each["inputs"].get("kind") == "Deployment"
    ]
    (container,) = spec["template"]["spec"]["containers"]
    return spec, container


def rendered(name: str, drain_option: str) -> Stop:
    """How the pods of a Deployment of prod end. `drain_option`: the program's option with the time for its requests."""
    spec, container = _deployment(name)
    words = " ".join(container["args"]).replace("=", " ").split()
    update = spec["strategy"]["rollingUpdate"]
    return Stop(
        wait=container["lifecycle"]["preStop"]["sleep"]["seconds"],
        grace=spec["template"]["spec"]["terminationGracePeriodSeconds"],
        drain=int(words[words.index(drain_option) + 1]),
        surge=update == {"maxSurge": 1, "maxUnavailable": 0},
    )


ENGINE = rendered(_ENGINE, "--shutdown-timeout")
ROUTER = rendered("prod-qwen3-32b-router-deployment", "--shutdown-grace-period-secs")


def start_engine(
    made: Fleet, name: str, *, model: str = MODEL, faster: float = FASTER, **options: Any
) -> None:
    """Start an engine as a pod that becomes ready when the kubelet's probes have seen it."""
    _, container = _deployment(_ENGINE)
    drain = round(ENGINE.drain / faster)
    engine = made.engine(name, awaited=False, model=model, shutdown_timeout=drain, **options)
    made.pods.add(name, engine.address, stable(model), ready=False)
    for probe in (container["startupProbe"], container["readinessProbe"]):
        while get(engine.url + probe["httpGet"]["path"])[0] != 200:
            assert engine.process.poll() is None, f"{name} has ended"
            time.sleep(probe["periodSeconds"] / faster)
    made.pods.add(name, engine.address, stable(model))


def stop_engine(made: Fleet, name: str, *, faster: float = FASTER) -> None:
    """Delete the pod of an engine, and wait until it has ended."""
    made.pods.stopping(name)
    ENGINE.act(made.engines[name].process, faster)
    made.pods.remove(name)


@dataclass
class Service:
    """A port that gives each new connection to one of its endpoints, as kube-proxy does."""

    port: int
    endpoints: list[int] = field(default_factory=list[int])

    def remove(self, endpoint: int, seconds: float, faster: float = FASTER) -> None:
        """The endpoint is terminating. kube-proxy hears of it after this many of a cluster's seconds."""
        threading.Timer(seconds / faster, lambda: self.endpoints.remove(endpoint)).start()


@contextmanager
def service(*endpoints: int) -> Iterator[Service]:
    """A Service with these ports behind it."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        made = Service(listener.getsockname()[1], [*endpoints])
        threading.Thread(target=_accept, args=(listener, made), daemon=True).start()
        yield made
        # `close` alone does not wake up the thread that accepts.
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, made: Service) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_connect, args=(client, made), daemon=True).start()


def _connect(client: socket.socket, made: Service) -> None:
    address = ("127.0.0.1", random.choice(made.endpoints))
    with client, contextlib.suppress(OSError), socket.create_connection(address) as behind:
        back = threading.Thread(target=_copy, args=(behind, client), daemon=True)
        back.start()
        _copy(client, behind)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while said := source.recv(65_536):
            target.sendall(said)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
