"""The state that the engine keeps of an object: the live object, and the inputs that created it."""

import base64
import copy
from typing import Any

from sandbox.kubernetes.api.kinds import Kind, kind_of
from sandbox.kubernetes.api.values import UNKNOWN, Json, at, holds_unknown, keep_secrets, plain, sdk_names
from sandbox.kubernetes.api.words import words

INPUTS = "__inputs"
API_VERSION = "__initialApiVersion"
MANAGER = "__fieldManager"

_READ_ONLY = words(
    "creationTimestamp deletionGracePeriodSeconds deletionTimestamp generation managedFields "
    "resourceVersion uid"
)


def checkpoint(inputs: Json, live: Json, marked: Json, manager: str) -> Json:
    """The state of an object. Values that are secret in `marked`, the inputs as received, stay secret."""
    state, kept = sdk_names(live), sdk_names(inputs)
    keep_secrets(state, marked)
    keep_secrets(kept, marked)
    state[INPUTS] = kept
    state[API_VERSION] = inputs.get("apiVersion")
    state[MANAGER] = manager
    return state


def parse(state: Json) -> tuple[Json, Json]:
    """The former inputs and the live object in a state, without marks of secrecy."""
    live = plain(state)
    inputs = live.pop(INPUTS, None) or {}
    return inputs, {key: value for key, value in live.items() if not key.startswith("__")}


def normalized(body: Json) -> Json:
    """The inputs in the form in which the server stores them, without read-only metadata."""
    body = dict(body)
    metadata = body.get("metadata")
    if isinstance(metadata, dict):
        body["metadata"] = {key: value for key, value in metadata.items() if key not in _READ_ONLY}
    if body.get("kind") == "Secret" and not holds_unknown(body):
        _encode_texts(body)
    return body


def _encode_texts(secret: Json) -> None:
    """Move `stringData` to `data`. Values of a wrong type stay: the schema refuses them."""
    text, data = secret.get("stringData") or {}, secret.get("data") or {}
    if not isinstance(text, dict) or not isinstance(data, dict):
        return
    secret.pop("stringData", None)
    if text or "data" in secret:
        encoded = {
            key: base64.b64encode(value.encode()).decode() if isinstance(value, str) else value
            for key, value in text.items()
        }
        secret["data"] = {**data, **encoded}


def previewed(live: Json) -> Json:
    """A live object as a preview shows it: values that the server will choose are unknown, and it has no status."""
    body = copy.deepcopy(live)
    body.pop("status", None)
    for key in ("uid", "resourceVersion", "creationTimestamp"):
        body["metadata"][key] = UNKNOWN
    return body


def as_inputs(body: Json) -> Json:
    """The inputs that would create an imported object."""
    made = normalized({key: value for key, value in body.items() if key != "status"})
    annotations = dict(at(made, "metadata", "annotations") or {})
    annotations.pop("deployment.kubernetes.io/revision", None)
    metadata: dict[str, Any] = {key: value for key, value in made["metadata"].items() if key != "annotations"}
    made["metadata"] = {**metadata, **({"annotations": annotations} if annotations else {})}
    return made


def kind_of_body(body: Json) -> Kind:
    """The kind of an object, from its fields `apiVersion` and `kind`."""
    return kind_of(str(body.get("apiVersion", "")), str(body.get("kind", "")))
