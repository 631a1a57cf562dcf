"""The cloud's operations on resources: create, read, update and delete."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from facts.provider_fields import resource_fields
from sandbox.faults import DroppedConnectionError, FaultBook
from sandbox.oci.account import Account, Shown
from sandbox.oci.cloud import Cloud
from sandbox.oci.computed import CreateContext, outputs_of, state_of
from sandbox.oci.default_tags import with_defaults, with_tags_of_others
from sandbox.oci.engine_values import opened
from sandbox.oci.errors import OciError, conflict, not_found, operation_name, service_name
from sandbox.oci.ids import id_of, key_of, new_id, ocid_type
from sandbox.oci.lookups import invoke
from sandbox.oci.masking import Masking, judged_without_masks, revealed
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import described, let_happen
from sandbox.oci.rules import Call, run_rules
from sandbox.oci.schema import Failure, Fields
from sandbox.store import Store, now

Hook = Callable[[Entry], None]
"""A function of the caller that gets the resource within the operation's transaction."""

Change = Callable[[Entry], dict[str, Any]]
"""The new inputs of a resource, from the resource as it is within the operation's transaction."""


def _nothing(_: Entry) -> None: ...


class Operations:
    """Each operation is one transaction. Each refusal is an OciError, and then nothing is written."""

    def __init__(self, store: Store) -> None:
        self.cloud = Cloud(store)
        self.masking = Masking(store)
        self.faults = FaultBook(store)
        self._within = threading.local()

    def create(
        self, account: Account, token: str, urn: str, inputs: dict[str, Any], *, then: Hook = _nothing
    ) -> Shown:
        """Create a resource. If a kill came before the answer to the same create, return the existing resource."""
        fields = fields_of(token)
        kept = self.masking.masked(fields, inputs)
        with self.call(account, "create", token, urn):
            found = self._unrecorded(token, urn, account, kept)
            taken = described(token).takes_over(self.cloud, _plain(inputs)) if urn else None
            if found is None and taken is not None:
                _judge(account, Call(self.cloud, token, "update", account.region, _plain(inputs), taken, urn))
                found = self._changed(account, taken, fields, inputs, kept)
                found = self.cloud.save(replace(found, urn=urn, acknowledged=False))
            elif found is None:
                _judge(account, Call(self.cloud, token, "create", account.region, _plain(inputs), None, urn))
                found = self._made(account, token, urn, inputs, kept)
            then(found)
        return self._shown(found, fields, inputs)

    def read(
        self,
        account: Account,
        token: str,
        id: str,  # noqa: A002
        state: Mapping[str, Any],
        inputs: Mapping[str, Any],
    ) -> Shown | None:
        """The resource as it is now, or None if it no longer exists. Without a state it is imported or assumed."""
        fields = fields_of(token)
        with self.call(account, "read", token, id):
            entry = self._find(account, token, id)
            if entry is None and not state:
                entry = self._assumed(account, token, id)
            if entry is None or not entry.live:
                return None
            self.cloud.acknowledge(entry)
            seen = described(token).reads(self.cloud, entry)
        shown = self._shown(seen, fields, {**state, **inputs})
        known = revealed(self.masking, fields, entry.inputs, inputs)
        kept = {name: known[name] for name in inputs or known if name in known}
        marks = {name: value for name, value in inputs.items() if name.startswith("__")}
        return replace(shown, inputs={**kept, **marks})

    def invoke(self, account: Account, token: str, args: dict[str, Any]) -> dict[str, Any] | list[Failure]:
        """The answer to a function call, or the failures of its arguments."""
        with self.call(account, "invoke", token, token):
            return invoke(self.cloud, account, token, args)

    def update(
        self,
        account: Account,
        token: str,
        urn: str,
        id: str,  # noqa: A002
        inputs: dict[str, Any] | Change,
        *,
        guard: Hook = _nothing,
        then: Hook = _nothing,
    ) -> Shown:
        """Change a resource in place. `guard` may refuse it as it was, `then` gets it as it is now.

        A caller that changes some inputs gives a function: inputs that it read before this call may be out of date.
        """
        fields = fields_of(token)
        with self.call(account, "update", token, urn):
            old = self._find(account, token, id)
            if old is None or not old.live:
                raise not_found(id)
            guard(old)
            inputs = inputs if isinstance(inputs, dict) else inputs(old)
            kept = self.masking.masked(fields, inputs)
            plain = judged_without_masks(_plain(inputs))
            _judge(account, Call(self.cloud, token, "update", account.region, plain, old, urn))
            entry = self._saved(self._changed(account, old, fields, inputs, kept))
            self.cloud.store.record("oci", "update", entry.id, token=token, urn=urn)
            then(entry)
        return self._shown(entry, fields, inputs)

    def delete(
        self,
        account: Account,
        token: str,
        urn: str,
        id: str,  # noqa: A002
        *,
        inputs: Mapping[str, Any] | None = None,
        guard: Hook = _nothing,
        then: Hook = _nothing,
    ) -> None:
        """Delete a resource, or schedule its deletion. `inputs` replace its own first. One that is gone is no error."""
        with self.call(account, "delete", token, urn):
            entry = self._find(account, token, id)
            if entry is None or not entry.live:
                return
            guard(entry)
            entry = replace(entry, inputs={**entry.inputs, **(inputs or {})})
            _judge(account, Call(self.cloud, token, "delete", account.region, entry.inputs, entry, urn))
            left = described(token).leaves(entry)
            if left is entry:
                return
            if left is None:
                self.cloud.remove(entry.id)
            else:
                self.cloud.save(left)
            self.cloud.store.record("oci", "delete", entry.id, token=token, urn=urn)
            then(entry)

    def recorded(self, urn: str, inputs: Mapping[str, Any], fields: Fields) -> None:
        """The engine has the resource with these inputs in its state. A later create of the same makes another one."""
        for entry in self.cloud.of_urn(urn):
            if not entry.acknowledged and entry.inputs == self.masking.masked(fields, inputs):
                self.cloud.acknowledge(entry)

    def acknowledge(self, account: Account, token: str, id: str) -> None:  # noqa: A002
        """The engine has this id in its state."""
        entry = self._find(account, token, id)
        if entry is not None:
            self.cloud.acknowledge(entry)

    @contextmanager
    def call(self, account: Account, operation: str, token: str, subject: str) -> Iterator[None]:
        """One call of the cloud. Faults come first, because they may take time. Then all writes are kept, or none.

        Calls within it are part of it: they meet no faults, and their refusal is recorded once, as this call's.
        """
        if getattr(self._within, "call", False):
            yield
            return
        try:
            lost = self.faults.meet(
                token, operation, subject, retry_seconds=account.retry_seconds, connected=account.connected
            )
            with self.cloud.transaction():
                self._within.call = True
                let_happen(self.cloud, token)
                yield
            if lost:
                raise DroppedConnectionError
        except OciError as error:
            error.service = error.service or service_name(token)
            error.operation = error.operation or operation_name(operation, token)
            detail = {"status": error.status, "code": error.code, "message": error.message, "urn": subject}
            self.cloud.store.record("oci", "refuse", token, operation=operation, **detail)
            raise
        finally:
            self._within.call = False

    def _find(self, account: Account, token: str, id: str) -> Entry | None:  # noqa: A002
        entry = self.cloud.find(key_of(id, account.region))
        return entry if entry is not None and ocid_type(entry.token) == ocid_type(token) else None

    def _unrecorded(self, token: str, urn: str, account: Account, kept: dict[str, Any]) -> Entry | None:
        for entry in self.cloud.of_urn(urn) if urn else ():
            same = entry.token == token and entry.region == account.region and entry.inputs == kept
            if same and not entry.acknowledged:
                return entry
        return None

    def _made(
        self, account: Account, token: str, urn: str, inputs: dict[str, Any], kept: dict[str, Any]
    ) -> Entry:
        fields = fields_of(token)
        id = new_id(token, account.region, kept)  # noqa: A001
        key = key_of(id, account.region)
        known = self.cloud.find(key)
        managed = "manageDefaultResourceId" in kept
        if known is not None and known.live and not managed:
            raise conflict(f"{id} already exists.", "IncorrectState")
        context = CreateContext(
            self.cloud, id, token, account.region, account.tenancy, _plain(inputs), dict(kept), None
        )
        outputs = with_defaults(context, fields, outputs_of(context, fields))
        entry = Entry(
            id=key,
            token=token,
            urn=urn,
            region=account.region,
            compartment_id=str(outputs.get("compartmentId") or ""),
            state=state_of(token, fields, outputs),
            inputs=kept,
            outputs=outputs,
            created_at=now(),
            owner=known.owner if known is not None and managed else "",
            acknowledged=not urn,
        )
        entry = self._saved(entry)
        self.cloud.store.record("oci", "create", key, token=token, urn=urn)
        return entry

    def _changed(
        self, account: Account, old: Entry, fields: Fields, inputs: dict[str, Any], kept: dict[str, Any]
    ) -> Entry:
        id = id_of(old.id)  # noqa: A001
        place = account.region, account.tenancy
        context = CreateContext(self.cloud, id, old.token, *place, _plain(inputs), dict(kept), old.outputs)
        outputs = with_tags_of_others(account, old, kept, outputs_of(context, fields))
        compartment = str(outputs.get("compartmentId") or "")
        moved = outputs.get("state") != old.outputs.get("state")
        state = str(outputs["state"]) if moved and "state" in outputs else old.state
        return replace(
            old, inputs=kept, outputs=outputs, compartment_id=compartment, state=state, acknowledged=True
        )

    def _saved(self, entry: Entry) -> Entry:
        return self.cloud.save(described(entry.token).writes(self.cloud, entry))

    def _assumed(self, account: Account, token: str, id: str) -> Entry | None:  # noqa: A002
        found = described(token).finds(self.cloud, id, account.region)
        if found is not None:
            return self.cloud.save(found)
        try:
            entry = self.cloud.require(id, token, path="id", region=account.region)
        except OciError:
            return None
        context = CreateContext(self.cloud, id, token, account.region, account.tenancy, {}, {}, None)
        return self.cloud.save(replace(entry, outputs=outputs_of(context, fields_of(token))))

    def _shown(self, entry: Entry, fields: Fields, given: Mapping[str, Any]) -> Shown:
        return Shown(id_of(entry.id), revealed(self.masking, fields, entry.outputs, given), {})


def fields_of(token: str) -> Fields:
    """The resource's field table. A type that the provider does not have is an error."""
    fields = resource_fields(token)
    if fields is None:
        raise OciError(400, "InvalidParameter", f"unrecognized resource type: {token}")
    return fields


def _judge(account: Account, call: Call) -> None:
    run_rules(replace(call, by_provider=not account.connected))


def _plain(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: opened(value) for name, value in inputs.items() if not name.startswith("__")}
