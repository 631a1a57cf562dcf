"""Replacements that fail in `up`: the old resource still has their name or place, or its deletion comes too early."""

from collections.abc import Sequence

from facts.unique_names import UNIQUE
from report.changes import Change, at, shown
from report.resources import holds_unknown

BASTION = "oci:Bastion/bastion:Bastion"
CLUSTER = "oci:ContainerEngine/cluster:Cluster"

_FREED_LATE = {"oci:Vault/secret:Secret": "until its deletion has ended, after 1 to 30 days"}


def collision(change: Change) -> str | None:
    """Why the new resource of a replacement cannot be created, and what to do; None if nothing is in its way.

    A value that is not known yet comes from another new resource, so it is not the old one.
    """
    old, new = change.before, change.after
    if change.operation != "replace" or old is None or new is None or old.protect:
        return None
    late = _FREED_LATE.get(old.type)
    if change.deletes_first and not change.kept and not late:
        return None
    for paths in UNIQUE[old.type].paths if old.type in UNIQUE else ():
        values = {path: at(new.inputs, path) for path in paths}
        if all(
            value and not holds_unknown(value) and at(old.inputs, path) == value
            for path, value in values.items()
        ):
            taken = " and ".join(f"{path} {shown(value)}" for path, value in values.items())
            until = late or "and the old one is deleted only after the new one exists"
            return (
                f"this change will fail in `up`: the new one needs the {taken} of the old one, {until}. "
                "Take the change back, or make it in a new environment"
            )
    return None


def lost_way(change: Change, changes: Sequence[Change]) -> str | None:
    """Why objects of a replaced cluster cannot be deleted after a bastion is; None if the bastion is no way to one.

    The program deletes an object through the API of its cluster. Two bastions of one name cannot exist, so the old one
    goes first. The report does not know whether `up` runs through a tunnel: the kubeconfig is a secret.
    """
    first = change.resource.type == BASTION and change.operation == "replace" and change.deletes_first
    if not first or not any(
        each.resource.type == CLUSTER and each.operation == "replace" for each in changes
    ):
        return None
    return (
        "if `up` reaches the cluster through a tunnel of this bastion, this change will fail in `up`: the bastion goes "
        "before the objects in the old cluster. Take the change back, or destroy the stack first"
    )
