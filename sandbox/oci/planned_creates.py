"""The creates of a preview: what refuses one of them because of the others."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from facts.regions import REGIONS
from sandbox.oci.cloud import Cloud
from sandbox.oci.engine_values import UNKNOWN, holds_unknown
from sandbox.oci.errors import OciError
from sandbox.oci.ids import is_global, key_of, new_id, ocid_type, region_part
from sandbox.oci.model import Entry
from sandbox.oci.planned_cloud import PlannedCloud
from sandbox.oci.resource_types import described
from sandbox.oci.rules import Call, run_rules
from sandbox.oci.rules.references import expected
from sandbox.store import now

_OTHER_REFERENCES: Mapping[str, tuple[str, ...]] = {"zoneNameOrId": ("oci:Dns/zone:Zone",)}
"""Fields that may contain an OCID although their names do not say of what."""

_OUTPUTS: Mapping[str, tuple[str, str]] = {
    "managementEndpoint": ("oci:Kms/vault:Vault", "managementEndpoint")
}
"""Fields that contain an output of another resource: its type, and the output. The field identifies the resource."""

_AMBIGUOUS = "notknown"
"""The mark of an id that replaces a reference to one of several planned resources."""

_OF_ANY_TYPE = f"{_AMBIGUOUS}type"
"""The same for a reference that may mean resources of several types."""


class PlannedCreates:
    """The creates and updates that a preview has shown, done in a copy of the cloud.

    A planned resource has an id there in place of the one that it will get.
    """

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._planned = PlannedCloud()
        self._numbers = itertools.count()

    def refusal(self, call: Call) -> OciError | None:
        """The cloud's refusal after all steps shown so far; None if it would do the call."""
        if call.urn in self._entries:
            self._planned.remove(call.cloud, self._entries.pop(call.urn).id)
        copy = self._planned.of(call.cloud)
        # A replaced resource may be deleted first. What is in the way of the new one is the report's to say.
        replaced = copy.of_urn(call.urn) if call.operation == "create" else []
        for each in replaced:
            copy.remove(each.id)
        if described(call.token).takes_over(copy, call.inputs):
            return None
        try:
            run_rules(replace(call, cloud=copy))
        except OciError as error:
            for each in replaced:
                copy.save(each)
            return error
        return None

    def add(self, call: Call) -> None:
        """Add a create for the steps that follow. Its inputs must be known."""
        entry = Entry(
            id=key_of(new_id(call.token, call.region, call.inputs), call.region),
            token=call.token,
            urn=call.urn,
            region=call.region,
            compartment_id=str(call.inputs.get("compartmentId") or ""),
            state="ACTIVE",
            inputs=call.inputs,
            created_at=now(),
        )
        # Like an id, the planned output only has to differ from that of every other resource.
        planned = {name: f"https://{entry.id}" for token, name in _OUTPUTS.values() if token == entry.token}
        entry = replace(entry, outputs=planned)
        self._entries[call.urn] = entry
        self._planned.save(call.cloud, entry)

    def update(self, cloud: Cloud, entry: Entry) -> None:
        """Add an update; `entry` is the resource after it."""
        self._planned.save(cloud, entry)

    def happened(self, id: str, urn: str) -> None:  # noqa: A002
        """A planned step was carried out."""
        made = self._entries.pop(urn, None)
        self._planned.drop(made.id if made else id)

    def referred_to(self, call: Call) -> list[Entry]:
        """The planned resources that a call refers to: they are made before it in any case."""
        text = str(call.inputs)
        return [entry for entry in self._entries.values() if named(entry.id) in text]

    def with_names(self, text: str) -> str:
        """A message with the resources' names in place of ids that they do not have yet."""
        for entry in self._entries.values():
            text = text.replace(entry.id, entry.urn.rsplit("::", 1)[-1])
        return text

    def settled(self, call: Call) -> Call | None:
        """The call with an id for every unknown reference; None if other values are unknown too.

        Only a resource of the same change has no id yet. If the change has one resource of the wanted type, the
        reference means it, because the engine shows a resource after those that it refers to. Among several, the
        reference gets an id that belongs to none of them and clashes with nothing; see `is_settled`.
        """
        inputs = {name: self._settled(call, name, value) for name, value in call.inputs.items()}
        if holds_unknown(inputs):
            return None
        return replace(call, inputs=inputs)

    def _settled(self, call: Call, field: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._settled(call, name, each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._settled(call, field, each) for each in value]
        if value is not UNKNOWN:
            return value
        token, output = _OUTPUTS.get(field, ("", ""))
        if token:
            found = [str(entry.outputs[output]) for entry in self._of((token,))]
            return found[0] if len(found) == 1 else f"https://{self._ambiguous((token,), call.region)}"
        kinds = expected(call.token, field) or _OTHER_REFERENCES.get(field, ())
        if not kinds:
            return value
        meant = [entry.id for entry in self._of(kinds)]
        return meant[0] if len(meant) == 1 else self._ambiguous(kinds, call.region)

    def _of(self, kinds: tuple[str, ...]) -> Iterator[Entry]:
        return (entry for entry in self._entries.values() if entry.token in kinds)

    def _ambiguous(self, tokens: tuple[str, ...], region: str) -> str:
        kind, known = ocid_type(tokens[0]), REGIONS.get(region)
        place = "" if is_global(kind) else region_part(region)
        mark = _AMBIGUOUS if len(tokens) == 1 else _OF_ANY_TYPE
        return f"ocid1.{kind}.{known.realm if known else 'oc1'}.{place}.{mark}{next(self._numbers)}"


def is_settled(inputs: Mapping[str, Any]) -> bool:
    """Whether inputs that `settled` returned refer to resources that are all known."""
    return f".{_AMBIGUOUS}" not in str(inputs)


def has_types(inputs: Mapping[str, Any]) -> bool:
    """Whether the types of all resources are known that inputs of `settled` refer to."""
    return f".{_OF_ANY_TYPE}" not in str(inputs)


def named(key: str) -> str:
    """How other resources refer to one with this key: by its OCID, or by its name as to a bucket."""
    return key.rsplit("@", 1)[0].rsplit("/", 1)[-1]
