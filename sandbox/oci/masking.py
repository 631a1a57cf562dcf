"""Secrets in the model. Only a digest is stored, so that the sandbox's database never contains a secret."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from facts.provider_fields import Field
from sandbox.oci.engine_values import Secret, opened
from sandbox.oci.schema import Fields
from sandbox.store import Store

MARK = "[secret "


class Masking:
    """Masks secrets with a key of this database. The same secret gives the same digest in this database only."""

    def __init__(self, store: Store) -> None:
        with store.transaction():
            found = store.get("oci-settings", "masking")
            if found is None:
                found = {"key": secrets.token_hex(16)}
                store.put("oci-settings", "masking", found)
        self._key = bytes.fromhex(found["key"])

    def masked(self, fields: Fields, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Inputs that may be stored: without secrets, sensitive fields and Pulumi's own keys."""
        return {
            name: self._field(fields.get(name), value)
            for name, value in inputs.items()
            if not name.startswith("__")
        }

    def _field(self, field: Field | None, value: Any) -> Any:
        if isinstance(value, Secret) or (field is not None and field.sensitive and value is not None):
            return self._digest(value)
        inner = field.of if field is not None and isinstance(field.of, Mapping) else None
        if isinstance(value, list):
            return [self._item(inner, each) for each in value]
        return self._item(inner, value)

    def _item(self, inner: Fields | None, value: Any) -> Any:
        if isinstance(value, Secret):
            return self._digest(value)
        if isinstance(value, dict):
            return {key: self._field(inner.get(key) if inner else None, each) for key, each in value.items()}
        return [self._item(inner, each) for each in value] if isinstance(value, list) else value

    def _digest(self, value: Any) -> str:
        plain = opened(value)
        if isinstance(plain, str) and plain.startswith(MARK):
            return plain
        text = json.dumps(plain, sort_keys=True, default=str).encode()
        return f"{MARK}{hashlib.blake2b(text, key=self._key, digest_size=12).hexdigest()}]"


def holds_mask(value: Any) -> bool:
    """Whether the value contains a masked secret."""
    if isinstance(value, str):
        return value.startswith(MARK)
    if isinstance(value, dict):
        return any(map(holds_mask, value.values()))
    return isinstance(value, list) and any(map(holds_mask, value))


def without_masks(value: Any) -> Any:
    """The value without what was a secret, and without objects in which nothing else was."""
    if isinstance(value, list):
        return [without_masks(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept: dict[str, Any] = {}
    for name, each in value.items():
        inner = without_masks(each)
        if not holds_mask(inner) and (inner or not holds_mask(each)):
            kept[name] = inner
    return kept


def judged_without_masks(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs for the rules: without what was a secret, and without each object in a field of which one part was.

    Such an object is as it was. With a part of it, a rule would find that the other part is missing.
    """
    return {name: _known(each) for name, each in inputs.items() if not _masked(each)}


def _known(value: Any) -> Any:
    if isinstance(value, list):
        return [_known(each) for each in value if not _masked(each)]
    if not isinstance(value, dict):
        return value
    return {name: _known(each) for name, each in value.items() if not _masked(each)}


def _masked(value: Any) -> bool:
    """Whether the value is a masked secret, or an object that has one as a property, or only such items."""
    if isinstance(value, dict):
        return any(isinstance(each, str) and each.startswith(MARK) for each in value.values())
    if isinstance(value, list):
        return bool(value) and all(_masked(each) for each in value)
    return isinstance(value, str) and value.startswith(MARK)


def revealed(
    masking: Masking, fields: Fields, kept: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Stored values for the engine: its own secret where it is unchanged, a secret digest for other masked values."""
    shown: dict[str, Any] = {}
    for name, value in kept.items():
        if not holds_mask(value):
            field = fields.get(name)
            sensitive = field is not None and field.sensitive
            shown[name] = Secret(value) if sensitive else value
        elif name in given and _is_kept(masking, fields, name, given[name], value):
            shown[name] = _sealed(fields.get(name), given[name])
        else:
            shown[name] = Secret(value)
    return shown


def _is_kept(masking: Masking, fields: Fields, name: str, given: Any, kept: Any) -> bool:
    """Whether the engine's value is the stored one. The engine may have sealed an object after it was stored: of an
    object that contains a secret, a refresh makes a secret as a whole."""
    forms = (given, given.value) if isinstance(given, Secret) else (given,)
    return any(masking.masked(fields, {name: form}) == {name: kept} for form in forms)


def _sealed(field: Field | None, value: Any) -> Any:
    """The engine's own value. It is a secret if the field table says so, or if it was one."""
    if isinstance(value, Secret) or field is None or not (field.sensitive or isinstance(field.of, Mapping)):
        return value
    return Secret(opened(value)) if field.sensitive or not _inner_secret(value) else value


def _inner_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return any(isinstance(each, Secret) or _inner_secret(each) for each in value.values())
    return isinstance(value, list) and any(isinstance(each, Secret) or _inner_secret(each) for each in value)
