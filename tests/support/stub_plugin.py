"""A stub of the plugin `pulumi-resource-oci`: not the provider, but a program in its place that records what it gets.

It knows one type, the VCN, and one function, the availability domains. As the provider does, it reads its variables
with the prefix TF_VAR_ first, calls a client's override, and sends all other requests to Oracle's host names through
HTTPS_PROXY. It waits for a state by polling. `write_stub` makes it an executable file.
"""

import json
import os
import ssl
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import ResourceProviderServicer, plugin_pb2, provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

ROOT = Path(__file__).parent.parent.parent
VCNS = "/20160918/vcns"
FIELDS = ("cidrBlocks", "compartmentId", "displayName")


def write_stub(path: Path, log: Path) -> Path:
    """Write the executable. It appends a line of JSON to `log` for each call."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        f"from tests.support.stub_plugin import main\nmain({str(log)!r})\n"
    )
    path.chmod(0o755)
    return path


def calls(log: Path) -> list[dict[str, Any]]:
    """What the stub recorded: process, call, and what came with it."""
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def variable(name: str) -> str:
    """A variable as the provider reads it."""
    return os.environ.get(f"TF_VAR_{name}") or os.environ.get(name, "")


def send(method: str, url: str, body: Any = None) -> Any:
    """The JSON answer to a request; None for 404."""
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, content, {"content-type": "application/json"}, method=method)  # noqa: S310 - addresses of the test
    context = ssl.create_default_context(cafile=variable("custom_cert_location"))
    try:
        with urllib.request.urlopen(request, context=context) as response:  # noqa: S310 - as above
            text = response.read()
            return json.loads(text) if text else {}
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


def vcn(method: str, id: str = "", body: Any = None) -> Any:  # noqa: A002
    """A call of the client for networks, at its override."""
    overrides = dict(pair.split("=") for pair in variable("CLIENT_HOST_OVERRIDES").split(";"))
    path = f"{VCNS}/{id}" if id else VCNS
    return send(method, f"{overrides['oci_core.VirtualNetworkClient']}{path}", body)


def waited(id: str, *pending: str) -> Any:  # noqa: A002
    """The VCN when its state is no longer one of these; None when it is gone."""
    for _ in range(20):
        found = vcn("GET", id)
        if found is None or found["lifecycleState"] not in pending:
            return found
    raise TimeoutError(id)


def struct(values: dict[str, Any]) -> Struct:
    made = Struct()
    made.update(values)
    return made


class Stub(ResourceProviderServicer):
    def __init__(self, log: Path) -> None:
        self.log = log
        self.settings: dict[str, str] = {}

    def note(self, name: str, **detail: Any) -> None:
        with self.log.open("a") as file:
            file.write(json.dumps({"pid": os.getpid(), "call": name, **detail}) + "\n")

    def Handshake(self, request: Any, context: Any) -> Any:
        self.note("Handshake", engine=request.engine_address, environment=dict(os.environ))
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=False)

    def Attach(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version="1.0.0")

    def CheckConfig(self, request: Any, context: Any) -> Any:
        self.note("CheckConfig", news=MessageToDict(request.news))
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, context: Any) -> Any:
        self.settings = dict(request.variables)
        self.note("Configure", settings=self.settings, environment=dict(os.environ))
        return provider_pb2.ConfigureResponse(acceptSecrets=False, supportsPreview=True)

    def Check(self, request: Any, context: Any) -> Any:
        self.note("Check", urn=request.urn)
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, context: Any) -> Any:
        old, new = MessageToDict(request.old_inputs), MessageToDict(request.news)
        kinds = provider_pb2.DiffResponse
        changed = [name for name in FIELDS if old.get(name) != new.get(name)]
        return kinds(changes=kinds.DIFF_SOME if changed else kinds.DIFF_NONE, diffs=changed)

    def Create(self, request: Any, context: Any) -> Any:
        inputs = MessageToDict(request.properties)
        self.note("Create", inputs=inputs, preview=request.preview)
        if request.preview:
            return provider_pb2.CreateResponse(properties=struct(inputs))
        made = vcn("POST", body={name: inputs[name] for name in FIELDS if name in inputs})
        found = waited(made["id"], "PROVISIONING")
        return provider_pb2.CreateResponse(id=made["id"], properties=struct(found))

    def Read(self, request: Any, context: Any) -> Any:
        found = vcn("GET", request.id)
        self.note("Read", id=request.id, found=found is not None)
        if found is None:
            return provider_pb2.ReadResponse()
        inputs = struct({name: found[name] for name in FIELDS if name in found})
        return provider_pb2.ReadResponse(id=request.id, properties=struct(found), inputs=inputs)

    def Update(self, request: Any, context: Any) -> Any:
        inputs = MessageToDict(request.news)
        self.note("Update", id=request.id, inputs=inputs)
        vcn("PUT", request.id, {"displayName": inputs.get("displayName")})
        return provider_pb2.UpdateResponse(properties=struct(waited(request.id, "UPDATING")))

    def Delete(self, request: Any, context: Any) -> Any:
        self.note("Delete", id=request.id)
        vcn("DELETE", request.id)
        waited(request.id, "TERMINATING")
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:
        region, tenancy = self.settings["oci:config:region"], self.settings["oci:config:tenancyOcid"]
        host = f"https://identity.{region}.oraclecloud.com"
        found = send("GET", f"{host}/20160918/availabilityDomains?compartmentId={tenancy}")
        self.note("Invoke", token=request.tok)
        answer = provider_pb2.InvokeResponse()
        getattr(answer, "return").update({"availabilityDomains": found})
        return answer

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


def main(log: str) -> None:
    server = grpc.server(ThreadPoolExecutor(4))
    add_ResourceProviderServicer_to_server(Stub(Path(log)), server)
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)  # noqa: T201 - the engine reads the port
    server.start()
    time.sleep(600)
