"""What a change puts at risk: data, protection and running nodes. Pure functions over the changes of a preview.

The check, the top of a preview and the comment on a pull request all use these texts.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from facts.holders import HOLDERS, VOLUME_KEYS
from facts.regions import HOME_PROVIDER
from facts.wording import plural
from report.changes import Change, at
from report.collisions import collision, lost_way
from report.node_danger import gpus_of, has_gpu_nodes, node_dangers
from report.resources import Resource, as_number, as_sequence
from report.safeguards import unguarded
from report.staying import STAYING
from report.wording import kinds, lines_of, some, words

Kind = Literal["fails", "refused", "lost", "left behind", "kept", "drained", "unprotected"]
"""fails: the cloud refuses the replacement beside the old resource. refused: the resource is protected, so the engine
stops. lost: the change deletes data. left behind: the resources of a provider stay in its old region. kept: the
resource stays in the cloud but leaves the stack. drained: the change deletes nodes, with everything that runs on them.
unprotected: the data stays but loses its protection."""

ORDER: Sequence[Kind] = ("fails", "left behind", "lost", "drained", "unprotected", "kept", "refused")

FORESEEN = "the cloud will refuse this in `up`"
"""Marks the warnings in which the sandbox predicts a refusal."""

_PENDING_DELETION = {
    "oci:Kms/vault:Vault": "the deletion waits 7 to 30 days and can be cancelled",
    "oci:Kms/key:Key": "the deletion waits 7 to 30 days and can be cancelled",
    "oci:Kms/keyVersion:KeyVersion": "the deletion waits 7 to 30 days and can be cancelled",
    "oci:Vault/secret:Secret": "the deletion waits 1 to 30 days and can be cancelled; until then the name is not free",
}

_BACKUP_DAYS = {
    "oci:Psql/dbSystem:DbSystem": "managementPolicy.backupPolicy.retentionDays",
    "oci:Database/autonomousDatabase:AutonomousDatabase": "backupRetentionPeriodInDays",
}
"""The path of the days for which backups are kept."""


@dataclass(frozen=True, kw_only=True)
class Danger:
    """One thing that a change puts at risk."""

    kind: Kind
    resource: Resource
    what: str
    """What happens, for example `replaced; you lose its objects`."""
    because: str = ""
    """The values that force it, or the resource whose replacement forces it."""
    stopped: bool = False
    """Whether the change asks for a loss that the engine refuses, because the resource is protected."""

    @property
    def loses_data(self) -> bool:
        """Whether the change deletes data, leaves it behind, or asks for it in vain. A resource that only leaves the
        stack, or only loses a protection, loses nothing yet."""
        asked = self.stopped and contents_of(self.resource) is not None
        return self.kind in ("lost", "left behind") or asked

    @property
    def loses_gpus(self) -> bool:
        """Whether the change deletes or drains GPU nodes, or asks for it in vain."""
        return has_gpu_nodes(self.resource) and (self.stopped or self.kind in ("lost", "drained"))

    @property
    def sentence(self) -> str:
        said = f"{self.resource.name} ({words(self.resource.type)}): {self.what}"
        return f"{said}; because of {self.because}" if self.because else said


def dangers_of(changes: Sequence[Change]) -> list[Danger]:
    """Everything that these changes put at risk, the worst first."""
    roots = roots_of(changes)
    found = [danger for change in changes for danger in _dangers(change, roots)]
    found += [_danger("fails", each, why, roots) for each in changes if (why := lost_way(each, changes))]
    found += [_danger("unprotected", each, effect, roots) for each, effect in unguarded(changes)]
    return sorted(found, key=_severity)


def _severity(danger: Danger) -> tuple[object, ...]:
    """What makes the whole change fail comes first, then GPU nodes that would be deleted or drained."""
    log = danger.resource.type.startswith("oci:Logging/")
    gpus = gpus_of(danger.resource)
    nodes = has_gpu_nodes(danger.resource) and danger.kind in ("drained", "refused")
    return danger.kind != "fails", not nodes, ORDER.index(danger.kind), -gpus, log, danger.resource.urn


def roots_of(changes: Sequence[Change]) -> list[str]:
    """Resources that are replaced because of their own values, with these values."""
    own = [change for change in changes if change.operation == "replace" and not change.follows]
    # Most resources that follow do so because of one with content, such as a cluster, and not because of a policy.
    own.sort(key=lambda change: contents_of(change.resource) is None)
    return [f"{change.resource.name} ({', '.join(change.values)})" for change in own if change.values]


def heading(dangers: Sequence[Danger]) -> str:
    """`2 lost, 1 drained`: how many of each kind the list has."""
    counts = Counter(danger.kind for danger in dangers)
    return ", ".join(f"{counts[kind]} {kind}" for kind in ORDER if counts[kind])


def danger_lines(changes: Sequence[Change], width: int = 80) -> list[str]:
    """The lines for a terminal: a heading, each danger, and the resources that are replaced as a consequence.

    Empty if there is no danger.
    """
    dangers = dangers_of(changes)
    if not dangers:
        return []
    lines = [f"DANGER: {heading(dangers)}"]
    for danger in dangers:
        start = f"  {danger.kind:<12}"
        lines += lines_of(start + danger.sentence, width, len(start))
    named = {danger.resource.urn for danger in dangers}
    follow = [each.resource for each in changes if each.follows and each.resource.urn not in named]
    if follow:
        lines += lines_of(f"  Replaced as a consequence: {kinds(follow)}.", width)
    return lines


def _dangers(change: Change, roots: Sequence[str]) -> Iterator[Danger]:
    if in_the_way := collision(change):
        yield _danger("fails", change, in_the_way, roots)
    if change.resource.is_provider:
        yield from _left_behind(change)
    elif change.operation in ("replace", "delete"):
        yield from _deleted(change, roots)
    elif change.before and change.after:
        yield from _less_protected(change)
    old_key = _old_key(change)
    if old_key:
        yield _danger("unprotected", change, old_key)
    for kind, nodes in node_dangers(change):
        yield _danger(kind, change, nodes, roots)


def _left_behind(change: Change) -> Iterator[Danger]:
    """The resources of a provider with a new region. Its calls go to that region, which does not know them.

    Source: terraform-provider-oci calls its configured region. Its `ReadResource` and `DeleteResource` (crud helpers)
    drop a resource from the state if the answer says that it does not exist.
    """
    if change.before is None or change.after is None or change.resource.name == HOME_PROVIDER:
        return
    old, new = (state.inputs.get("region") for state in (change.before, change.after))
    what = (
        f"everything that it created stays in {old} and costs money; the stack can no longer change or delete it, and "
        f"a refresh or `destroy` forgets it. Destroy the stack before this change, or use a new stack for {new}"
    )
    yield _danger("left behind", change, what)


def _deleted(change: Change, roots: Sequence[str]) -> Iterator[Danger]:
    kind, holds = change.resource.type, contents_of(change.resource)
    if kind in STAYING and change.operation == "delete":
        yield _danger("kept", change, f"deleted from the stack only: {STAYING[kind]}", roots)
    if not holds:
        return
    done = "replaced" if change.operation == "replace" else "deleted"
    if change.before and change.before.protect:
        what = f"would be {done}, with {holds}; it is protected, so the engine refuses"
        yield _danger("refused", change, what, roots)
    elif change.kept:
        yield _danger("kept", change, f"{done}: the old one leaves the stack but stays in the cloud", roots)
    elif kind in _PENDING_DELETION:
        yield _danger("lost", change, f"{done}, with {holds}; {_PENDING_DELETION[kind]}", roots)
    else:
        yield _danger("lost", change, f"{done}; you lose {holds}", roots)


def contents_of(resource: Resource) -> str | None:
    """What is lost with a resource and not created again with it; None if nothing is lost."""
    if resource.type.startswith("kubernetes:helm.sh/"):
        claims = "volumeClaimTemplate" in json.dumps(resource.inputs, default=str)
        return "the files of its claims" if claims else None
    return HOLDERS.get(resource.type)


def _less_protected(change: Change) -> Iterator[Danger]:
    before, after = change.before, change.after
    if before is None or after is None:
        return
    if before.protect and not after.protect and contents_of(after):
        yield _danger(
            "unprotected", change, f"no longer protected: the next change may delete {contents_of(after)}"
        )
    if before.type == "oci:ObjectStorage/bucket:Bucket":
        if before.inputs.get("versioning") == "Enabled" != after.inputs.get("versioning"):
            what = "older versions are no longer kept: overwritten and deleted objects are lost"
            yield _danger("unprotected", change, what)
        if len(as_sequence(after.inputs.get("retentionRules"))) < len(
            as_sequence(before.inputs.get("retentionRules"))
        ):
            yield _danger(
                "unprotected", change, "a retention rule is deleted: objects may be deleted earlier"
            )
    days = [as_number(at(state.inputs, _BACKUP_DAYS.get(before.type, "-"))) for state in (before, after)]
    if days[0] and (days[1] or 0) < days[0]:
        what = f"backups are kept for {days[1] or 0:g} instead of {plural('day', int(days[0]))}"
        yield _danger("unprotected", change, what)


def _old_key(change: Change) -> str | None:
    """The warning that existing volumes keep a key that nothing in the stack will name any more."""
    path, who = VOLUME_KEYS.get(change.resource.type, ("", ""))
    if not path or change.before is None or change.after is None:
        return None
    old = at(change.before.inputs, path)
    if not isinstance(old, str) or old == at(change.after.inputs, path):
        return None
    return (
        f"{who} the key {old}; while they use it, do not delete it or give it a version, on a schedule or by hand "
        "(docs/encryption.md, Rotation)"
    )


def _danger(kind: Kind, change: Change, what: str, roots: Sequence[str] = ()) -> Danger:
    because = some(list(roots)) if change.follows and roots else ", ".join(change.values)
    stopped = kind == "refused" and change.operation in ("replace", "delete")
    return Danger(kind=kind, resource=change.resource, what=what, because=because, stopped=stopped)
