"""The real OCI provider under the sandbox. A stub is in the place of its binary (`tests/support/stub_plugin.py`)."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import (
    ResourceProviderStub,
    add_ResourceProviderServicer_to_server,
)

from facts.provider_clients import provider_clients
from sandbox.home import HOME_VARIABLE, Home
from sandbox.oci_plugin import installed_plugin, wanted_version
from sandbox.providers import open_providers
from sandbox.store import open_store
from sandbox.variables import EACH, PROVIDERS, WrongVariableError, check_variables, checkpoints
from sandbox.wire.profile import profile
from tests.support.stub_plugin import calls, write_stub

COMPARTMENT = "ocid1.compartment.oc1..aaaatest"
VCN = {"compartmentId": COMPARTMENT, "cidrBlocks": ["10.0.0.0/16"], "displayName": "one"}
URN = "urn:pulumi:test::test::oci:Core/vcn:Vcn::one"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    (tmp_path / "Pulumi.yaml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "pulumi"))
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    return Home.of(tmp_path)


def plugin_folder(root: Path, version: str) -> Path:
    return root / "plugins" / f"resource-oci-v{version}" / "pulumi-resource-oci"


@pytest.fixture
def log(home: Home, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stub as the installed plugin, and SANDBOX_PROVIDERS=oci=real. Returns the file where it records."""
    record = home.project / "calls"
    write_stub(plugin_folder(home.project / "pulumi", wanted_version()), record)
    monkeypatch.setenv(PROVIDERS, "oci=real")
    return record


@contextmanager
def connected(home: Home) -> Iterator[Any]:
    """A function that opens a connection to the sandbox's provider, as the engine does for each provider resource."""
    with open_providers(home) as providers:
        server = grpc.server(ThreadPoolExecutor(4))
        add_ResourceProviderServicer_to_server(providers["oci"], server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            yield lambda: ResourceProviderStub(
                grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)])
            )
        finally:
            server.stop(None)


def struct(**values: Any) -> Struct:
    made = Struct()
    made.update(values)
    return made


def configured(stub: Any, region: str, **settings: str) -> Any:
    stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address="127.0.0.1:1"))
    given = {"oci:config:region": region, **{f"oci:config:{name}": value for name, value in settings.items()}}
    stub.Configure(provider_pb2.ConfigureRequest(variables=given, args=struct(region=region, **settings)))
    return stub


def environment_of(log: Path, call: str = "Configure") -> dict[str, str]:
    return next(each["environment"] for each in calls(log) if each["call"] == call)


def test_what_the_real_provider_creates_is_in_the_sandboxs_cloud(home: Home, log: Path) -> None:
    with connected(home) as connect:
        stub = configured(connect(), "us-ashburn-1")
        made = stub.Create(provider_pb2.CreateRequest(urn=URN, properties=struct(**VCN)))
        assert made.properties["lifecycleState"] == "AVAILABLE"
        assert stub.Read(provider_pb2.ReadRequest(id=made.id, urn=URN)).inputs["displayName"] == "one"
        news = struct(**{**VCN, "displayName": "two"})
        changed = stub.Update(provider_pb2.UpdateRequest(id=made.id, urn=URN, news=news))
        assert changed.properties["displayName"] == "two"
        with open_store(home.cloud) as store:
            assert store.query("SELECT id FROM oci_resources WHERE token = 'oci:Core/vcn:Vcn'") == [
                (made.id,)
            ]
        stub.Delete(provider_pb2.DeleteRequest(id=made.id, urn=URN))
        assert stub.Read(provider_pb2.ReadRequest(id=made.id, urn=URN)).id == ""
        with open_store(home.cloud) as store:
            verbs = [each.verb for each in store.events("wire")]
        assert {"post", "get", "put", "delete"} == set(verbs), "each call came over HTTP"


def test_each_provider_resource_reaches_its_own_region(home: Home, log: Path) -> None:
    with connected(home) as connect:
        made = {
            region: configured(connect(), region).Create(
                provider_pb2.CreateRequest(urn=URN, properties=struct(**VCN))
            )
            for region in ("us-ashburn-1", "eu-frankfurt-1")
        }
    assert made["us-ashburn-1"].id.startswith("ocid1.vcn.oc1.iad.")
    assert made["eu-frankfurt-1"].id.startswith("ocid1.vcn.oc1.eu-frankfurt-1.")


def test_a_request_without_an_override_comes_to_the_sandbox_through_the_proxy(home: Home, log: Path) -> None:
    with connected(home) as connect:
        stub = configured(connect(), "eu-frankfurt-1")
        answer = stub.Invoke(provider_pb2.InvokeRequest(tok="oci:Identity/getAvailabilityDomains"))
        names = [each["name"] for each in getattr(answer, "return")["availabilityDomains"]]
    assert len(names) == 3
    assert all("EU-FRANKFURT-1" in name.upper() for name in names)


def test_the_provider_logs_in_with_the_sandboxs_profile_and_gets_nothing_of_the_users(
    home: Home, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCI_USER_OCID", "ocid1.user.oc1..mine")
    monkeypatch.setenv("TF_VAR_user_ocid", "ocid1.user.oc1..mine")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    with connected(home) as connect:
        configured(connect(), "eu-frankfurt-1", configFileProfile="PROD", userOcid="ocid1.user.oc1..mine")
    own = profile(home, "us-ashburn-1")
    settings = next(each["settings"] for each in calls(log) if each["call"] == "Configure")
    assert settings["oci:config:userOcid"] == own.user
    assert settings["oci:config:fingerprint"] == own.fingerprint
    assert "oci:config:configFileProfile" not in settings
    assert settings["oci:config:region"] == "eu-frankfurt-1"
    environment = environment_of(log)
    assert "mine" not in str(environment)
    assert "proxy.example.com" not in str(environment)
    assert environment["HOME"] == environment["TF_HOME_OVERRIDE"]
    assert environment["HOME"] != str(Path.home())
    overrides = dict(pair.split("=") for pair in environment["CLIENT_HOST_OVERRIDES"].split(";"))
    assert set(provider_clients()) <= set(overrides)
    assert all(each.startswith("http://127.0.0.1:") for each in overrides.values())


def test_no_credential_of_the_sandbox_gets_into_the_state(home: Home, log: Path) -> None:
    with connected(home) as connect:
        sent = struct(userOcid="mine", region="eu-frankfurt-1")
        answer = connect().CheckConfig(provider_pb2.CheckRequest(news=sent))
    assert dict(answer.inputs) == {"userOcid": "mine", "region": "eu-frankfurt-1"}
    seen = next(each["news"] for each in calls(log) if each["call"] == "CheckConfig")
    assert "BEGIN PRIVATE KEY" in seen["privateKey"]


def test_the_provider_that_is_configured_was_greeted_with_the_engines_address(home: Home, log: Path) -> None:
    with connected(home) as connect:
        configured(connect(), "us-ashburn-1")
    last = [each for each in calls(log) if each["call"] == "Handshake"][-1]
    assert last["engine"] == "127.0.0.1:1"
    assert last["pid"] == next(each["pid"] for each in calls(log) if each["call"] == "Configure")


def test_the_plugin_of_the_sdks_version_is_chosen_else_the_newest(home: Home, tmp_path: Path) -> None:
    assert installed_plugin(home) is None
    older = write_stub(plugin_folder(tmp_path / "pulumi", "3.9.0"), tmp_path / "log")
    assert installed_plugin(home) == older
    newer = write_stub(plugin_folder(tmp_path / "pulumi", "3.10.0"), tmp_path / "log")
    assert installed_plugin(home) == newer
    wanted = write_stub(plugin_folder(home.plugins, wanted_version()), tmp_path / "log")
    assert installed_plugin(home) == wanted, "`sandbox plugin install` puts it there"


def test_without_a_plugin_the_stand_in_serves_and_the_command_to_install_is_said_once(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PROVIDERS, "oci=real")
    with connected(home) as connect:
        made = connect().Create(provider_pb2.CreateRequest(urn=URN, properties=struct(**VCN)))
        assert made.id.startswith("ocid1.vcn.")
    said = capsys.readouterr().err
    assert said.count(f"`pulumi plugin install resource oci {wanted_version()}`") == 1
    assert "the stand-in serves" in said


def test_with_a_real_provider_the_state_is_written_after_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROVIDERS, "oci=real")
    assert checkpoints() == EACH
    monkeypatch.setenv("SANDBOX_CHECKPOINTS", "end")
    with pytest.raises(WrongVariableError, match="must be each if SANDBOX_PROVIDERS is set"):
        check_variables()


def test_the_proxy_answers_for_no_one_elses_hosts(home: Home, log: Path) -> None:
    with connected(home) as connect:
        configured(connect(), "us-ashburn-1")
        environment = environment_of(log)
        code = "import urllib.request; urllib.request.urlopen('https://example.com')"
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
        )
    assert "403 Forbidden" in done.stderr
    with open_store(home.cloud) as store:
        assert [each.subject for each in store.events("wire") if each.verb == "connect"] == ["example.com"]
