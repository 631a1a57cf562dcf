"""The file for `pulumi import --file`: providers, components, and resources with their ids.

Source: the engine's pkg/cmd/pulumi/operations/import.go (the fields of a file) and pkg/resource/deploy/import.go (a
provider or component that the state already contains is left as it is).
"""

from collections.abc import Mapping, Sequence
from importlib.metadata import version

from infra.offline.recorder import STACK_TYPE
from infra.offline.recording import Registered

from .match import Found

_PROVIDER = "pulumi:providers:"


def import_file(resources: Sequence[Registered], found: Sequence[Found]) -> dict[str, object]:
    """The file's content. Parents come before their children."""
    ids = {each.resource.urn: each.import_id for each in found}
    by_urn = {each.urn: each for each in resources}
    needed: set[str] = set()
    for each in found:
        needed |= {each.resource.urn, *_above(each.resource, by_urn)}
        needed.add(_provider(each.resource))
    rows = [_row(each, ids, by_urn) for each in resources if each.urn in needed]
    return {"resources": rows}


def _above(resource: Registered, by_urn: Mapping[str, Registered]) -> list[str]:
    """The URNs of the components around a resource."""
    above: list[str] = []
    while resource.parent in by_urn:
        above.append(resource.parent)
        resource = by_urn[resource.parent]
    return above


def _provider(resource: Registered) -> str:
    return resource.provider.rpartition("::")[0]


def _row(resource: Registered, ids: Mapping[str, str], by_urn: Mapping[str, Registered]) -> dict[str, object]:
    row: dict[str, object] = {
        "type": resource.type,
        "name": _label(resource),
        "logicalName": resource.name,
    }
    if resource.parent in by_urn:
        row["parent"] = _label(by_urn[resource.parent])
    if resource.type.startswith(_PROVIDER):
        given = {key: value for key, value in resource.inputs.items() if value is not None}
        return {**row, "version": _version(resource.type.removeprefix(_PROVIDER)), "inputs": given}
    if not resource.custom:
        return {**row, "component": True}
    return {**row, "id": ids[resource.urn], "provider": _label(by_urn[_provider(resource)])}


def _label(resource: Registered) -> str:
    """A name in the file. It is unique, because URNs are."""
    return "$".join(resource.urn.split("::")[2:]).replace(f"{STACK_TYPE}$", "")


def _version(package: str) -> str:
    return version(f"pulumi_{package}")
