"""Replacements that the cloud refuses, because the old resource still has their name or their place."""

from facts.unique_names import UNIQUE
from report.changes import Change, at, shown
from report.resources import holds_unknown

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
