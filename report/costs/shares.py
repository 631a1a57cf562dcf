"""The monthly cost divided by layer, resource, tag and environment, and what changed in each."""

from collections.abc import Callable, Mapping, Sequence

from report.cost import CostLine, CostReport
from report.resources import Resource, as_mapping

UNTAGGED = "no tag"
CLUSTER = "oci:ContainerEngine/cluster:Cluster"
ENVIRONMENT = "Environment"

Amounts = Mapping[str, float]


def sums(
    report: CostReport,
    key: Callable[[CostLine], str],
    amount: Callable[[CostLine], float] = lambda line: line.monthly,
) -> dict[str, float]:
    """The monthly cost by a key of the lines, the largest first. `amount`: what is added up of each line."""
    found: dict[str, float] = {}
    for line in report.lines:
        found[key(line)] = found.get(key(line), 0.0) + amount(line)
    return dict(sorted(found.items(), key=lambda entry: -entry[1]))


def by_tag(report: CostReport, resources: Sequence[Resource]) -> dict[str, dict[str, float]]:
    """The monthly cost by tag and value. Every tag divides the whole cost: what lacks it is `no tag`.

    The key of a defined tag counts with the free-form tag of the same name: `CostCentre` for `prod-genai.CostCentre`.
    """
    tags = tags_of(resources)
    keys = sorted({key for line in report.lines for key in tags.get(line.urn, {})})
    return {
        key: sums(report, lambda line, key=key: tags.get(line.urn, {}).get(key, UNTAGGED)) for key in keys
    }


def by_environment(report: CostReport, resources: Sequence[Resource], stack: str) -> dict[str, float]:
    """The monthly cost by the value of the tag Environment; without one, it is the stack's."""
    tags = tags_of(resources)
    return sums(report, lambda line: tags.get(line.urn, {}).get(ENVIRONMENT, stack))


def tags_of(resources: Sequence[Resource]) -> Mapping[str, Mapping[str, str]]:
    """The tags of each resource by URN. Balancers and volumes of Kubernetes have those that their cluster gives."""
    options = [as_mapping(each.inputs.get("options")) for each in resources if each.type == CLUSTER]
    given: dict[str, Mapping[str, str]] = {
        kind: _tags(as_mapping(options[0].get(section))) if len(options) == 1 else {}
        for kind, section in (
            ("kubernetes:core/v1:Service", "serviceLbConfig"),
            ("kubernetes:core/v1:PersistentVolumeClaim", "persistentVolumeConfig"),
        )
    }
    return {each.urn: given.get(each.type) or _tags(each.inputs) for each in resources}


def _tags(inputs: Mapping[str, object]) -> Mapping[str, str]:
    free, defined = (as_mapping(inputs.get(kind)) for kind in ("freeformTags", "definedTags"))
    flat = {
        name.rsplit(".", 1)[-1]: value
        for key, entry in defined.items()
        # A state may contain the tags of a namespace below its name.
        for name, value in (as_mapping(entry) or {key: entry}).items()
    }
    return {key: str(value) for key, value in {**free, **flat}.items()}


def changes(after: Amounts, before: Amounts) -> dict[str, float]:
    """What changed by key, the largest change first. What stays the same is left out."""
    found = {key: after.get(key, 0.0) - before.get(key, 0.0) for key in dict.fromkeys((*after, *before))}
    moved = {key: change for key, change in found.items() if abs(change) >= _CENT}
    return dict(sorted(moved.items(), key=lambda entry: -abs(entry[1])))


_CENT = 0.005
