"""What a preview has shown so far, done in a copy of the cloud: two creates of one change may clash.

A copy, since the rules would else have to be undone after each step, which takes the longer the more there is.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from facts.regions import REGIONS
from sandbox.oci.cloud import Cloud
from sandbox.oci.engine_values import UNKNOWN, holds_unknown
from sandbox.oci.errors import OciError
from sandbox.oci.ids import GLOBAL_TYPES, new_id, ocid_type, region_part
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import described
from sandbox.oci.rules import Call, run_rules
from sandbox.oci.rules.references import expected
from sandbox.store import now

_OTHER_REFERENCES: Mapping[str, tuple[str, ...]] = {"zoneNameOrId": ("oci:Dns/zone:Zone",)}
"""Fields that may hold an OCID, and whose names do not say of what."""


class PlannedCreates:
    """A copy of the cloud in which a preview's creates and updates are done: each step is judged on those before it.

    What is still to be made has an id there that stands for the one that it will get.
    """

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._updates: dict[str, Entry] = {}
        self._copy: Cloud | None = None
        self._numbers = itertools.count()

    def refusal(self, call: Call) -> OciError | None:
        """What the cloud would answer once all is done that was shown so far; None if it would do it."""
        copy = self._cloud(call.cloud)
        if call.urn in self._entries:
            copy.remove(self._entries.pop(call.urn).id)
        if described(call.token).takes_over(copy, call.inputs):
            return None
        try:
            run_rules(replace(call, cloud=copy))
        except OciError as error:
            return error
        return None

    def add(self, call: Call) -> None:
        """Take a create into account for the steps that follow. Its inputs must be known."""
        entry = Entry(
            id=new_id(call.token, call.region, call.inputs),
            token=call.token,
            urn=call.urn,
            region=call.region,
            compartment_id=str(call.inputs.get("compartmentId") or ""),
            state="ACTIVE",
            inputs=call.inputs,
            created_at=now(),
        )
        self._entries[call.urn] = entry
        self._cloud(call.cloud).save(entry)

    def update(self, cloud: Cloud, entry: Entry) -> None:
        """Take an update into account; `entry` as it leaves the resource."""
        self._updates[entry.id] = entry
        if self._copy is not None:
            self._cloud(cloud).save(entry)

    def happened(self, id: str, urn: str) -> None:  # noqa: A002
        """A step is done in earnest: what is copied from now on holds it."""
        self._entries.pop(urn, None)
        self._updates.pop(id, None)
        self._copy = None

    def referred_to(self, call: Call) -> list[Entry]:
        """What a call names: that is made before it in any case."""
        text = str(call.inputs)
        return [entry for entry in self._entries.values() if entry.id in text]

    def _cloud(self, cloud: Cloud) -> Cloud:
        if self._copy is None:
            self._copy = Cloud(cloud.store.copied())
            for entry in (*self._entries.values(), *self._updates.values()):
                self._copy.save(entry)
        return self._copy

    def with_names(self, text: str) -> str:
        """A message with the resources' names in the place of ids that are not theirs yet."""
        for entry in self._entries.values():
            text = text.replace(entry.id, entry.urn.rsplit("::", 1)[-1])
        return text

    def settled(self, call: Call) -> Call | None:
        """The call with an id for every reference that is not known yet; None if other values are not known either.

        Only what the same change makes has no id yet. Where that is one resource of the wanted type it is meant, for
        the engine shows a resource after those that it refers to; among several nobody can tell, and each reference
        gets an id of its own, which clashes with nothing.
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
        kinds = expected(call.token, field) or _OTHER_REFERENCES.get(field, ())
        if value is not UNKNOWN or not kinds:
            return value
        meant = [entry.id for entry in self._of(kinds)]
        return meant[0] if len(meant) == 1 else self._nobodys(kinds[0], call.region)

    def _of(self, kinds: tuple[str, ...]) -> Iterator[Entry]:
        return (entry for entry in self._entries.values() if entry.token in kinds)

    def _nobodys(self, token: str, region: str) -> str:
        kind, known = ocid_type(token), REGIONS.get(region)
        place = "" if kind in GLOBAL_TYPES else region_part(region)
        return f"ocid1.{kind}.{known.realm if known else 'oc1'}.{place}.notknown{next(self._numbers)}"
