"""Calls that go to a real provider's binary, here a small one for the tests."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import ResourceProviderServicer, provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import (
    ResourceProviderStub,
    add_ResourceProviderServicer_to_server,
)

from sandbox.passthrough import RealProviderError, parse_providers, with_real_providers

FAKE = """#!{python}
import os, sys, time
from concurrent.futures import ThreadPoolExecutor
import grpc
from google.protobuf import empty_pb2
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import ResourceProviderServicer, provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

def answer(**values):
    struct = Struct()
    struct.update({{"by": "real", "pid": os.getpid(), **values}})
    return struct

class Real(ResourceProviderServicer):
    def __init__(self):
        self.settings = {{}}
    def Handshake(self, request, context):
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_outputs=True)
    def CheckConfig(self, request, context):
        return provider_pb2.CheckResponse(inputs=request.news)
    def Configure(self, request, context):
        self.settings = dict(request.variables)
        return provider_pb2.ConfigureResponse(acceptSecrets=True, acceptOutputs=True, supportsPreview=True)
    def Check(self, request, context):
        return provider_pb2.CheckResponse(inputs=answer(home=os.environ.get("HOME", ""), **self.settings))
    def Diff(self, request, context):
        context.set_trailing_metadata((("detail-bin", b"why"),))
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "refused by the real provider")
    def Create(self, request, context):
        return provider_pb2.CreateResponse(properties=answer(engine=sys.argv[-1]))
    def Read(self, request, context):
        return provider_pb2.ReadResponse(id="real")

server = grpc.server(ThreadPoolExecutor(4))
add_ResourceProviderServicer_to_server(Real(), server)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
time.sleep(60)
"""


class Standin(ResourceProviderServicer):
    def __init__(self) -> None:
        self.configured: list[dict[str, str]] = []

    def Handshake(self, request: Any, context: Any) -> Any:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def Configure(self, request: Any, context: Any) -> Any:
        self.configured.append(dict(request.variables))
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Create(self, request: Any, context: Any) -> Any:
        return provider_pb2.CreateResponse(id="stand-in")

    def Read(self, request: Any, context: Any) -> Any:
        return provider_pb2.ReadResponse(id="stand-in")

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


@pytest.fixture
def binary(tmp_path: Path) -> Path:
    path = tmp_path / "pulumi-resource-fake"
    path.write_text(FAKE.format(python=sys.executable))
    path.chmod(0o755)
    return path


@contextmanager
def connected(setting: str, standin: ResourceProviderServicer, package: str) -> Iterator[Any]:
    with with_real_providers({"oci": standin, "kubernetes": standin}, setting) as providers:
        server = grpc.server(ThreadPoolExecutor(4))
        add_ResourceProviderServicer_to_server(providers[package], server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            yield lambda: ResourceProviderStub(
                grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)])
            )
        finally:
            server.stop(None)


def settings(**values: str) -> Struct:
    struct = Struct()
    struct.update(values)
    return struct


def test_every_call_of_kubernetes_goes_to_the_real_provider(binary: Path) -> None:
    with connected(f"kubernetes={binary}", Standin(), "kubernetes") as connect:
        stub = connect()
        stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address="127.0.0.1:1"))
        assert stub.Read(provider_pb2.ReadRequest()).id == "real"
        made = stub.Create(provider_pb2.CreateRequest())
        assert made.properties["by"] == "real"
        assert made.properties["engine"] == "127.0.0.1:1", "the provider gets the engine's address"


def test_an_error_of_the_real_provider_arrives_with_its_details(binary: Path) -> None:
    with connected(f"kubernetes={binary}", Standin(), "kubernetes") as connect:
        with pytest.raises(grpc.RpcError) as refused:
            connect().Diff(provider_pb2.DiffRequest())
        assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert refused.value.details() == "refused by the real provider"
        assert ("detail-bin", b"why") in tuple(refused.value.trailing_metadata())


def test_for_oci_the_real_provider_checks_and_the_stand_in_acts(binary: Path) -> None:
    with connected(f"oci={binary}", Standin(), "oci") as connect:
        stub = connect()
        assert stub.Check(provider_pb2.CheckRequest()).inputs["by"] == "real"
        assert stub.Create(provider_pb2.CreateRequest(preview=True)).properties["by"] == "real"
        assert stub.Create(provider_pb2.CreateRequest()).id == "stand-in"
        assert stub.Read(provider_pb2.ReadRequest()).id == "stand-in"


def test_the_real_oci_provider_gets_generated_credentials_and_an_empty_home(binary: Path) -> None:
    standin = Standin()
    with connected(f"oci={binary}", standin, "oci") as connect:
        stub = connect()
        mine = {
            "oci:config:region": "eu-frankfurt-1",
            "oci:config:userOcid": "ocid1.user.oc1..real",
            "oci:config:configFileProfile": "PROD",
        }
        stub.Configure(provider_pb2.ConfigureRequest(variables=mine))
        seen = stub.Check(provider_pb2.CheckRequest()).inputs
        assert seen["oci:config:region"] == "eu-frankfurt-1"
        assert seen["oci:config:userOcid"] == "ocid1.user.oc1..aaaaaaaasandbox"
        assert "BEGIN PRIVATE KEY" in seen["oci:config:privateKey"]
        assert "oci:config:configFileProfile" not in seen.fields
        assert seen["home"] != os.environ.get("HOME")
        assert standin.configured == [mine], "the stand-in gets the settings unchanged"


def test_generated_credentials_do_not_get_into_the_state(binary: Path) -> None:
    with connected(f"oci={binary}", Standin(), "oci") as connect:
        answer = connect().CheckConfig(
            provider_pb2.CheckRequest(news=settings(userOcid="mine", region="eu-frankfurt-1"))
        )
        assert dict(answer.inputs) == {"userOcid": "mine", "region": "eu-frankfurt-1"}


def test_the_engine_only_uses_features_of_both_providers(binary: Path) -> None:
    with connected(f"oci={binary}", Standin(), "oci") as connect:
        stub = connect()
        hand = stub.Handshake(provider_pb2.ProviderHandshakeRequest())
        configured = stub.Configure(provider_pb2.ConfigureRequest())
        assert hand.accept_secrets
        assert not hand.accept_outputs, "the stand-in does not accept them"
        assert configured.supportsPreview
        assert not configured.acceptOutputs


def test_each_connection_has_its_own_process(binary: Path) -> None:
    with connected(f"kubernetes={binary}", Standin(), "kubernetes") as connect:
        first = connect().Check(provider_pb2.CheckRequest()).inputs["pid"]
        second = connect().Check(provider_pb2.CheckRequest()).inputs["pid"]
        assert first != second, "each provider resource has its own configuration"
    for pid in (first, second):
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


def test_without_the_setting_the_stand_ins_answer() -> None:
    standin = Standin()
    with with_real_providers({"oci": standin}, "") as providers:
        assert providers == {"oci": standin}


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("aws=/bin/true", "must be <package>=<path>"),
        ("kubernetes", "must be <package>=<path>"),
        ("kubernetes=/no/such/file", "must be an executable file"),
    ],
)
def test_an_invalid_setting_is_refused_with_the_reason(setting: str, says: str) -> None:
    with pytest.raises(RealProviderError, match=says):
        parse_providers(setting)


def test_a_binary_that_is_not_a_provider_is_named(tmp_path: Path) -> None:
    path = tmp_path / "not-a-provider"
    path.write_text("#!/bin/sh\necho hello\n")
    path.chmod(0o755)
    with (
        connected(f"kubernetes={path}", Standin(), "kubernetes") as connect,
        pytest.raises(grpc.RpcError, match="printed 'hello' instead of a port"),
    ):
        connect().Read(provider_pb2.ReadRequest())
