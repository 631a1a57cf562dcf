"""A real Kubernetes API server with etcd on this machine. Tests compare the sandbox's with it."""

import json
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.support.ports import free_port
from tests.support.processes import start_server
from tools.api_server.build import Programs

Body = dict[str, Any]

TOKEN = "judge"
PATIENCE = 120
"""Longest time in seconds until the server is ready."""

SERVICES = "10.96.0.0/16"


@dataclass(frozen=True)
class Answer:
    """The response of the server: the resulting object, or the refusal."""

    code: int
    body: Body

    @property
    def accepted(self) -> bool:
        return self.code < 300

    @property
    def message(self) -> str:
        """The refusal. Empty if the request was accepted."""
        return "" if self.accepted else str(self.body.get("message", ""))

    @property
    def causes(self) -> set[str]:
        """Every cause, as `field: message`."""
        causes = (self.body.get("details") or {}).get("causes") or ()
        return {f"{each.get('field', '')}: {each.get('message', '')}" for each in causes}


@dataclass
class ApiServer:
    """A client that uses server-side apply, as pulumi-kubernetes does."""

    _connection: HTTPSConnection
    _resources: dict[str, dict[str, tuple[str, bool]]] = field(
        default_factory=dict[str, dict[str, tuple[str, bool]]]
    )

    def apply(self, body: Body, *, dry: bool = True, namespace: str = "default") -> Answer:
        """Create or change an object. With `dry`, a dry run. Unknown fields are refused."""
        name = str((body.get("metadata") or {}).get("name") or "")
        query = "fieldManager=judge&force=true&fieldValidation=Strict" + ("&dryRun=All" if dry else "")
        place = self._path(body, namespace)
        if place is None:
            return Answer(404, {"message": f"no matches for kind {body.get('kind')!r}"})
        return self._ask("PATCH", f"{place}/{quote(name, safe='')}?{query}", body)

    def create(self, body: Body, *, namespace: str = "default") -> Answer:
        """Create an object. Refused if the name exists."""
        place = self._path(body, namespace)
        return self._ask("POST", f"{place}?fieldValidation=Strict", body)

    def delete(self, body: Body, *, namespace: str = "default") -> Answer:
        """Delete an object without a grace period."""
        path = f"{self._path(body, namespace)}/{body['metadata']['name']}"
        return self._ask("DELETE", path, {"gracePeriodSeconds": 0, "propagationPolicy": "Background"})

    def count(self, quota: Body) -> None:
        """Set the used amounts of a quota to 0. The controller that does this is not running."""
        hard = quota["spec"]["hard"]
        status = {"hard": hard, "used": dict.fromkeys(hard, "0")}
        name = quota["metadata"]["name"]
        path = f"{self._path(quota, 'default')}/{name}/status?fieldManager=controller&force=true"
        body = {key: quota[key] for key in ("apiVersion", "kind", "metadata")} | {"status": status}
        answer = self._ask("PATCH", path, body)
        assert answer.accepted, answer.message

    def serves(self, body: Body) -> bool:
        """Whether the server knows the kind of an object."""
        return self._path(body, "default") is not None

    def _path(self, body: Body, namespace: str) -> str | None:
        root = self._root(str(body["apiVersion"]))
        found = self._known(root).get(str(body["kind"]))
        if found is None:
            self._resources.pop(root, None)
            found = self._known(root).get(str(body["kind"]))
        if found is None:
            return None
        plural, namespaced = found
        space = (body.get("metadata") or {}).get("namespace") or namespace
        return f"{root}/namespaces/{space}/{plural}" if namespaced else f"{root}/{plural}"

    def _root(self, api_version: str) -> str:
        return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"

    def _known(self, root: str) -> Mapping[str, tuple[str, bool]]:
        if root not in self._resources:
            listed = self._ask("GET", root).body.get("resources") or ()
            self._resources[root] = {
                each["kind"]: (each["name"], each["namespaced"]) for each in listed if "/" not in each["name"]
            }
        return self._resources[root]

    def _ask(self, method: str, path: str, body: Body | None = None) -> Answer:
        kind = "application/apply-patch+yaml" if method == "PATCH" else "application/json"
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind, "Accept": "application/json"}
        sent = None if body is None else json.dumps(body)
        try:
            status, text = self._exchange(method, path, sent, headers)
        except (OSError, HTTPException):
            # The server closes idle connections. Repeating the request on a new one is safe.
            self._connection.close()
            status, text = self._exchange(method, path, sent, headers)
        try:
            return Answer(status, json.loads(text))
        except ValueError:
            return Answer(status, {"message": text.decode(errors="replace")})

    def _exchange(
        self, method: str, path: str, sent: str | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        self._connection.request(method, path, sent, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def ready(self) -> bool:
        """Whether the server is ready."""
        try:
            return self._ask("GET", "/readyz").accepted
        except (OSError, HTTPException):
            self._connection.close()
            return False


@contextmanager
def running(programs: Programs, folder: Path) -> Iterator[ApiServer]:
    """Run etcd and the API server in an empty folder. Both end with the context."""
    keys = _keys(folder)
    store, peer, port = free_port(), free_port(), free_port()
    etcd = [
        str(programs.etcd),
        f"--data-dir={folder / 'etcd'}",
        f"--listen-client-urls=http://127.0.0.1:{store}",
        f"--advertise-client-urls=http://127.0.0.1:{store}",
        f"--listen-peer-urls=http://127.0.0.1:{peer}",
        f"--initial-advertise-peer-urls=http://127.0.0.1:{peer}",
        f"--initial-cluster=default=http://127.0.0.1:{peer}",
        "--unsafe-no-fsync",
        "--log-level=error",
    ]
    server = [
        str(programs.api_server),
        f"--etcd-servers=http://127.0.0.1:{store}",
        "--allow-privileged=true",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        f"--cert-dir={folder / 'certificates'}",
        f"--token-auth-file={keys / 'tokens.csv'}",
        "--authorization-mode=RBAC",
        f"--service-cluster-ip-range={SERVICES}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={keys / 'accounts.key'}",
        f"--service-account-signing-key-file={keys / 'accounts.key'}",
    ]
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    found = ApiServer(HTTPSConnection("127.0.0.1", port, context=context, timeout=60))
    with _process(etcd, folder / "etcd.log"), _process(server, folder / "server.log") as process:
        _wait(found, process, folder / "server.log")
        yield found


def _keys(folder: Path) -> Path:
    """Write the key of the service accounts, and an administrator token."""
    folder.mkdir(parents=True, exist_ok=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    (folder / "accounts.key").write_bytes(text)
    (folder / "tokens.csv").write_text(f'{TOKEN},judge,judge,"system:masters"\n')
    return folder


@contextmanager
def _process(command: list[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as out, start_server(command, output=out) as process:
        try:
            yield process
        finally:
            process.kill()


def _wait(server: ApiServer, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(PATIENCE * 5):
        if server.ready():
            return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise AssertionError(f"the API server does not become ready:\n{log.read_text()[-3000:]}")
