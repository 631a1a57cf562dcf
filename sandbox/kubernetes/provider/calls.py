"""The provider's calls for one object: create, read, update, delete."""

import threading

from google.protobuf import empty_pb2
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2

from sandbox.kubernetes.api.diff import prune
from sandbox.kubernetes.api.errors import ALREADY_EXISTS_HELP, ApiError, NotLive
from sandbox.kubernetes.api.faults import ServerFaults
from sandbox.kubernetes.api.kinds import Kind, kind_of_token, urn_type
from sandbox.kubernetes.api.objects import Key, Live
from sandbox.kubernetes.api.served import known_custom
from sandbox.kubernetes.api.server import Server, Servers
from sandbox.kubernetes.api.values import Json, at, decode, holds_unknown, keep_secrets, plain, sdk_names
from sandbox.kubernetes.provider import checkpoint
from sandbox.kubernetes.provider.call import DELETE_HELP, UNREACHABLE, Call, read_unreachable
from sandbox.kubernetes.provider.host import fail, fail_partially
from sandbox.kubernetes.provider.naming import unique_suffix
from sandbox.kubernetes.provider.plans import ObjectPlans, is_patch
from sandbox.kubernetes.provider.settling import Settler
from sandbox.kubernetes.provider.waiting import Patience

_PREVIEW_PASSES = frozenset({"AlreadyExists", "Forbidden", "NoMatch", "NotFound"})
"""Refusals that a preview ignores: the same change may create a missing object or delete a conflicting one."""


class ObjectCalls(ObjectPlans):
    """The provider's responses for API objects."""

    def __init__(self, servers: Servers, patience: Patience, cancelled: threading.Event) -> None:
        super().__init__()
        self.servers = servers
        self._settler = Settler(servers, patience, cancelled)
        self._faults = ServerFaults(servers.objects.store)

    # ---- create

    def create(self, call: Call, request: provider_pb2.CreateRequest) -> provider_pb2.CreateResponse:
        """Create the object and wait until it is ready. In a preview, do a dry run on the server."""
        if request.preview:
            return provider_pb2.CreateResponse(properties=self._preview(call, request))
        if call.server is None:
            fail(call.context, f"{UNREACHABLE}: {call.why}")
        server, news = call.server, decode(request.properties)
        inputs = plain(news)
        kind, manager = checkpoint.kind_of_body(inputs), _manager(request.urn)
        try:
            self._faults.meet(request.urn, "create")
            live = self._make(call, server, request.urn, inputs, kind)
        except ApiError as error:
            self._record(server, "refuse", kind, inputs, error)
            fail(call.context, _creation_failure(request.urn, kind, error))
        self._record(server, "create", kind, inputs)
        try:
            live = self._settler.settle(server, live, request.timeout)
        except NotLive as error:
            fail_partially(
                call.context,
                f'resource "{request.urn}" was successfully created, but the Kubernetes API server reported that it '
                f"failed to fully initialize or become live: {error}",
                id=live.id,
                properties=call.encode(checkpoint.checkpoint(inputs, error.live, news, manager)),
                reasons=error.reasons,
            )
        state = checkpoint.checkpoint(inputs, live.body, news, manager)
        return provider_pb2.CreateResponse(id=live.id, properties=call.encode(state))

    def _preview(self, call: Call, request: provider_pb2.CreateRequest) -> Struct:
        news = decode(request.properties)
        inputs = plain(news)
        kind, server = checkpoint.kind_of_body(inputs), call.server
        if server is None or holds_unknown(inputs) or is_patch(request.urn, kind):
            return request.properties
        try:
            live = self._make(call, server, request.urn, inputs, kind, dry=True)
        except ApiError as error:
            if error.reason in _PREVIEW_PASSES:
                return request.properties
            fail(call.context, _creation_failure(request.urn, kind, error))
        shown = checkpoint.previewed(live.body)
        return call.encode(checkpoint.checkpoint(inputs, shown, news, _manager(request.urn)))

    def _make(
        self, call: Call, server: Server, urn: str, inputs: Json, kind: Kind, *, dry: bool = False
    ) -> Live:
        existing = server.get(server.key(inputs))
        upsert = call.instance.flag("upsertExistingObjects") or is_patch(urn, kind)
        if existing is not None and upsert:
            return server.update(existing.key, {}, inputs, dry=dry)
        return server.create(inputs, urn, dry=dry)

    # ---- update

    def update(self, call: Call, request: provider_pb2.UpdateRequest) -> provider_pb2.UpdateResponse:
        """Change the object in place and wait until it is ready again."""
        news, olds = decode(request.news), decode(request.olds)
        inputs = checkpoint.normalized(plain(news))
        kind, server = checkpoint.kind_of_body(inputs), call.server
        if request.preview and (server is None or holds_unknown(inputs) or server.serves(kind) is None):
            return provider_pb2.UpdateResponse(properties=request.news)
        if server is None:
            fail(call.context, f"{UNREACHABLE}: {call.why}")
        manager = str(plain(olds).get(checkpoint.MANAGER) or "pulumi-kubernetes")
        try:
            if not request.preview:
                self._faults.meet(request.urn, "update")
            live = self._change(server, inputs, olds, dry=request.preview)
        except ApiError as error:
            if request.preview and error.reason == "Forbidden":
                return provider_pb2.UpdateResponse(properties=request.news)
            self._record(server, "refuse", kind, inputs, error)
            fail(call.context, f'update of resource "{request.urn}" failed: {error}')
        if request.preview:
            shown = checkpoint.checkpoint(inputs, checkpoint.previewed(live.body), news, manager)
            return provider_pb2.UpdateResponse(properties=call.encode(shown))
        self._record(server, "update", kind, inputs)
        try:
            live = self._settler.settle(server, live, request.timeout)
        except NotLive as error:
            fail_partially(
                call.context,
                f'the Kubernetes API server reported that "{live.id}" failed to fully initialize or become live: '
                f"{error}",
                id=live.id,
                properties=call.encode(checkpoint.checkpoint(inputs, error.live, news, manager)),
                reasons=error.reasons,
            )
        return provider_pb2.UpdateResponse(
            properties=call.encode(checkpoint.checkpoint(inputs, live.body, news, manager))
        )

    @staticmethod
    def _change(server: Server, inputs: Json, olds: Json, *, dry: bool) -> Live:
        old_inputs, old_live = checkpoint.parse(olds)
        return server.update(server.key(old_live), checkpoint.normalized(old_inputs), inputs, dry=dry)

    # ---- read

    def read(self, call: Call, request: provider_pb2.ReadRequest) -> provider_pb2.ReadResponse:
        """The live object, and the inputs for the fields that the program had set; empty if it no longer exists."""
        if call.server is None:
            return read_unreachable(call, request)
        server = call.server
        try:
            self._faults.meet(request.urn, "read")
        except ApiError as error:
            fail(call.context, str(error))
        olds, old_marked = decode(request.properties), decode(request.inputs)
        _, old_live = checkpoint.parse(olds)
        live = server.get(_key_of(server, request.urn, request.id, old_live))
        if live is None:
            return provider_pb2.ReadResponse()
        server.acknowledge(live)
        imported = not old_marked and not olds
        reasons: tuple[str, ...] = ()
        live = server.observe(live)
        if not imported:
            reasons = self._settler.reasons(server, live)
        old_inputs = checkpoint.normalized(plain(old_marked))
        inputs = checkpoint.as_inputs(live.body) if imported else prune(live.body, old_inputs)
        manager = str(plain(olds).get(checkpoint.MANAGER) or "pulumi-kubernetes")
        state = call.encode(checkpoint.checkpoint(inputs, live.body, old_marked, manager))
        kept = sdk_names(inputs)
        keep_secrets(kept, old_marked)
        inputs_message = call.encode(kept)
        if reasons:
            fail_partially(
                call.context,
                f"Resource '{live.name}' was created but failed to initialize",
                id=request.id,
                properties=state,
                reasons=reasons,
                inputs=inputs_message,
            )
        return provider_pb2.ReadResponse(id=request.id, properties=state, inputs=inputs_message)

    # ---- delete

    def delete(self, call: Call, request: provider_pb2.DeleteRequest) -> empty_pb2.Empty:
        """Delete the object. An object that no longer exists is not an error."""
        server = call.server
        if server is None:
            call.log.warn(request.urn, f"{UNREACHABLE}: {call.why}")
            if call.instance.flag("deleteUnreachable"):
                return empty_pb2.Empty()
            fail(call.context, UNREACHABLE + DELETE_HELP)
        old_inputs, live = checkpoint.parse(decode(request.properties))
        key = _key_of(server, request.urn, request.id, live)
        kind = checkpoint.kind_of_body(live or old_inputs)
        try:
            self._faults.meet(request.urn, "delete")
            if is_patch(request.urn, kind):
                self._unpatch(server, key, old_inputs)
            else:
                server.delete(key)
        except ApiError as error:
            self._record(server, "refuse", kind, live, error)
            fail(call.context, str(error))
        self._record(server, "delete", kind, live)
        return empty_pb2.Empty()

    @staticmethod
    def _unpatch(server: Server, key: Key, old_inputs: Json) -> None:
        if server.get(key) is None:
            return
        bare = {"apiVersion": old_inputs["apiVersion"], "kind": old_inputs["kind"]}
        server.update(key, old_inputs, {**bare, "metadata": {"name": key[3]}})

    def _record(
        self, server: Server, verb: str, kind: Kind, body: Json, error: ApiError | None = None
    ) -> None:
        namespace, name = at(body, "metadata", "namespace"), at(body, "metadata", "name")
        subject = f"{kind.resource} {namespace}/{name}" if namespace else f"{kind.resource} {name}"
        detail = {"code": error.code, "reason": error.reason, "message": str(error)} if error else {}
        self.servers.objects.store.record("kubernetes", verb, subject, cluster=server.cluster_id, **detail)


def _manager(urn: str) -> str:
    return "pulumi-kubernetes-" + unique_suffix(urn.encode())


def _creation_failure(urn: str, kind: Kind, error: ApiError) -> str:
    if error.reason == "NoMatch":
        return (
            f'creation of resource "{urn}" with kind {kind.api_version}/{kind.kind} failed because the Kubernetes '
            "API server reported that the apiVersion for this resource does not exist. Verify that any required "
            f"CRDs have been created: {error}"
        )
    help_text = ALREADY_EXISTS_HELP if error.reason == "AlreadyExists" else ""
    return f'resource "{urn}" was not successfully created by the Kubernetes API server: {error}{help_text}'


def _key_of(server: Server, urn: str, object_id: str, live: Json) -> Key:
    namespace, _, name = object_id.rpartition("/")
    if live.get("kind") and live.get("apiVersion"):
        kind = checkpoint.kind_of_body(live)
    else:
        kind = kind_of_token(urn_type(urn)) or Kind("", "", "")
    served = server.serves(kind) or known_custom(server.version, kind)
    namespaced = served.namespaced if served else bool(namespace)
    return kind.group, kind.kind, (namespace or "default") if namespaced else "", name
