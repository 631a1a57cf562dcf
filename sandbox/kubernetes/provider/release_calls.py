"""The provider's calls for a Helm release."""

from dataclasses import dataclass, replace

from google.protobuf import empty_pb2
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2

from sandbox.kubernetes.api import openapi
from sandbox.kubernetes.api.admission import namespace_of
from sandbox.kubernetes.api.diff import covers
from sandbox.kubernetes.api.errors import ApiError, not_found
from sandbox.kubernetes.api.faults import ServerFaults
from sandbox.kubernetes.api.objects import Live, stamped
from sandbox.kubernetes.api.server import Server, Servers
from sandbox.kubernetes.api.values import (
    UNKNOWN,
    Json,
    Secret,
    at,
    decode,
    holds_unknown,
    keep_secrets,
    plain,
)
from sandbox.kubernetes.provider import helm
from sandbox.kubernetes.provider.call import Call, diff_response, read_unreachable
from sandbox.kubernetes.provider.host import fail
from sandbox.kubernetes.scheduling.claim_keys import release_refusal

_INPUTS = "__inputs"
_IN_USE = "cannot re-use a name that is still in use"


@dataclass
class ReleaseCalls:
    """The provider's responses for kubernetes:helm.sh/v3:Release."""

    servers: Servers

    def _meet(self, call: Call, urn: str, operation: str, doing: str = "") -> None:
        """Apply the injected faults to Helm's call of the API server."""
        try:
            ServerFaults(self.servers.objects.store).meet(urn, operation)
        except ApiError as error:
            fail(call.context, f"{doing}{error}")

    def check(self, call: Call, request: provider_pb2.CheckRequest) -> provider_pb2.CheckResponse:
        """Fill in name and namespace, and check chart, version, repository and values."""
        news = decode(request.news)
        olds = plain(decode(request.olds))
        namespace = call.instance.namespace
        filled = helm.with_defaults(plain(news), olds, request.urn, request.randomSeed, namespace)
        filled.pop("resourceNames", None)
        failures = [
            provider_pb2.CheckFailure(property=each.path, reason=f"{each.path}: {openapi.reason(each)}")
            for each in helm.release_problems(filled)
        ]
        keep_secrets(filled, news)
        inputs = call.encode(filled)
        return provider_pb2.CheckResponse(inputs=inputs, failures=failures)

    def diff(self, call: Call, request: provider_pb2.DiffRequest) -> provider_pb2.DiffResponse:
        """Compare inputs with inputs; a new name or namespace replaces the release."""
        old, new = plain(_old_inputs(decode(request.olds))), plain(decode(request.news))
        if call.server is not None:
            self._acknowledge(call.server, old, request.urn)
        found = [
            each
            for each in helm.release_differences(old, new)
            if not any(covers(ignored, each.path) for ignored in request.ignoreChanges)
        ]
        return diff_response(found, in_place=False)

    def _acknowledge(self, server: Server, inputs: Json, urn: str) -> None:
        live = server.get(helm.key_of(inputs)) if inputs.get("name") else None
        if live is not None and live.urn == urn:
            server.acknowledge(live)

    def create(self, call: Call, request: provider_pb2.CreateRequest) -> provider_pb2.CreateResponse:
        """Install the release, and its namespace if `createNamespace` is set."""
        news = decode(request.properties)
        inputs = plain(news)
        if request.preview:
            state = _state(call, {**inputs, "resourceNames": UNKNOWN, "status": UNKNOWN}, news)
            return provider_pb2.CreateResponse(properties=state)
        if call.server is None:
            fail(call.context, f"can't create Helm Release with unreachable cluster: {call.why}")
        server, key = call.server, helm.key_of(inputs)
        self._meet(call, request.urn, "create", "create: failed to create: ")
        self._refuse_volumes(call, server, inputs)
        with self.servers.objects.transaction():
            existing = server.get(key)
            if existing is not None and (existing.acknowledged or existing.urn != request.urn):
                fail(call.context, _IN_USE)
            self._ensure_namespace(call, server, inputs)
            body = stamped(helm.record(inputs, 1))
            live = Live(server.cluster_id, key, 0, request.urn, acknowledged=False, body=body)
            self.servers.objects.save(live)
        self._record(server, "create", inputs)
        state = _state(call, helm.outputs(inputs, 1), news)
        return provider_pb2.CreateResponse(id=_id(inputs), properties=state)

    def _refuse_volumes(self, call: Call, server: Server, inputs: Json) -> None:
        why = release_refusal(self.servers.objects, self.servers.cloud, server.cluster_id, inputs)
        if why:
            timeout = inputs.get("timeout")
            fail(
                call.context,
                f"create: failed to create: timed out after {timeout} s waiting for a volume: {why}",
            )

    def _ensure_namespace(self, call: Call, server: Server, inputs: Json) -> None:
        name = str(inputs["namespace"])
        if namespace_of(self.servers.objects, server.cluster_id, name) is not None:
            return
        if not inputs.get("createNamespace"):
            fail(call.context, f"create: failed to create: {not_found('namespaces', name)}")
        made = server.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}, "")
        server.acknowledge(made)

    def update(self, call: Call, request: provider_pb2.UpdateRequest) -> provider_pb2.UpdateResponse:
        """Upgrade the release to the next revision."""
        news = decode(request.news)
        inputs = plain(news)
        if request.preview:
            marks = {"resourceNames": UNKNOWN, "status": UNKNOWN}
            return provider_pb2.UpdateResponse(properties=_state(call, {**inputs, **marks}, news))
        if call.server is None:
            fail(call.context, f"can't update Helm Release with unreachable cluster: {call.why}")
        self._meet(call, request.urn, "update", "update: failed to update: ")
        live = call.server.get(helm.key_of(inputs))
        if live is None:
            fail(call.context, f'"{inputs["name"]}" has no deployed releases')
        self._refuse_volumes(call, call.server, inputs)
        revision = int(at(live.body, "spec", "revision") or 1) + 1
        body = {**live.body, "spec": helm.record(inputs, revision)["spec"]}
        self.servers.objects.save(replace(live, body=body, acknowledged=True))
        self._record(call.server, "update", inputs)
        return provider_pb2.UpdateResponse(properties=_state(call, helm.outputs(inputs, revision), news))

    def read(self, call: Call, request: provider_pb2.ReadRequest) -> provider_pb2.ReadResponse:
        """The deployed release; empty if it no longer exists."""
        if call.server is None:
            return read_unreachable(call, request)
        self._meet(call, request.urn, "read")
        namespace, _, name = request.id.rpartition("/")
        live = call.server.get(helm.key_of({"namespace": namespace or "default", "name": name}))
        if live is None:
            return provider_pb2.ReadResponse()
        call.server.acknowledge(live)
        olds = decode(request.properties)
        marked = _old_inputs(olds) if olds else _imported(live)
        inputs = {**plain(marked), "version": at(live.body, "spec", "version")}
        revision = int(at(live.body, "spec", "revision") or 1)
        state = _state(call, helm.outputs(inputs, revision), marked)
        kept = dict(inputs)
        keep_secrets(kept, marked)
        message = call.encode(kept)
        return provider_pb2.ReadResponse(id=request.id, properties=state, inputs=message)

    def delete(self, call: Call, request: provider_pb2.DeleteRequest) -> empty_pb2.Empty:
        """Uninstall the release."""
        if call.server is None:
            if call.instance.flag("deleteUnreachable"):
                return empty_pb2.Empty()
            fail(call.context, f'can\'t delete Helm Release with unreachable cluster. Reason: "{call.why}"')
        inputs = plain(_old_inputs(decode(request.properties)))
        self._meet(call, request.urn, "delete", "uninstall: ")
        call.server.delete(helm.key_of(inputs))
        self._record(call.server, "delete", inputs)
        return empty_pb2.Empty()

    def _record(self, server: Server, verb: str, inputs: Json) -> None:
        subject = f"releases.helm.sh {_id(inputs)}"
        detail = {"chart": str(inputs.get("chart")), "version": str(inputs.get("version"))}
        self.servers.objects.store.record("kubernetes", verb, subject, cluster=server.cluster_id, **detail)


def _id(inputs: Json) -> str:
    return f"{inputs['namespace']}/{inputs['name']}"


def _old_inputs(state: Json) -> Json:
    kept = state.get(_INPUTS)
    return kept.value if isinstance(kept, Secret) else kept or {}


def _imported(live: Live) -> Json:
    spec = live.body.get("spec") or {}
    repository = {"repositoryOpts": {"repo": spec["repo"]}} if spec.get("repo") else {}
    chosen = {"chart": spec.get("chart"), "version": spec.get("version"), **repository}
    return {"name": live.name, "namespace": live.namespace, **chosen}


def _state(call: Call, outputs: Json, marked: Json) -> Struct:
    state = dict(outputs)
    keep_secrets(state, marked)
    inputs: Json = dict(marked)
    state[_INPUTS] = inputs if holds_unknown(inputs) else Secret(plain(inputs))
    return call.encode(state)
