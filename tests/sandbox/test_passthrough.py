"""Calls that go to a real provider's binary, here a small one for the tests. `test_real_oci.py` has OCI's own."""

import os
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import (
    ResourceProviderStub,
    add_ResourceProviderServicer_to_server,
)

from sandbox.passthrough import Forwarder, parse_providers
from sandbox.variables import RealProviderError

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


@pytest.fixture
def binary(tmp_path: Path) -> Path:
    path = tmp_path / "pulumi-resource-fake"
    path.write_text(FAKE.format(python=sys.executable))
    path.chmod(0o755)
    return path


@contextmanager
def connected(binary: Path) -> Iterator[Any]:
    forwarder = Forwarder(binary)
    server = grpc.server(ThreadPoolExecutor(4))
    add_ResourceProviderServicer_to_server(forwarder, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield lambda: ResourceProviderStub(
            grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)])
        )
    finally:
        server.stop(None)
        forwarder.close()


def test_every_call_of_kubernetes_goes_to_the_real_provider(binary: Path) -> None:
    with connected(binary) as connect:
        stub = connect()
        stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address="127.0.0.1:1"))
        assert stub.Read(provider_pb2.ReadRequest()).id == "real"
        made = stub.Create(provider_pb2.CreateRequest())
        assert made.properties["by"] == "real"
        assert made.properties["engine"] == "127.0.0.1:1", "the provider gets the engine's address"


def test_an_error_of_the_real_provider_arrives_with_its_details(binary: Path) -> None:
    with connected(binary) as connect:
        with pytest.raises(grpc.RpcError) as refused:
            connect().Diff(provider_pb2.DiffRequest())
        assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert refused.value.details() == "refused by the real provider"
        assert ("detail-bin", b"why") in tuple(refused.value.trailing_metadata())


def test_each_connection_has_its_own_process(binary: Path) -> None:
    with connected(binary) as connect:
        first = connect().Check(provider_pb2.CheckRequest()).inputs["pid"]
        second = connect().Check(provider_pb2.CheckRequest()).inputs["pid"]
        assert first != second, "each provider resource has its own configuration"
    for pid in (first, second):
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


def test_the_setting_names_binaries_and_oci_real_is_the_installed_plugin(binary: Path) -> None:
    assert parse_providers("", lambda: None) == {}
    assert parse_providers("oci=real", lambda: binary) == {"oci": binary}
    assert parse_providers("oci=real", lambda: None) == {}, "without a plugin the stand-in serves"
    assert parse_providers(f"oci={binary}, kubernetes={binary}", lambda: None) == {
        "oci": binary,
        "kubernetes": binary,
    }


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("aws=/bin/true", "'aws=/bin/true'; must be oci=real, oci=<path> or kubernetes=<path>"),
        ("kubernetes", "must be oci=real, oci=<path> or kubernetes=<path>"),
        ("oci=reel", "oci=reel; must be an executable file, or oci=real for the installed plugin"),
        ("kubernetes=real", "must be an executable file"),
        ("kubernetes=/no/such/file", "must be an executable file"),
        ("oci=real,oci=/bin/true", "oci is named twice"),
    ],
)
def test_an_invalid_setting_is_refused_with_the_reason(setting: str, says: str) -> None:
    with pytest.raises(RealProviderError, match=re.escape(says)):
        parse_providers(setting, lambda: None)


def test_a_binary_that_is_not_a_provider_is_named(tmp_path: Path) -> None:
    path = tmp_path / "not-a-provider"
    path.write_text("#!/bin/sh\necho hello\n")
    path.chmod(0o755)
    with (
        connected(path) as connect,
        pytest.raises(grpc.RpcError, match="printed 'hello' instead of a port"),
    ):
        connect().Read(provider_pb2.ReadRequest())
