"""Predicts in a preview what the cloud will refuse in `up`: its rules run, and their writes are undone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, NoReturn, cast

from report.danger import FORESEEN
from sandbox.oci.cloud import Cloud
from sandbox.oci.engine_values import UNKNOWN, holds_unknown, opened
from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry
from sandbox.oci.planned_cloud import PlannedCloud
from sandbox.oci.planned_creates import PlannedCreates, has_types, is_settled
from sandbox.oci.resource_types import described
from sandbox.oci.rules import Call, rules_of, run_rules


class _Undo(Exception):  # noqa: N818 - not an error: it ends a transaction that must write nothing
    pass


@dataclass(frozen=True)
class Planned:
    """One step of a plan for an existing resource: its id, and its inputs afterwards, None for a deletion."""

    id: str
    inputs: Mapping[str, Any] | None
    first: bool = False
    """Whether it is deleted before its replacement is created, so before the steps that follow."""


def refusal(call: Call, made: Iterable[Entry] = ()) -> OciError | None:
    """The cloud's refusal of a call once the resources in `made` exist; None if it would do the call."""
    try:
        with call.cloud.transaction():
            for entry in made:
                call.cloud.save(entry)
            run_rules(call)
            raise _Undo
    except _Undo:
        return None
    except OciError as error:
        return error


class _CloudNeededError(Exception):
    """A rule looked at the cloud."""


class _NoCloud:
    def __getattr__(self, name: str) -> NoReturn:
        raise _CloudNeededError(name)


def refusal_of_inputs(call: Call) -> OciError | None:
    """The refusal of a rule that judges by the inputs alone, so that no other step can fix it. None without one."""
    alone = replace(call, cloud=cast("Cloud", _NoCloud()))
    for each in rules_of(call.token, call.operation):
        try:
            each(alone)
        except _CloudNeededError:
            continue
        except OciError as error:
            return error
    return None


_PERMANENT = frozenset(
    {
        "BucketAlreadyExists",
        "Conflict",
        "InvalidBucketName",
        "LimitExceeded",
        "NamespaceConflict",
        "QuotaExceeded",
    }
)
"""Codes of refusals that no other step of the same `up` can fix. Missing grants and references may still be created."""

_IN_USE = ("already", "is a duplicate of")
"""Words in refusals that only a deletion can fix. Deletions come after all creates."""


def _is_permanent(error: OciError) -> bool:
    in_use = any(word in error.message for word in _IN_USE)
    return error.status != 404 and (error.code in _PERMANENT or in_use)


class Foresight:
    """The steps that a preview has shown so far. Each step is judged on the cloud after the steps before it.

    A node pool accepts a new Kubernetes version because an earlier step has updated its cluster. If two buckets have
    the same name, the second one is refused.
    """

    def __init__(self) -> None:
        self._updates = PlannedCloud()
        self._creates = PlannedCreates()
        # The engine sends several steps at once. If two conflict, one must see the other.
        self._one_at_a_time = Lock()

    def foresee(self, call: Call) -> str | None:
        """A warning with the cloud's refusal; None if it would do the call.

        The inputs are those of a preview. A create with unknown inputs, and a replacement, are judged only against the
        other creates of the change, because the replaced resource may be deleted first.
        """
        with self._one_at_a_time:
            return self._foresee(call)

    def _foresee(self, call: Call) -> str | None:
        plain = {name: opened(value) for name, value in call.inputs.items() if not name.startswith("__")}
        if call.old is not None:
            return self._of_update(replace(call, inputs=known(plain, call.old.inputs)), call.old)
        call = replace(call, inputs=plain)
        if described(call.token).takes_over(call.cloud, plain):
            return None
        if not holds_unknown(plain) and not call.cloud.of_urn(call.urn):
            error = self._after_updates(call)
            if error is not None and _is_permanent(error):
                return foreseen(error)
        return self._of_the_change(call)

    def _of_the_change(self, call: Call) -> str | None:
        """The refusal of a create that its own inputs or other creates of the same change cause."""
        settled = self._creates.settled(call)
        if settled is None:
            return None
        wrong = refusal_of_inputs(settled) if has_types(settled.inputs) else None
        if wrong is not None:
            return self._creates.with_names(foreseen(wrong))
        error = self._creates.refusal(settled)
        if error is not None and self._is_caused_by_the_change(settled, error):
            return self._creates.with_names(foreseen(error))
        self._creates.add(settled)
        return None

    def _is_caused_by_the_change(self, settled: Call, error: OciError) -> bool:
        """Whether the create conflicts with another create, or with the inputs of a resource that it refers to.

        The first refusal disappears without the other creates. The second one disappears if the resources that the
        create refers to have no known inputs.
        """
        call = replace(settled, cloud=self._updates.of(settled.cloud))
        referred_to = self._creates.referred_to(settled)
        if not refusal(call, referred_to):
            return True
        if error.status == 404 or not all(is_settled(each.inputs) for each in (settled, *referred_to)):
            return False
        blank = [replace(each, inputs={}, outputs={}, assumed=True) for each in referred_to]
        return bool(blank) and not refusal(call, blank)

    def happened(self, id: str = "", urn: str = "") -> None:  # noqa: A002
        """A step was executed: the resource is no longer only planned."""
        self._updates.drop(id)
        self._creates.happened(id, urn)

    def _after_updates(self, call: Call) -> OciError | None:
        try:
            run_rules(replace(call, cloud=self._updates.of(call.cloud)))
        except OciError as error:
            return error
        return None

    def _of_update(self, call: Call, old: Entry) -> str | None:
        self._updates.remove(call.cloud, old.id)
        error = self._after_updates(call)
        if error is not None and self._creates.refusal(call) is None:
            error = None  # A resource that the change creates first is what was missing.
        if error is None:
            inputs = known(call.inputs, {})
            place = str(inputs.get("compartmentId") or old.compartment_id)
            planned = replace(old, inputs=inputs, compartment_id=place)
            self._updates.save(call.cloud, planned)
            self._creates.update(call.cloud, planned)
        return foreseen(error) if error is not None and error.status != 404 else None


def foreseen(error: OciError) -> str:
    """The warning, with the cloud's own message and, if a command of the sandbox is the cause, that command."""
    note = f" Sandbox: {error.note}." if error.note else ""
    return f"{FORESEEN}: {error.answer}{note}"


def known(new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """The new inputs. An unknown one keeps its old value."""
    return {
        name: value if not holds_unknown(value) else _known(value, old.get(name))
        for name, value in new.items()
    }


def _known(new: Any, old: Any) -> Any:
    if isinstance(new, dict) and isinstance(old, dict):
        return known(new, old)
    return old if new is UNKNOWN or old is not None else _without_unknowns(new)


def _without_unknowns(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_unknowns(each) for name, each in value.items() if each is not UNKNOWN}
    if isinstance(value, list):
        return [_without_unknowns(each) for each in value if each is not UNKNOWN]
    return value


def refused_deletions(cloud: Cloud, plan: Iterable[Planned]) -> list[tuple[Entry, OciError]]:
    """The deletions of a plan that the cloud would refuse after all its other steps.

    Updates come first, because they may remove references to a deleted resource. Then every resource that can be
    deleted is deleted, until no further one can. A resource that goes before its replacement is deleted in its place.
    """
    found: list[tuple[Entry, OciError]] = []
    try:
        with cloud.transaction():
            left: list[Entry] = []
            for step in plan:
                entry = cloud.find(step.id)
                if step.inputs is not None:
                    _update(cloud, step)
                elif entry is not None and entry.live and step.first:
                    found += _remove(cloud, [entry])
                    cloud.remove(entry.id)
                elif entry is not None and entry.live:
                    left.append(entry)
            found += _remove(cloud, left)
            raise _Undo
    except _Undo:
        return found


def _update(cloud: Cloud, step: Planned) -> None:
    entry = cloud.find(step.id)
    if entry is not None and entry.live and step.inputs is not None:
        cloud.save(replace(entry, inputs=known(step.inputs, {})))


def _remove(cloud: Cloud, entries: list[Entry]) -> list[tuple[Entry, OciError]]:
    while True:
        refused: list[tuple[Entry, OciError]] = []
        for entry in entries:
            try:
                run_rules(Call(cloud, entry.token, "delete", entry.region, entry.inputs, entry, entry.urn))
            except OciError as error:
                refused.append((entry, error))
            else:
                cloud.remove(entry.id)
        if not refused or len(refused) == len(entries):
            return refused
        entries = [entry for entry, _ in refused]
