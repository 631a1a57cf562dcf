"""The real rate limit service with a real Redis, which asks for TLS, a user and a password as OCI Cache does.

The service reads its configuration from a file. Envoy Gateway sends it the same over a connection (CONFIG_TYPE
GRPC_XDS_SOTW), and adds TLS between Envoy and the service. The other variables are those of
internal/infrastructure/kubernetes/ratelimit/resource.go of envoyproxy/gateway v1.8.3.
"""

import contextlib
import hashlib
import json
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.database.cache_users import DEFAULT_ACL, DEFAULT_USER
from sandbox.wire.certificates import Authority
from tests.support.ports import free_port
from tests.support.processes import start_server
from tests.traffic.parts.fleet import get, wait_for
from tools.rate_limit import build
from tools.system_tools import REDIS, find

WATCHER = "watcher"
"""A user of the tests that may see every command."""


@dataclass
class Limiter:
    """The two processes."""

    port: int
    """Port of the service for Envoy."""

    metrics_port: int
    redis_port: int
    password: str
    folder: Path
    redis: "subprocess.Popen[bytes]"
    service: "subprocess.Popen[bytes] | None" = None

    def cli(self, *words: str, user: str = WATCHER) -> list[str]:
        """A command line for Redis."""
        tls = ("--tls", "--cacert", str(self.folder / "authority.pem"))
        return ["redis-cli", *tls, "-h", "localhost", "-p", str(self.redis_port), "--user", user, *words]

    def ask(self, *words: str, user: str = WATCHER) -> str:
        """What Redis answers."""
        environment = os.environ | {"REDISCLI_AUTH": self.password}
        done = subprocess.run(
            self.cli(*words, user=user), env=environment, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    def counted(self, tenant: str) -> int:
        """What it has counted of a tenant in this calendar minute."""
        minute = int(time.time()) // 60 * 60
        keys = self.ask("keys", f"*/tenant-{tenant}/*_{minute}").split()
        return sum(int(self.ask("get", key)) for key in keys)

    @contextmanager
    def monitored(self) -> Iterator[Path]:
        """A file with every command that Redis gets."""
        file = self.folder / "monitor.log"
        environment = os.environ | {"REDISCLI_AUTH": self.password}
        with file.open("wb") as output:
            process = subprocess.Popen(self.cli("monitor"), env=environment, stdout=output)
        try:
            wait_for(lambda: b"OK" in file.read_bytes())
            yield file
        finally:
            process.kill()
            process.wait()


@contextmanager
def limiter(folder: Path, config: dict[str, Any]) -> Iterator[Limiter]:
    """The service with a configuration, and an empty Redis."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = Authority(folder)
    authority.write("localhost", folder / "redis.pem")
    made = _redis(folder)
    try:
        wait_for(lambda: "PONG" in made.ask("ping"))
        made.service = _service(made, config)
        yield made
    finally:
        for process in (made.service, made.redis):
            if process is not None:
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait()


def _redis(folder: Path) -> Limiter:
    port, password = free_port(), secrets.token_urlsafe(24)
    hashed = hashlib.sha256(password.encode()).hexdigest()
    lines = [
        "port 0", f"tls-port {port}", "bind 127.0.0.1", f"dir {folder}", 'save ""', "appendonly no",
        f"tls-cert-file {folder / 'redis.pem'}", f"tls-key-file {folder / 'redis.pem'}",
        f"tls-ca-cert-file {folder / 'authority.pem'}", "tls-auth-clients no", "user default off",
        f"user {DEFAULT_USER} on #{hashed} {DEFAULT_ACL}", f"user {WATCHER} on #{hashed} ~* &* +@all",
    ]  # fmt: skip
    file = folder / "redis.conf"
    file.write_text("\n".join(lines) + "\n")
    program = find(REDIS)
    assert program is not None, "`make prove` installs Redis"
    with (folder / "redis.log").open("wb") as log:
        process = start_server([program, str(file)], output=log)
    return Limiter(free_port(), free_port(), port, password, folder, process)


def _service(made: Limiter, config: dict[str, Any]) -> "subprocess.Popen[bytes]":
    program = build.present()
    assert program is not None, "`make prove` builds the rate limit service"
    files = made.folder / "ratelimit" / "config"
    files.mkdir(parents=True)
    # JSON is YAML.
    (files / "limits.yaml").write_text(json.dumps(config))
    health = free_port()
    environment = {
        "RUNTIME_ROOT": made.folder, "RUNTIME_SUBDIRECTORY": "ratelimit", "RUNTIME_WATCH_ROOT": "false",
        "RUNTIME_IGNOREDOTFILES": "true", "LOG_LEVEL": "info", "USE_STATSD": "false",
        "HOST": "127.0.0.1", "PORT": health, "GRPC_HOST": "127.0.0.1", "GRPC_PORT": made.port,
        "DEBUG_HOST": "127.0.0.1", "DEBUG_PORT": free_port(),
        "USE_PROMETHEUS": "true", "PROMETHEUS_ADDR": f"127.0.0.1:{made.metrics_port}",
        "REDIS_SOCKET_TYPE": "tcp", "REDIS_URL": f"localhost:{made.redis_port}", "REDIS_TLS": "true",
        "REDIS_TLS_CACERT": made.folder / "authority.pem", "REDIS_AUTH": f"{DEFAULT_USER}:{made.password}",
    }  # fmt: skip
    given = {name: str(value) for name, value in environment.items()}
    with (made.folder / "service.log").open("wb") as log:
        process = start_server([str(program)], output=log, environment=given)
    made.service = process
    wait_for(lambda: get(f"http://127.0.0.1:{health}/healthcheck")[0] == 200)
    return process
