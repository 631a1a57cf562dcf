"""Every resource that takes tags says its environment, and in production who pays for it, who owns it and how
confidential it is."""

import re
from collections.abc import Iterator

from policies.model import Config, Policy, Resource, known, listed, mapping, texts
from policies.taggable import TAGGABLE

KEYS = ("Environment",)
PRODUCTION_KEYS = ("CostCentre", "Owner", "DataClassification")


def judge(resource: Resource, config: Config) -> Iterator[str]:
    """The keys that one resource lacks."""
    if resource.type not in TAGGABLE:
        return
    given = [resource.inputs.get(name) for name in ("freeformTags", "definedTags")]
    if any(each is not None and not known(each) for each in given):
        return
    # A defined tag is `Namespace.Key`. Case does not matter to OCI, and two spellings of a word mean the same key.
    free, defined = map(mapping, given)
    named = [*free.items(), *((key.partition(".")[2], value) for key, value in defined.items())]
    present = {_plain(key) for key, value in named if str(value or "").strip()}
    wanted = listed(config, "keys")
    if resource.stack in listed(config, "stacks"):
        wanted += listed(config, "productionKeys")
    missing = [key for key in wanted if _plain(key) not in present]
    if missing:
        yield f"has no tag {', '.join(missing)}. Set it in freeformTags or in definedTags"


def _plain(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower()).replace("center", "centre")


POLICY = Policy(
    name="tags-present",
    description="Every OCI resource that takes tags has its environment. In production it also has cost centre, owner "
    "and data classification.",
    source="the provider's schema: every type with an input `freeformTags`; CIS OCI Foundations 3.0, control 4.1",
    judge=judge,
    schema={
        "keys": texts(KEYS, "Keys in every stack, free-form or of any tag namespace. Case does not matter."),
        "productionKeys": texts(PRODUCTION_KEYS, "Further keys in the stacks of production."),
        "stacks": texts(["prod"], "The stacks of production."),
    },
)
