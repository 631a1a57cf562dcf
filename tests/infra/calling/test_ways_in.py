"""The ways to the gateway without --url."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from infra.calling.way import balancer_way
from infra.commands.cli import main
from infra.project.stackfile import ROOT
from tests.infra.calling.server import WHOLE, serving, streaming

KEY = "marker-key-4711"
HOST = "models.staging.example.com"

KUBECTL = """\
#!{python}
import os, socket, sys, threading
with open(os.environ["SEEN"], "w") as seen:
    print(*sys.argv[1:], file=seen)
    print(open(sys.argv[2]).read(), file=seen)
if os.environ.get("BROKEN"):
    sys.exit("error: services \\"models-gateway\\" not found")
server = socket.create_server(("127.0.0.1", 0))
print(f"Forwarding from 127.0.0.1:{{server.getsockname()[1]}} -> 8443", flush=True)
def copy(source, to):
    while part := source.recv(65536):
        to.sendall(part)
while True:
    one, _ = server.accept()
    two = socket.create_connection(("127.0.0.1", int(os.environ["GATEWAY"])))
    for pair in ((one, two), (two, one)):
        threading.Thread(target=copy, args=pair, daemon=True).start()
"""
"""A program that forwards a port as kubectl does, to a port of this machine."""


@pytest.fixture
def kubectl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file with what kubectl was called with."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "kubectl"
    program.write_text(KUBECTL.format(python=sys.executable))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("SEEN", str(tmp_path / "seen"))
    monkeypatch.chdir(ROOT)
    return tmp_path / "seen"


def outputs(folder: Path, **more: object) -> str:
    path = folder / "outputs.json"
    path.write_text(json.dumps({"kubeconfig": "a kubeconfig", **more}))
    return str(path)


@pytest.fixture
def inside(tmp_path: Path) -> str:
    """Staging as a deployer in the network has it, who needs no tunnel."""
    path = tmp_path / "Pulumi.staging.yaml"
    text = (ROOT / "Pulumi.staging.yaml").read_text()
    changed = text.replace("access: tunnel ", "access: inside\n      cidr: 10.0.2.250/32 ")
    assert changed != text
    path.write_text(changed)
    return str(path)


def call(*words: str) -> Any:
    found = CliRunner().invoke(main, ["call", "staging", "qwen3-32b", "Hi", *words])
    assert KEY not in found.output
    return found


def test_a_private_gateway_is_reached_through_a_port_that_kubectl_forwards(
    kubectl: Path, inside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    files = (tmp_path / "cert.pem", tmp_path / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
         "-addext", f"subjectAltName=DNS:{HOST}", "-out", files[0], "-keyout", files[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    monkeypatch.setenv("PLAYGROUND_API_KEY", KEY)
    with serving(streaming(*WHOLE), files) as gateway:
        monkeypatch.setenv("GATEWAY", str(gateway.port))
        words = ("--config-file", inside, "--outputs", outputs(tmp_path), "--ca-file", str(files[0]))
        found = call(*words)
    assert found.exit_code == 0, found.output
    assert found.output.startswith("Hello world\n")
    arguments, config = kubectl.read_text().strip().split("\n")
    assert arguments.endswith(
        "--namespace envoy-gateway-system port-forward --address 127.0.0.1 service/models-gateway :8443"
    )
    assert config == "a kubeconfig"
    assert not Path(arguments.split()[1]).exists(), "credentials must not stay on the disk"


def test_a_port_that_cannot_be_forwarded_shows_what_kubectl_said(
    kubectl: Path, inside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PLAYGROUND_API_KEY", KEY)
    monkeypatch.setenv("BROKEN", "1")
    found = call("--config-file", inside, "--outputs", outputs(tmp_path))
    assert found.exit_code == 1
    assert (
        'kubectl forwarded no port to the gateway: error: services "models-gateway" not found' in found.output
    )


def test_outputs_without_credentials_are_refused(
    inside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PLAYGROUND_API_KEY", KEY)
    found = call("--config-file", inside, "--outputs", outputs(tmp_path, kubeconfig="[secret]"))
    assert found.exit_code == 1
    assert "the outputs have no kubeconfig" in found.output


def test_a_gateway_behind_the_balancer_is_reached_by_its_host_name():
    way = balancer_way(HOST, None)
    assert (way.address, way.port, way.host_name) == (HOST, 443, HOST)
    assert way.context is not None
