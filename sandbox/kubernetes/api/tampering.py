"""Changes of a cluster's objects outside Pulumi, as a colleague's `kubectl patch` makes them: drift for `refresh`."""

from typing import Any

from facts.json_text import read_json
from facts.kubernetes import DEFAULT_VERSION
from sandbox.kubernetes.api import openapi
from sandbox.kubernetes.api.diff import merge
from sandbox.kubernetes.api.errors import ApiError, invalid
from sandbox.kubernetes.api.objects import Live, Objects
from sandbox.kubernetes.api.server import Server, Servers
from sandbox.kubernetes.api.values import Json, at
from sandbox.oci.cloud import Cloud
from sandbox.store import Store
from sandbox.tampering import NoSuchResourceError


def find_object(store: Store, word: str) -> Live | None:
    """The object with a URN, a name in the program or an id, if the engine created it; else None.

    Raises NoSuchResourceError if several objects match.
    """
    objects = Objects(store)
    known = [live for cluster in objects.clusters() for live in objects.all(cluster) if live.urn]
    for names in (_identity, _program_name):
        found = [live for live in known if word in names(live)]
        if len(found) == 1:
            return found[0]
        if found:
            called = ", ".join(_program_name(live)[0] for live in found)
            raise NoSuchResourceError(f"{word} is the id of {len(found)} objects; name one of them: {called}")
    return None


def _identity(live: Live) -> tuple[str, ...]:
    return live.urn, live.id


def _program_name(live: Live) -> tuple[str, ...]:
    return (live.urn.rsplit("::", 1)[-1],)


def change_object(store: Store, live: Live, changes: dict[str, str]) -> Live:
    """Set fields as `kubectl patch` would; a dot separates the names of nested fields.

    A value is parsed as JSON. It stays text if the field contains text now or if it is not valid JSON. Raises ApiError
    for a change that the API server refuses: an unknown field, a value of the wrong type, an immutable field.
    """
    server = _server(store, live)
    served = server.serves(live.kind)
    if served is None:
        raise ApiError(405, "MethodNotAllowed", f"a {live.kind.kind} can only be deleted here, not changed")
    patch: Json = {"apiVersion": live.body["apiVersion"], "kind": live.body["kind"], "metadata": _place(live)}
    for path, text in changes.items():
        steps = path.split(".")
        values = patch
        for step in steps[:-1]:
            values = values.setdefault(step, {})
        values[steps[-1]] = _value(at(live.body, *steps), text)
    problems = openapi.problems(served.check, merge(live.body, {}, patch))
    if problems:
        said = [f"{each.path}: {openapi.reason(each)}" for each in problems]
        raise invalid(live.kind.kind, live.kind.group, live.name, said)
    changed = server.update(live.key, {}, patch)
    store.record("kubernetes", "tamper", live.urn, change=sorted(changes))
    return changed


def delete_object(store: Store, live: Live) -> None:
    """Delete an object, and the objects that are deleted with it."""
    _server(store, live).delete(live.key)
    store.record("kubernetes", "tamper", live.urn, delete=live.kind.kind)


def _server(store: Store, live: Live) -> Server:
    cloud = Cloud(store)
    cluster = cloud.find(live.cluster)
    version = str(cluster.inputs.get("kubernetesVersion") or DEFAULT_VERSION) if cluster else DEFAULT_VERSION
    return Server(Servers(Objects(store), cloud), live.cluster, version)


def _place(live: Live) -> Json:
    return {"name": live.name, **({"namespace": live.namespace} if live.namespace else {})}


def _value(now: Any, text: str) -> Any:
    if isinstance(now, str):
        return text
    try:
        return read_json(text)
    except ValueError:
        return text
