"""The provider's plan for an object before a change: the checked inputs and the differences."""

from dataclasses import dataclass, field

from pulumi.runtime.proto import provider_pb2

from facts.problem import Problem, did_you_mean
from facts.replaced_objects import IDENTITY, replacing_fields
from sandbox.kubernetes.api import openapi
from sandbox.kubernetes.api.diff import covers, differences, prune
from sandbox.kubernetes.api.kinds import CLUSTER_SCOPED, Kind, urn_type
from sandbox.kubernetes.api.served import Served
from sandbox.kubernetes.api.server import Server
from sandbox.kubernetes.api.values import Json, at, decode, holds_unknown, keep_secrets, plain, sdk_names
from sandbox.kubernetes.provider import checkpoint
from sandbox.kubernetes.provider.call import Call, diff_response
from sandbox.kubernetes.provider.host import fail
from sandbox.kubernetes.provider.naming import NamingDisabledError, assign, autonamed, named


@dataclass
class ObjectPlans:
    """Check and Diff for API objects."""

    announced: dict[tuple[str, str], Json] = field(default_factory=dict, init=False)
    """Custom resource definitions that the program is about to create, by group and kind."""

    # ---- check

    def check(self, call: Call, request: provider_pb2.CheckRequest) -> provider_pb2.CheckResponse:
        """Name the object, fill in its namespace, and validate it against the schema of its kind."""
        news = decode(request.news)
        olds = plain(decode(request.olds))
        if call.server is None:
            call.warn_unreachable(request.urn)
            if call.instance.flag("skipUpdateUnreachable"):
                return provider_pb2.CheckResponse(inputs=request.olds)
        body = checkpoint.normalized(plain(news))
        kind = checkpoint.kind_of_body(body)
        self._refuse_forms(call, request, body, kind)
        try:
            assign(body, olds, request)
        except NamingDisabledError as error:
            fail(call.context, str(error))
        self._fill_namespace(call, body, kind)
        failures = self._problems(call.server, body, kind) if call.server else []
        if kind.kind == "CustomResourceDefinition" and not holds_unknown(body):
            self.announced[str(at(body, "spec", "group")), str(at(body, "spec", "names", "kind"))] = body
        checked = sdk_names(body)
        keep_secrets(checked, news)
        return provider_pb2.CheckResponse(
            inputs=call.encode(checked),
            failures=[
                provider_pb2.CheckFailure(property=each.path, reason=f"{each.path}: {openapi.reason(each)}")
                for each in failures
            ],
        )

    def _refuse_forms(self, call: Call, request: provider_pb2.CheckRequest, body: Json, kind: Kind) -> None:
        if kind.native and kind.kind.endswith("List") and isinstance(body.get("items"), list):
            fail(
                call.context,
                "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be created "
                "directly. Use the underlying resource type instead",
            )
        if is_patch(request.urn, kind) and not named(body):
            fail(call.context, "patch resources require the `.metadata.name` field to be set")
        if at(body, "metadata", "generateName") and not named(body):
            fail(
                call.context,
                "the `.metadata.generateName` field is not supported in Server-Side Apply mode",
            )

    def _fill_namespace(self, call: Call, body: Json, kind: Kind) -> None:
        metadata = body.get("metadata")
        namespace = call.instance.namespace
        if not namespace or not isinstance(metadata, dict) or metadata.get("namespace"):
            return
        served = self._served(call.server, kind) if call.server else None
        if served.namespaced if served else kind.kind not in CLUSTER_SCOPED:
            metadata["namespace"] = namespace

    def _served(self, server: Server, kind: Kind) -> Served | None:
        served = server.serves(kind)
        if served is not None:
            return served
        definition = self.announced.get((kind.group, kind.kind))
        check = openapi.definition_validator(definition, kind.version) if definition else None
        return Served(at(definition, "spec", "scope") != "Cluster", check) if check else None

    def _problems(self, server: Server, body: Json, kind: Kind) -> list[Problem]:
        served = self._served(server, kind)
        if served is None:
            return [_unknown_kind(server, kind)]
        return openapi.problems(served.check, body)

    # ---- diff

    def diff(self, call: Call, request: provider_pb2.DiffRequest) -> provider_pb2.DiffResponse:
        """Compare the program's inputs with the live object, for the fields that the program had set."""
        news = decode(request.news)
        old_inputs, live = checkpoint.parse(decode(request.olds))
        old_inputs, new = checkpoint.normalized(old_inputs), checkpoint.normalized(plain(news))
        kind = checkpoint.kind_of_body(new)
        self._acknowledge(call.server, live, request.urn)
        pruned = prune(live, old_inputs)
        self._align(call.server, kind, live, pruned, new)
        replacing = IDENTITY
        if not is_patch(request.urn, kind):
            replacing = replacing_fields(
                kind.group,
                kind.kind,
                immutable=bool(new.get("immutable")),
                config_map_mutable=call.instance.flag("enableConfigMapMutable"),
                secret_mutable=call.instance.flag("enableSecretMutable"),
            )
        found = [
            each
            for each in differences(pruned, new, replacing)
            if not any(covers(ignored, each.path) for ignored in request.ignoreChanges)
        ]
        return diff_response(found, in_place=_same_identity(live, new))

    def _align(self, server: Server | None, kind: Kind, live: Json, pruned: Json, new: Json) -> None:
        served = self._served(server, kind) if server else None
        namespaced = served.namespaced if served else kind.kind not in CLUSTER_SCOPED
        pruned.setdefault("apiVersion", live.get("apiVersion"))
        pruned.setdefault("kind", live.get("kind"))
        for body in (pruned, new):
            metadata = body.setdefault("metadata", {})
            if not isinstance(metadata, dict):
                continue
            if namespaced:
                metadata["namespace"] = metadata.get("namespace") or "default"
            else:
                metadata.pop("namespace", None)
        if at(new, "metadata", "name"):
            pruned["metadata"]["name"] = at(live, "metadata", "name")

    def _acknowledge(self, server: Server | None, live: Json, urn: str) -> None:
        if server is None or not at(live, "metadata", "name"):
            return
        found = server.get(server.key(live))
        if found is not None and found.urn == urn:
            server.acknowledge(found)


def is_patch(urn: str, kind: Kind) -> bool:
    """Whether the resource only changes fields of an object that somebody else owns (`NamespacePatch`)."""
    return urn_type(urn).endswith("Patch") and not kind.kind.endswith("Patch")


def _unknown_kind(server: Server, kind: Kind) -> Problem:
    if kind.native:
        kinds = openapi.native_kinds(server.version)
        others = [each for each in kinds if each.kind.lower() == kind.kind.lower()]
        here = ", ".join(f"{each.kind} of {each.api_version}" for each in others)
        fix = f"It serves {here}" if here else did_you_mean(kind.kind, {each.kind for each in kinds})
        return Problem(
            "kind",
            kind.kind,
            f'Kubernetes {server.version} serves no kind "{kind.kind}" in {kind.api_version}',
            fix,
        )
    return Problem(
        "kind",
        kind.kind,
        f"no schema is known for {kind.api_version} {kind.kind}",
        "Create its CustomResourceDefinition, or add a schema in "
        f"sandbox/kubernetes/api/schemas/{kind.group}/{kind.version}/{kind.kind}.json",
    )


def _same_identity(live: Json, new: Json) -> bool:
    """Whether a replacement must delete the old object first: the program gives both the same name."""
    return (
        named(new)
        and not autonamed(new)
        and at(new, "metadata", "name") == at(live, "metadata", "name")
        and (at(new, "metadata", "namespace") or "default")
        == (at(live, "metadata", "namespace") or "default")
    )
