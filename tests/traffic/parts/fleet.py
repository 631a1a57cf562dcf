"""Engines and a real router on this machine. The router's command line is the one that the component renders.

Each engine has an address of its own (127.0.0.x), because a router finds engines by address and one common port.
"""

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from serving.routing.model_router import ModelRouter, ModelRouterArgs
from serving.routing.target import track_labels
from tests.support.monitor import kubernetes_options, run
from tests.support.ports import free_port
from tests.support.processes import start_server
from tests.traffic.parts.pods import Pods, served
from tools.traffic.build import obtain

MODEL, NAMESPACE = "qwen", "serving"
_RENDERING = threading.Lock()
"""Pulumi runs one program in a process at a time."""

_ADDRESSES = itertools.count(10 + os.getpid() % 200 * 200)


def wait_for(what: Callable[[], bool], seconds: float = 60) -> float:
    """Wait until something is so. Returns the seconds that it took."""
    start = time.monotonic()
    while not what():
        assert time.monotonic() - start < seconds, f"not within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - start


def get(url: str, seconds: float = 30) -> tuple[int, bytes]:
    """Status and body. Status 0: nobody answers."""
    return send(url, None, seconds=seconds)


def send(
    url: str,
    body: dict[str, Any] | None,
    *,
    seconds: float = 60,
    key: str | None = None,
    more: Mapping[str, str] | None = None,
) -> tuple[int, bytes]:
    """Status and body of a request with a JSON body. Status 0: nobody answers."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **(more or {})}
    headers |= {"Authorization": f"Bearer {key}"} if key else {}
    request = urllib.request.Request(url, data, headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as failure:
        return failure.code, failure.read()
    except OSError:
        return 0, b""


def chat(text: str, **more: Any) -> dict[str, Any]:
    """The body of a chat request."""
    return {"model": MODEL, "messages": [{"role": "user", "content": text}], "max_tokens": 4, **more}


@dataclass
class EngineProcess:
    """A fake engine."""

    name: str
    address: str
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.port}"

    def seen(self) -> dict[str, Any]:
        """What it has seen."""
        return json.loads(get(f"{self.url}/seen")[1])

    def requests(self) -> int:
        """Requests for text."""
        return sum(each["path"].endswith("completions") for each in self.seen()["seen"])

    def signal(self, which: int) -> None:
        """Send a signal to it."""
        self.process.send_signal(which)


@dataclass
class Fleet:
    """Engines as pods, and the routers that find them."""

    pods: Pods
    kubeconfig: Path
    folder: Path
    port: int = field(default_factory=free_port)
    engines: dict[str, EngineProcess] = field(default_factory=dict[str, EngineProcess])
    started: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def engine(
        self,
        name: str,
        labels: dict[str, str] | None = None,
        namespace: str = NAMESPACE,
        *,
        awaited: bool = True,
        **options: Any,
    ) -> EngineProcess:
        """Start an engine. With labels, it becomes a pod when it answers, or at once if it is not `awaited`."""
        number = next(_ADDRESSES) % 65_000
        address = f"127.1.{number // 250}.{1 + number % 250}"
        given = {"model": MODEL, "host": address, "port": self.port, **options}
        words = [word for key, value in given.items() for word in (f"--{key.replace('_', '-')}", str(value))]
        with (self.folder / f"{name}.log").open("wb") as log:
            process = start_server([sys.executable, "-m", "tests.traffic.parts.engine", *words], output=log)
        self.started.append(process)
        made = self.engines[name] = EngineProcess(name, address, self.port, process)
        if awaited:
            wait_for(lambda: get(f"{made.url}/health")[0] == 200)
        if labels is not None:
            self.pods.add(name, address, labels, namespace)
        return made

    @contextmanager
    def router(
        self,
        implementation: str,
        model: str = MODEL,
        *,
        changed: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Iterator["RouterProcess"]:
        """A running router. `options`: inputs of the component. `changed`: options of the program that the component
        does not give it; a switch has an empty value."""
        port, metrics = free_port(), free_port()
        given = {"longest_answer_seconds": 120, "longest_stream_seconds": 120, **options}
        command = self._command(implementation, port, metrics, {"model": model, **given})
        for name, value in (changed or {}).items():
            command += [] if value else [f"--{name}"]
            if value:
                command[command.index(f"--{name}") + 1] = value
        log = self.folder / f"{implementation}-{port}.log"
        own = {"KUBECONFIG": str(self.kubeconfig), "HOME": str(self.folder)}
        with log.open("wb") as output:
            process = start_server(["env", *(f"{k}={v}" for k, v in own.items()), *command], output=output)
        made = RouterProcess(implementation, port, metrics, process, log)
        try:
            wait_for(lambda: get(f"{made.url}/liveness")[0] == 200)
            yield made
        finally:
            process.kill()
            process.wait()

    def _command(self, implementation: str, port: int, metrics: int, options: dict[str, Any]) -> list[str]:
        args = ModelRouterArgs(
            namespace=NAMESPACE, image="a/router@sha256:" + "0" * 64, implementation=implementation, **options,
        )  # fmt: skip
        with _RENDERING:
            made = run(lambda: ModelRouter("it", args, kubernetes_options()) and None)
        spec = made.one("kubernetes:apps/v1:Deployment").inputs["spec"]["template"]["spec"]
        (container,) = spec["containers"]
        here = {
            "host": "127.0.0.1", "prometheus-host": "127.0.0.1", "port": str(port), "prometheus-port": str(metrics),
            "service-discovery-port": str(self.port),
        }  # fmt: skip
        words = [each.replace("$(POD_NAMESPACE)", NAMESPACE) for each in container["args"]]
        for name, value in here.items():
            words[words.index(f"--{name}") + 1] = value
        program, *first = container["command"]
        return [str(obtain() / program), *first, *words]


@dataclass
class RouterProcess:
    """A real router."""

    implementation: str
    port: int
    metrics_port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, text: str, **more: Any) -> tuple[int, bytes]:
        """Send a chat request."""
        return send(f"{self.url}/v1/chat/completions", chat(text, **more))

    def workers(self) -> int:
        """Engines that it would ask."""
        status, said = get(f"{self.url}/workers")
        found = json.loads(said)["workers"] if status == 200 else []
        return sum(bool(each["is_healthy"]) for each in found)

    def reports(self) -> int:
        """Engines whose load it has read. Only smg can say."""
        status, said = get(f"{self.url}/loads")
        return len(json.loads(said)["loads"]) if status == 200 else 0

    def ready(self) -> bool:
        """What its readiness probe sees."""
        return get(f"{self.url}/readiness")[0] == 200


@contextmanager
def fleet(folder: Path) -> Iterator[Fleet]:
    """No engines yet."""
    pods = Pods()
    with served(pods, folder) as kubeconfig:
        made = Fleet(pods, kubeconfig, folder)
        try:
            yield made
        finally:
            for process in made.started:
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait()


def stable(model: str = MODEL) -> dict[str, str]:
    """The labels of a stable engine."""
    return dict(track_labels(model))
