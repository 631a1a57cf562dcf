"""Changes of resources outside Pulumi, as a colleague makes them in the console: drift for `refresh`."""

import json
from dataclasses import replace
from typing import Any

from facts.json_text import read_json
from facts.problem import did_you_mean
from facts.provider_fields import Field, resource_fields
from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, run_rules


class NoSuchResourceError(LookupError):
    """No resource in the cloud has that id or name."""


class NoSuchPropertyError(LookupError):
    """The resource does not have the property, or the value has the wrong type."""


def find_entry(cloud: Cloud, word: str) -> Entry:
    """A resource by its id, its URN, its name, or the end of its id (6 characters or more).

    Names in the cloud come first, then names in the program. Raises NoSuchResourceError unless exactly one matches.
    """
    found = cloud.find(word)
    if found is not None:
        return found
    entries = cloud.entries()
    matches = [entry for entry in entries if word in (entry.urn, entry.name)]
    matches = matches or [entry for entry in entries if entry.urn.rsplit("::", 1)[-1] == word]
    matches = matches or [entry for entry in entries if len(word) >= 6 and entry.id.endswith(word)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        ids = ", ".join(entry.id for entry in matches)
        raise NoSuchResourceError(f"{word} is the name of {len(matches)} resources; use an id: {ids}")
    hint = did_you_mean(word, [entry.name for entry in entries])
    raise NoSuchResourceError(f"no resource in the cloud has the name {word}. {hint}".rstrip())


def change(cloud: Cloud, word: str, changes: dict[str, str]) -> Entry:
    """Set properties of a resource, as if in the console. A dot in a name separates nested properties.

    Values are JSON, except for text properties. The service's rules are not checked: a test may need a state that they
    would refuse.
    """
    with cloud.transaction():
        entry = find_entry(cloud, word)
        inputs, outputs = json.loads(json.dumps(entry.inputs)), json.loads(json.dumps(entry.outputs))
        for path, text in changes.items():
            steps = path.split(".")
            field = _field(entry.token, steps)
            value = _value(field, path, text)
            _put(outputs, steps, value)
            if field.input:
                _put(inputs, steps, value)
        compartment = str(inputs.get("compartmentId") or entry.compartment_id)
        changed = replace(entry, inputs=inputs, outputs=outputs, compartment_id=compartment)
        cloud.save(changed)
        cloud.store.record("oci", "tamper", entry.id, change=sorted(changes))
    return changed


def delete(cloud: Cloud, word: str, *, force: bool = False) -> Entry:
    """Delete a resource. Raises OciError if the service would refuse it, unless `force`."""
    with cloud.transaction():
        entry = find_entry(cloud, word)
        if not force:
            run_rules(Call(cloud, entry.token, "delete", entry.region, entry.inputs, entry, entry.urn))
        cloud.remove(entry.id)
        cloud.store.record("oci", "tamper", entry.id, delete=entry.token)
    return entry


def _field(token: str, steps: list[str]) -> Field:
    fields = resource_fields(token) or {}
    for index, step in enumerate(steps):
        field = fields.get(step)
        if field is None:
            path = ".".join(steps[: index + 1])
            raise NoSuchPropertyError(
                f"{token} has no property {path}. {did_you_mean(step, fields)}".rstrip()
            )
        if field.type == "map" and index + 1 < len(steps):
            return Field(type="str", optional=field.input)
        if index + 1 == len(steps):
            return field
        fields = field.of if field.of is not None and not isinstance(field.of, str) else {}
    raise NoSuchPropertyError("missing; name a property")


def _value(field: Field, path: str, text: str) -> Any:
    if field.type == "str":
        return text
    kinds: dict[str, tuple[type, ...]] = {
        "int": (int,), "float": (int, float), "bool": (bool,), "map": (dict,),
        "list": (dict,) if field.single else (list,), "set": (dict,) if field.single else (list,),
    }  # fmt: skip
    try:
        value = read_json(text)
    except ValueError:
        value = None
    if not isinstance(value, kinds[field.type]) or (
        field.type in ("int", "float") and isinstance(value, bool)
    ):
        raise NoSuchPropertyError(f"{path}: {text!r} is not a JSON value of type {field.type}")
    return value


def _put(values: dict[str, Any], steps: list[str], value: Any) -> None:
    for step in steps[:-1]:
        inner = values.get(step)
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            inner = inner[0]
        if not isinstance(inner, dict):
            inner = values[step] = {}
        values = inner
    values[steps[-1]] = value
