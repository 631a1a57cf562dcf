"""The sandbox's provider for Oracle Cloud Infrastructure, with the interface that the engine calls."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from hashlib import sha256
from importlib.metadata import version
from typing import Any, TypeVar

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, plugin_pb2
from pulumi.runtime.proto import provider_pb2 as messages
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer

from facts.ocids import parse_ocid
from facts.problem import nearest
from facts.regions import REGIONS
from sandbox.oci.account import Account
from sandbox.oci.computed import preview_outputs
from sandbox.oci.default_tags import FIELD as TAGS
from sandbox.oci.default_tags import MOST_IGNORED, ignored_tags, seen_by_provider, with_ignored
from sandbox.oci.diff import Change, by_code, changes, deletes_first
from sandbox.oci.diff_response import diff_response, plain_diff
from sandbox.oci.engine_values import decode, encode, opened
from sandbox.oci.errors import OciError
from sandbox.oci.foresight import Foresight
from sandbox.oci.ids import derived_ocid, key_of
from sandbox.oci.import_ids import imported_id
from sandbox.oci.lookups import Login
from sandbox.oci.operations import Operations, fields_of
from sandbox.oci.rules import Call, warnings_of
from sandbox.oci.schema import Failure, Fields, check
from sandbox.store import Store

DEFAULT_REGION = "us-ashburn-1"
"""The region if neither oci:region in the stack nor OCI_REGION is set. The real provider reads ~/.oci/config then."""

_Answer = TypeVar("_Answer")
_Context = grpc.ServicerContext | None


def _answering(method: Callable[..., _Answer]) -> Callable[..., _Answer]:
    """Turn a refusal into the gRPC error of the call. Without a context (in process) it stays an OciError."""

    @wraps(method)
    def answer(self: "OciProvider", request: Any, context: _Context = None) -> _Answer:
        try:
            return method(self, request, context)
        except OciError as error:
            if context is None:
                raise
            return context.abort(grpc.StatusCode.UNKNOWN, str(error))

    return answer


class OciProvider(ResourceProviderServicer):
    """All instances of the provider in one engine run. Each explicit provider has its own connection.

    The methods can be called without gRPC, with None as the context.
    """

    def __init__(self, store: Store) -> None:
        self.operations = Operations(store)
        self._foresight = Foresight()
        self._accounts: dict[str, Account] = {}
        self._account = account_of({})
        self._engine: engine_pb2_grpc.EngineStub | None = None

    # ---- the connection

    def Handshake(self, request: messages.ProviderHandshakeRequest, context: _Context) -> Any:
        self._attach(request.engine_address)
        return messages.ProviderHandshakeResponse(accept_secrets=True)

    def Attach(self, request: plugin_pb2.PluginAttach, context: _Context) -> empty_pb2.Empty:
        self._attach(request.address)
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: _Context) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=version("pulumi-oci"))

    def GetSchema(self, request: messages.GetSchemaRequest, context: _Context) -> Any:
        return messages.GetSchemaResponse(schema=f'{{"name":"oci","version":"{version("pulumi-oci")}"}}')

    def Cancel(self, request: empty_pb2.Empty, context: _Context) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    # ---- configuration

    def CheckConfig(self, request: messages.CheckRequest, context: _Context) -> Any:
        region = opened(decode(request.news).get("region"))
        response = messages.CheckResponse(inputs=request.news)
        if isinstance(region, str) and region not in REGIONS:
            close = nearest(region, REGIONS)
            hint = f' Did you mean "{close}"?' if close else ""
            response.failures.add(property="region", reason=f"{region!r} is not a region of OCI.{hint}")
        if len(ignored_tags(opened(decode(request.news)))) > MOST_IGNORED:
            reason = f"Too many list items: attribute supports {MOST_IGNORED} item maximum"
            response.failures.add(property="ignoreDefinedTags", reason=reason)
        return response

    def DiffConfig(self, request: messages.DiffRequest, context: _Context) -> messages.DiffResponse:
        old, new = decode(request.old_inputs or request.olds), decode(request.news)
        differing = sorted(name for name in {**old, **new} if old.get(name) != new.get(name))
        return plain_diff(differing)

    def Configure(self, request: messages.ConfigureRequest, context: _Context) -> Any:
        account = account_of(opened(decode(request.args)))
        self._accounts[_peer(context)] = self._account = account
        return messages.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    # ---- resources

    @_answering
    def Check(self, request: messages.CheckRequest, context: _Context) -> messages.CheckResponse:
        _, fields = _typed(request.urn)
        old, new = decode(request.olds), decode(request.news)
        if old:
            self.operations.recorded(request.urn, old, fields)
        named = _named(fields, request, old, new)
        checked, failures = check(fields, named)
        response = messages.CheckResponse()
        response.inputs.CopyFrom(request.news if checked == new else encode(checked))
        response.failures.extend(_failure(each) for each in failures)
        return response

    @_answering
    def Diff(self, request: messages.DiffRequest, context: _Context) -> messages.DiffResponse:
        token, fields = _typed(request.urn)
        self.operations.acknowledge(self._of(context), token, request.id)
        old = decode(request.old_inputs) if request.HasField("old_inputs") else decode(request.olds)
        new = decode(request.news)
        account, state = self._of(context), opened(decode(request.olds))
        seen = seen_by_provider(old, state, new)
        found = by_code(token, changes(fields, seen, with_ignored(account.ignored_tags, seen.get(TAGS), new)))
        self._say_unknown(request.urn, found)
        return diff_response(found, delete_first=deletes_first(fields, old, new))

    @_answering
    def Create(self, request: messages.CreateRequest, context: _Context) -> messages.CreateResponse:
        token, fields = _typed(request.urn)
        inputs = decode(request.properties)
        call = Call(
            self.operations.cloud, token, "create", self._of(context).region, inputs, None, request.urn
        )
        if request.preview:
            self._say_foreseen(call)
            return messages.CreateResponse(properties=encode(preview_outputs(fields, inputs)))
        self._foresight.happened(urn=request.urn)
        shown = self.operations.create(self._of(context), token, request.urn, inputs)
        self._say_warnings(call)
        return messages.CreateResponse(id=shown.id, properties=encode(shown.outputs))

    @_answering
    def Read(self, request: messages.ReadRequest, context: _Context) -> messages.ReadResponse:
        token, _ = _typed(request.urn)
        state, inputs = decode(request.properties), decode(request.inputs)
        own = request.id if state else imported_id(token, request.id, self.operations.cloud.all)
        shown = self.operations.read(self._of(context), token, own, state, inputs)
        if shown is None:
            return messages.ReadResponse()
        return messages.ReadResponse(
            id=shown.id, properties=encode(shown.outputs), inputs=encode(shown.inputs)
        )

    @_answering
    def Update(self, request: messages.UpdateRequest, context: _Context) -> messages.UpdateResponse:
        token, _ = _typed(request.urn)
        inputs, account, cloud = decode(request.news), self._of(context), self.operations.cloud
        entry = cloud.find(key_of(request.id, account.region))
        call = Call(cloud, token, "update", account.region, inputs, entry, request.urn)
        if request.preview:
            if entry is not None:
                self._say_foreseen(call)
            return messages.UpdateResponse(properties=encode({**decode(request.olds), **inputs}))
        self._foresight.happened(key_of(request.id, account.region))
        shown = self.operations.update(account, token, request.urn, request.id, inputs)
        self._say_warnings(call)
        return messages.UpdateResponse(properties=encode(shown.outputs))

    @_answering
    def Delete(self, request: messages.DeleteRequest, context: _Context) -> empty_pb2.Empty:
        token, _ = _typed(request.urn)
        self.operations.delete(self._of(context), token, request.urn, request.id)
        return empty_pb2.Empty()

    @_answering
    def Invoke(self, request: messages.InvokeRequest, context: _Context) -> messages.InvokeResponse:
        answer = self.operations.invoke(self._of(context), request.tok, decode(request.args))
        if isinstance(answer, Mapping):
            response = messages.InvokeResponse()
            getattr(response, "return").CopyFrom(encode(answer))
            return response
        return messages.InvokeResponse(failures=[_failure(each) for each in answer])

    # ---- helpers

    def _of(self, context: _Context) -> Account:
        return self._accounts.get(_peer(context), self._account)

    def _attach(self, address: str) -> None:
        if address:
            self._engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))

    def _say_unknown(self, urn: str, found: list[Change]) -> None:
        unsure = [each.path for each in found if each.replaces is None]
        if unsure:
            text = (
                f"unknown whether a change of {', '.join(unsure)} updates or replaces: shown as an update. "
                "The real provider may replace."
            )
            self._warn(urn, text)

    def _say_foreseen(self, call: Call) -> None:
        refused = self._foresight.foresee(call)
        if refused:
            self._warn(call.urn, refused)
        self._say_warnings(call)

    def _say_warnings(self, call: Call) -> None:
        for text in warnings_of(replace(call, inputs=opened(call.inputs))):
            self._warn(call.urn, text)

    def _warn(self, urn: str, text: str) -> None:
        if self._engine is None:
            return
        try:
            self._engine.Log(engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=text, urn=urn))
        except grpc.RpcError:
            self._engine = None


def account_of(config: Mapping[str, Any]) -> Account:
    """The account of a provider with this configuration."""
    region = config.get("region")
    named = region if isinstance(region, str) and region in REGIONS else os.environ.get("OCI_REGION", "")
    tenancy = config.get("tenancyOcid")
    known = isinstance(tenancy, str) and parse_ocid(tenancy) is not None
    region = named if named in REGIONS else DEFAULT_REGION
    tenancy = str(tenancy) if known else derived_ocid("tenancy", region, "sandbox")
    login = Login(str(config.get("auth") or "ApiKey"), str(config.get("configFileProfile") or ""))
    return Account(region, tenancy, _retries(config), login=login, ignored_tags=ignored_tags(config))


def _retries(config: Mapping[str, Any]) -> float | None:
    if str(config.get("disableAutoRetries", "")).lower() == "true":
        return 0
    seconds = str(config.get("retryDurationSeconds", ""))
    return float(seconds) if seconds.isdecimal() else None


def _peer(context: _Context) -> str:
    return context.peer() if context is not None else ""


def _typed(urn: str) -> tuple[str, Fields]:
    token = urn.split("::")[2].rsplit("$", 1)[-1]
    return token, fields_of(token)


def _failure(failure: Failure) -> messages.CheckFailure:
    return messages.CheckFailure(property=failure.path, reason=failure.reason)


def _named(
    fields: Fields, request: messages.CheckRequest, old: dict[str, Any], new: dict[str, Any]
) -> dict[str, Any]:
    """The inputs, with a generated name if the provider generates one: the resource's name and seven letters."""
    field = fields.get("name")
    if field is None or not field.autonamed or new.get("name") is not None:
        return new
    kept = opened(old.get("name")) if "name" in (old.get("__defaults") or ()) else None
    logical = request.urn.rsplit("::", 1)[-1]
    seed = request.randomSeed or secrets.token_bytes(8)
    return {**new, "name": kept or f"{logical}-{sha256(seed).hexdigest()[:7]}", "__defaults": ["name"]}
