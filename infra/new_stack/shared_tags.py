"""Default tags of two stacks in one compartment. OCI sets those of either on everything new in it, so each stack must
leave those of the other alone."""

from infra.settings import Settings
from infra.settings.governance.tags import IGNORED

from .names import Names
from .text import Addition
from .values import AccountValues


def ignored_tags(name: str, settings: Settings, values: AccountValues) -> list[Addition]:
    """What a copy of the stack `name` ignores. A source that ignores tags already is copied as it is, and `check` names
    what is missing."""
    tags = settings.governance.tags
    if tags is None or not _shared(settings, values) or tags.ignored:
        return []
    section, _, key = IGNORED.rpartition(".")
    return [Addition(section, key, tuple(tags.defined(name)))]


def note_for_source(name: str, settings: Settings, values: AccountValues, new: str) -> list[str]:
    """What the stack file of the source, which is not changed, must ignore from now on."""
    tags = settings.governance.tags
    if tags is None or not _shared(settings, values):
        return []
    renamed = tags.namespace and Names(name, new).value("governance.tags.namespace", tags.namespace)
    kept = {"namespace": renamed if renamed != tags.namespace else None}
    missing = ", ".join(tags.model_copy(update=kept).defined(new))
    return [f"add to {IGNORED} of Pulumi.{name}.yaml, which has the same compartment: {missing}"]


def _shared(settings: Settings, values: AccountValues) -> bool:
    """Whether both stacks are in one compartment, and the source sets its default tags."""
    tags, own = settings.governance.tags, settings.identity.compartment == "created"
    return tags is not None and tags.manage and not (own or values.another_compartment)
