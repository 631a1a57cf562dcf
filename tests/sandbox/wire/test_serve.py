"""`sandbox serve` as a program, and `sandbox env`."""

import json
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

import oci
import pytest
from click.testing import CliRunner, Result

from facts.oci_api import clients
from facts.provider_clients import provider_clients
from sandbox.cli import cli
from sandbox.home import HOME_VARIABLE, Home
from sandbox.store import open_store
from sandbox.wire.profile import profile
from sandbox.wire.record import WireError, record_of, require_loopback, running
from sandbox.wire.variables import host_overrides, variables

VCN = {"compartmentId": "ocid1.compartment.oc1..aaaatest", "cidrBlocks": ["10.0.0.0/16"]}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    (tmp_path / "Pulumi.yaml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    return Home.of(tmp_path)


@contextmanager
def served(home: Home, *options: str) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    command = [sys.executable, "-m", "sandbox.cli", "serve", "--json", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=home.project)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield process, json.loads(line) if line else {}
    finally:
        process.kill()
        process.communicate()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def _call(endpoint: str, method: str, path: str, body: object = None) -> Any:
    from tests.sandbox.wire.http import call

    class Here:
        pass

    here: Any = Here()
    here.endpoint = endpoint
    return call(here, method, path, body)


def test_each_region_has_its_port_and_a_kill_keeps_what_was_answered(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(home, "--region", "us-ashburn-1", "--region", "eu-frankfurt-1") as (process, told):
        one, other = told["endpoints"]["us-ashburn-1"], told["endpoints"]["eu-frankfurt-1"]
        assert _call(other, "GET", "/health").body["region"] == "eu-frankfurt-1"
        ids = {_call(one, "POST", "/20160918/vcns", VCN).body["id"] for _ in range(5)}
        found = run("env", "--json")
        assert json.loads(found.output)["OCI_CLI_ENDPOINT"] == one
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        assert run("env").exit_code == 0
        assert run("env", "--region", "eu-frankfurt-1").output.count(other) >= len(clients())
        second = run("serve")
        assert second.exit_code == 1
        assert "already runs" in str(second.exception)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with open_store(home.cloud) as store:
        rows = store.query("SELECT id FROM oci_resources WHERE token = 'oci:Core/vcn:Vcn'")
    assert {row[0] for row in rows} == ids
    assert "no server runs" in str(run("env").exception)


def test_a_kill_amid_the_calls_of_fifty_clients_loses_nothing_that_was_answered(home: Home) -> None:
    answered: list[str] = []

    with served(home) as (process, told), ThreadPoolExecutor(50) as pool:
        (endpoint,) = told["endpoints"].values()

        def create(_: int) -> bool:
            try:
                answered.append(_call(endpoint, "POST", "/20160918/vcns", VCN).body["id"])
            except (OSError, HTTPException):
                return False
            if len(answered) >= 20:
                process.kill()
            return True

        # More calls than clients: a busy machine may answer the first fifty before a client sees one answer.
        assert not all(pool.map(create, range(500))), "the kill came after the calls"
    with served(home) as (_, told):
        (endpoint,) = told["endpoints"].values()
        rows = _call(endpoint, "GET", f"/20160918/vcns?compartmentId={VCN['compartmentId']}").body
        assert set(answered) <= {each["id"] for each in rows}
        for each in rows:
            assert (
                _call(endpoint, "GET", f"/20160918/routeTables/{each['defaultRouteTableId']}").status == 200
            )


LOADED = """
import json, os, signal, sys
from pathlib import Path
from sandbox.cli import cli
from sandbox.wire import server

def told(record, serving, own, ready):
    print(json.dumps(sorted(sys.modules)), flush=True)
    os.kill(os.getpid(), signal.SIGINT)

server._tell = told
cli(["serve"])
"""


def test_the_server_answers_before_it_loads_services_and_tables(home: Home) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, cwd=home.project, check=True
    )
    names: list[str] = json.loads(done.stdout)
    assert "sandbox.wire.app" in names
    assert [each for each in names if each.startswith(("sandbox.oci.services", "oci.", "rich"))] == []


def test_the_first_calls_are_answered_although_they_come_at_once(home: Home) -> None:
    with served(home) as (_, told), ThreadPoolExecutor(20) as pool:
        (endpoint,) = told["endpoints"].values()
        paths = ["/20160918/vcns", "/20160918/volumes", "/20180222/clusters", "/20180115/zones"] * 5
        query = f"?compartmentId={VCN['compartmentId']}"
        found = pool.map(lambda path: _call(endpoint, "GET", f"{path}{query}"), paths)
        assert {(each.status, str(each.body)) for each in found} == {(200, "[]")}


def test_a_signal_ends_the_server_cleanly(home: Home) -> None:
    with served(home) as (process, told):
        assert list(told["endpoints"]) == ["us-ashburn-1"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert not (home.folder / "wire.json").exists()


def test_a_vault_keeps_its_port_over_a_kill_and_a_signal_ends_it_too(home: Home) -> None:
    details = {"compartmentId": VCN["compartmentId"], "displayName": "main", "vaultType": "DEFAULT"}
    keys = f"/20180608/keys?compartmentId={VCN['compartmentId']}"
    with served(home) as (process, told):
        (region,) = told["endpoints"].values()
        vault = _call(region, "POST", "/20180608/vaults", details).body
        own = vault["managementEndpoint"]
        assert own != region
        assert (_call(own, "GET", keys).status, _call(region, "GET", keys).status) == (200, 404)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with served(home) as (process, told):
        assert _call(own, "GET", keys).status == 200
        (region,) = told["endpoints"].values()
        assert _call(region, "GET", f"/20180608/vaults/{vault['id']}").body["managementEndpoint"] == own
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--region", "us-ashbrn-1"], "Did you mean `us-ashburn-1`?"),
        (["--region", "us-ashburn-1", "--region", "us-ashburn-1"], "twice"),
        (["--port", "70000"], "70000"),
        (
            ["--port", "65535", "--region", "us-ashburn-1", "--region", "eu-frankfurt-1"],
            "each region needs one",
        ),
        (["--host", "198.51.100.1"], "--allow-other-machines"),
        (["--host", "example"], "must be an IP address"),
    ],
)
def test_a_wrong_option_is_refused(home: Home, arguments: list[str], words: str) -> None:
    result = run("serve", *arguments)
    assert result.exit_code != 0
    assert words in f"{result.output}{result.exception}"


def test_a_port_in_use_is_refused(home: Home) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = run("serve", "--port", port)
    assert isinstance(result.exception, WireError)
    assert port in str(result.exception)


def test_a_wrong_option_ends_with_one_line(home: Home) -> None:
    command = [sys.executable, "-m", "sandbox.cli", "serve", "--host", "example"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=home.project)
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["sandbox: --host: 'example'; must be an IP address or localhost"]


def test_another_address_than_loopback_has_to_be_asked_for_twice() -> None:
    require_loopback("::1", allowed=False)
    require_loopback("198.51.100.1", allowed=True)
    with pytest.raises(WireError):
        require_loopback("192.0.2.1", allowed=False)


def test_the_key_is_private_and_stays(home: Home) -> None:
    first, again = profile(home, "us-ashburn-1"), profile(home, "eu-frankfurt-1")
    assert first.fingerprint == again.fingerprint
    assert stat.S_IMODE(first.key_file.stat().st_mode) == 0o600
    assert first.key_file.is_relative_to(home.folder)


def test_every_client_of_the_provider_is_sent_to_the_sandbox(home: Home) -> None:
    here, others = "http://127.0.0.1:1", "http://127.0.0.1:2"
    overrides = dict(pair.split("=") for pair in host_overrides(here, others).split(";"))
    assert set(provider_clients()) <= set(overrides)
    for name in (
        "oci_core.VirtualNetworkClient",
        "oci_containerengine.ContainerEngineClient",
        "oci_kms.KmsVaultClient",
    ):
        assert overrides[name] == here
    assert overrides["oci_adm.ApplicationDependencyManagementClient"] == others
    assert set(overrides.values()) == {here, others}


def test_a_client_that_the_sandbox_does_not_model_gets_501_by_its_name(home: Home) -> None:
    with served(home) as (_, told):
        refused = _call(told["others"], "POST", "/20220421/knowledgeBases", {"compartmentId": "x"})
        shown = run("env").output
        assert shown.count(told["others"]) > len(clients())
        assert "export NO_PROXY=" in shown
        events = run("cloud", "events", "--source", "wire", "--json").output
    assert (refused.status, refused.code) == (501, "NotImplemented")
    assert refused.message == (
        "The sandbox does not model POST /20220421/knowledgeBases of oci_adm.ApplicationDependencyManagementClient."
    )
    assert "/20220421/knowledgeBases" in events


def test_each_realm_has_its_profile(home: Home) -> None:
    one, other = profile(home, "us-ashburn-1"), profile(home, "us-langley-1")
    assert (one.name, other.name) == ("SANDBOX", "SANDBOX_OC2")
    assert one.tenancy.startswith("ocid1.tenancy.oc1.")
    assert other.tenancy.startswith("ocid1.tenancy.oc2.")
    for name, own in (("SANDBOX", one), ("SANDBOX_OC2", other)):
        assert oci.config.from_file(str(own.config_file), name)["tenancy"] == own.tenancy
    assert variables("x", "y", other, "us-langley-1")["OCI_CLI_PROFILE"] == "SANDBOX_OC2"


def test_a_broken_config_file_is_written_again(home: Home) -> None:
    own = profile(home, "us-ashburn-1")
    own.config_file.write_text("no section")
    profile(home, "us-ashburn-1")
    assert oci.config.from_file(str(own.config_file), own.name)["user"] == own.user


def test_a_record_that_is_none_is_no_server(home: Home) -> None:
    home.folder.mkdir()
    record_of(home).write_text("null")
    assert running(home) is None


def test_no_variable_holds_the_key_itself(home: Home) -> None:
    own = profile(home, "us-ashburn-1")
    found = variables("http://127.0.0.1:1", "http://127.0.0.1:2", own, "us-ashburn-1")
    assert not any("PRIVATE KEY" in value for value in found.values())
    assert found["OCI_CLI_CONFIG_FILE"] == str(own.config_file)
