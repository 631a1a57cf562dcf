"""A small Kubernetes API that can only list and watch pods, for the discovery of the routers."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.listening import listening
from tests.support.ports import free_port


class Pods:
    """The pods, and everything that happened to them. `blind` lets watches live and tell nothing."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.pods: dict[str, dict[str, Any]] = {}
        self.blind = False
        self.asked: list[str] = []
        self.closed = False

    def add(
        self,
        name: str,
        address: str,
        labels: dict[str, str],
        namespace: str = "serving",
        *,
        ready: bool = True,
    ) -> None:
        """A running pod at an address of this machine."""
        key = f"{namespace}/{name}"
        self._tell("MODIFIED" if key in self.pods else "ADDED", _pod(name, address, labels, namespace, ready))

    def remove(self, name: str, namespace: str = "serving") -> None:
        """The pod is deleted."""
        self._tell("DELETED", self.pods[f"{namespace}/{name}"])

    def stopping(self, name: str, namespace: str = "serving") -> None:
        """The pod gets its deletion time, and is no longer ready."""
        pod = json.loads(json.dumps(self.pods[f"{namespace}/{name}"]))
        pod["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
        self._tell("MODIFIED", pod)

    def see(self) -> None:
        """Watches tell again what happens, and what has happened."""
        with self.changed:
            self.blind = False
            self.changed.notify_all()

    def _tell(self, event: str, pod: dict[str, Any]) -> None:
        with self.changed:
            key = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
            pod["metadata"]["resourceVersion"] = str(len(self.events) + 1)
            if event == "DELETED":
                del self.pods[key]
            else:
                self.pods[key] = pod
            self.events.append((event, pod))
            self.changed.notify_all()

    def close(self) -> None:
        """End all watches."""
        with self.changed:
            self.closed = True
            self.changed.notify_all()


def _pod(name: str, address: str, labels: dict[str, str], namespace: str, ready: bool) -> dict[str, Any]:
    state = "True" if ready else "False"
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "uid": f"{namespace}-{name}", "labels": labels},
        "spec": {"containers": [{"name": "engine", "image": "engine"}]},
        "status": {
            "phase": "Running",
            "podIP": address,
            "podIPs": [{"ip": address}],
            "conditions": [{"type": "Ready", "status": state}],
            "containerStatuses": [],
        },
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    pods: Pods

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it
        """Tests need no access log."""

    def do_GET(self) -> None:
        place, asked = urlsplit(self.path), parse_qs(urlsplit(self.path).query)
        self.pods.asked.append(self.path)
        parts = place.path.strip("/").split("/")
        namespace = parts[3] if parts[2:3] == ["namespaces"] else ""
        selector = asked.get("labelSelector", [""])[0]
        if asked.get("watch", ["false"])[0] in ("true", "1"):
            self._watch(namespace, selector, int(asked.get("resourceVersion", ["0"])[0] or 0))
            return
        with self.pods.changed:
            version = str(len(self.pods.events))
            items = [pod for pod in self.pods.pods.values() if _selected(pod, namespace, selector)]
            body = json.dumps(
                {
                    "kind": "PodList",
                    "apiVersion": "v1",
                    "metadata": {"resourceVersion": version},
                    "items": items,
                }
            ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _watch(self, namespace: str, selector: str, since: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for event, pod in self._events(since):
                if _selected(pod, namespace, selector):
                    line = json.dumps({"type": event, "object": pod}).encode() + b"\n"
                    self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
                    self.wfile.flush()
        except OSError:
            return

    def _events(self, since: int) -> Iterator[tuple[str, dict[str, Any]]]:
        pods = self.pods
        while not pods.closed:
            with pods.changed:
                if pods.blind or len(pods.events) <= since:
                    pods.changed.wait(1)
                    continue
                event = pods.events[since]
            since += 1
            yield event


def _selected(pod: dict[str, Any], namespace: str, selector: str) -> bool:
    labels = pod["metadata"]["labels"]
    wanted = [each.replace("==", "=").split("=", 1) for each in selector.split(",") if each]
    return namespace in ("", pod["metadata"]["namespace"]) and all(
        labels.get(each[0].strip()) == each[-1].strip() for each in wanted
    )


@contextmanager
def served(pods: Pods, folder: Path) -> Iterator[Path]:
    """Serves the pods. Returns the kubeconfig for it."""
    port = free_port()
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"pods": pods}))
    server.daemon_threads = True
    config = {
        "apiVersion": "v1", "kind": "Config", "current-context": "it",
        "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
        "clusters": [{"name": "it", "cluster": {"server": f"http://127.0.0.1:{port}"}}],
        "users": [{"name": "it", "user": {"token": "t"}}],
    }  # fmt: skip
    path = folder / "kubeconfig"
    path.write_text(json.dumps(config))
    with listening(server):
        try:
            yield path
        finally:
            pods.close()
