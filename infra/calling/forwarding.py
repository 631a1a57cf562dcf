# The OCI SDK has no types, so its objects are cast to protocols here.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
"""A port of this machine that kubectl forwards to the gateway, through the bastion's tunnel if the stack needs one."""

import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import oci

from facts.charts import CHARTS
from infra.account.login import log_in
from infra.account.stack_outputs import NoOutputsError
from infra.account.tunnel import (
    Bastions,
    TunnelError,
    open_session,
    public_key,
    ssh_command,
    target_from_outputs,
)
from infra.settings import Settings
from serving.gateway.specs import TLS_PORT, service_name

from .way import is_listening

READY_SECONDS = 30
"""Time for ssh and for kubectl until their port answers."""

_FORWARDING = re.compile(r"Forwarding from 127\.0\.0\.1:(\d+)", re.ASCII)
"""The line of kubectl port-forward (staging/src/k8s.io/client-go/tools/portforward/portforward.go)."""


class ForwardingError(RuntimeError):
    """The port cannot be forwarded. The text says why."""


@contextmanager
def forwarded(settings: Settings, outputs: Mapping[str, object], key: Path | None) -> Generator[int]:
    """The port of this machine, while the block runs. Raises ForwardingError, TunnelError, NoOutputsError."""
    kubeconfig = outputs.get("kubeconfig")
    if not isinstance(kubeconfig, str) or not kubeconfig.strip() or kubeconfig == "[secret]":
        raise NoOutputsError(
            "the outputs have no kubeconfig: read them with `pulumi stack output --json --show-secrets`"
        )
    with tempfile.TemporaryDirectory() as folder, tunnelled(settings, outputs, key):
        # The folder is readable by its owner only.
        file = Path(folder) / "kubeconfig"
        file.write_text(kubeconfig, encoding="utf-8")
        with _running(_command(file), "kubectl") as process:
            yield _forwarded_port(process)


@contextmanager
def tunnelled(settings: Settings, outputs: Mapping[str, object], key: Path | None) -> Generator[None]:
    """The tunnel of `playground tunnel`, unless it is open already or the stack needs none."""
    deployer = settings.tenancy.deployer
    if deployer.access != "tunnel" or is_listening(deployer.tunnel_port):
        yield
        return
    target, public = target_from_outputs(outputs), public_key(key)
    bastions = cast(Bastions, log_in(settings.tenancy).client(oci.bastion.BastionClient))
    text = public.read_text(encoding="utf-8").strip()
    session = open_session(bastions, target, text, f"{settings.environment}-call")
    with _running(ssh_command(session, public.with_suffix(""), deployer.tunnel_port), "ssh") as process:
        until = time.monotonic() + READY_SECONDS
        while not is_listening(deployer.tunnel_port):
            if process.poll() is not None or time.monotonic() > until:
                raise TunnelError(f"ssh opened no tunnel within {READY_SECONDS} s: {_said(process)}")
            time.sleep(0.2)
        yield


def _command(kubeconfig: Path) -> list[str]:
    return [
        *("kubectl", "--kubeconfig", str(kubeconfig), "--namespace", CHARTS["gateway"].namespace),
        *("port-forward", "--address", "127.0.0.1", f"service/{service_name()}", f":{TLS_PORT}"),
    ]


@contextmanager
def _running(command: Sequence[str], program: str) -> "Generator[subprocess.Popen[str]]":
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    except FileNotFoundError:
        raise ForwardingError(f"there is no `{program}` on PATH. Install it, or set --url") from None
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def _forwarded_port(process: "subprocess.Popen[str]") -> int:
    """The port that kubectl has chosen."""
    late = threading.Timer(READY_SECONDS, process.kill)
    late.start()
    try:
        for line in process.stdout or ():
            if found := _FORWARDING.search(line):
                return int(found[1])
    finally:
        late.cancel()
    raise ForwardingError(f"kubectl forwarded no port to the gateway: {_said(process)}")


def _said(process: "subprocess.Popen[str]") -> str:
    """The last lines of its errors, after its end."""
    process.terminate()
    _, errors = process.communicate(timeout=10)
    return " ".join(errors.split()[-60:]) or f"it ended with {process.returncode} and said nothing"
