"""The default tags of compartments, and the tags that a provider leaves alone.

Sources: OCI's API reference of `TagDefault` (a default applies to new resources of the compartment and of those below
it) and of `AssembleEffectiveTagSet` (the default of a lower compartment wins), Oracle's page "Using Tag Variables", and
DefinedTagsDiffSuppressFunction in internal/tfresource/tags_helper.go of terraform-provider-oci 8.28.0: it ignores case,
and it sees only the tags of the resource itself, not those of its parts.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sandbox.oci.account import Account
from sandbox.oci.cloud import Cloud
from sandbox.oci.compartments import those_above
from sandbox.oci.computed import CreateContext
from sandbox.oci.model import Entry
from sandbox.oci.schema import Fields

NAMESPACE: Final = "oci:Identity/tagNamespace:TagNamespace"
TAG: Final = "oci:Identity/tag:Tag"
DEFAULT: Final = "oci:Identity/tagDefault:TagDefault"
FIELD: Final = "definedTags"
MOST_IGNORED: Final = 100
"""MaxItems of `ignore_defined_tags` in internal/provider/provider.go of the provider."""

CREATOR: Final = "sandbox"
"""Who creates everything here, as the variable `${iam.principal.name}` shows it."""


def with_defaults(context: CreateContext, fields: Fields, outputs: dict[str, Any]) -> dict[str, Any]:
    """The outputs of a new resource, with the default tags of its compartment for which nobody gave a value."""
    if FIELD not in fields or context.token in (NAMESPACE, TAG):
        return outputs
    place = str(outputs.get("compartmentId") or "")
    given = _flat(outputs.get(FIELD))
    taken = {name.lower() for name in given}
    found: dict[str, str] = {}
    for name, value in _defaults(context.cloud, place, context.tenancy):
        if name.lower() not in taken:
            taken.add(name.lower())
            found[name] = _resolved(value)
    return {**outputs, FIELD: {**given, **found}} if found else outputs


def with_tags_of_others(
    account: Account, old: Entry, inputs: Mapping[str, Any], outputs: dict[str, Any]
) -> dict[str, Any]:
    """The outputs of a changed resource. A provider sends the tags that it ignores as they are. Any other client keeps
    all of them while it sends none."""
    has = old.outputs.get(FIELD)
    if FIELD not in inputs:
        return outputs
    if account.connected and inputs[FIELD] == old.inputs.get(FIELD):
        return {**outputs, FIELD: has}
    return with_ignored(account.ignored_tags, has, outputs)


def seen_by_provider(
    given: Mapping[str, Any], state: Mapping[str, Any], new: Mapping[str, Any]
) -> dict[str, Any]:
    """The old inputs that are compared with the new ones: with the tags that the resource has, not those that it was
    given. The provider compares its state with the configuration, so it finds tags of others."""
    has = state.get(FIELD)
    return {**given, FIELD: has} if isinstance(has, dict) and isinstance(new.get(FIELD), dict) else {**given}


def with_ignored(ignored: Collection[str], has: object, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs with the ignored tags as the resource has them, so that they neither differ nor get lost."""
    wanted = inputs.get(FIELD)
    if not ignored or not isinstance(wanted, dict):
        return {**inputs}
    alone = {name.lower() for name in ignored}
    kept = {name: value for name, value in _flat(has).items() if name.lower() in alone}
    others = {name: value for name, value in wanted.items() if str(name).lower() not in alone}
    return {**inputs, FIELD: {**others, **kept}}


def ignored_tags(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The tags that a provider's configuration says to leave alone. The engine passes a list as JSON."""
    given = config.get("ignoreDefinedTags")
    try:
        found = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        return ()
    return tuple(str(each) for each in found) if isinstance(found, list) else ()


def _flat(tags: object) -> dict[str, str]:
    """Values by `namespace.key`, from either form: the provider's, or the API's nested objects."""
    flat: dict[str, str] = {}
    for name, value in tags.items() if isinstance(tags, dict) else ():
        if isinstance(value, dict):
            flat |= {f"{name}.{key}": each for key, each in value.items()}
        else:
            flat[str(name)] = value
    return flat


def _defaults(cloud: Cloud, compartment: str, tenancy: str) -> Iterator[tuple[str, str]]:
    """Names and values of the defaults that a new resource gets, those of the lowest compartment first."""
    defaults = cloud.all(DEFAULT)
    places = those_above(cloud, compartment) if defaults else []
    for place in dict.fromkeys([*places, tenancy]):
        for each in defaults:
            key = cloud.find(str(each.inputs.get("tagDefinitionId")))
            owner = cloud.find(str(key.inputs.get("tagNamespaceId"))) if key else None
            required = str(each.inputs.get("isRequired")).lower() == "true"
            if each.inputs.get("compartmentId") == place and key and owner and not required:
                name = f"{owner.inputs.get('name')}.{key.inputs.get('name')}"
                yield name, str(each.inputs.get("value"))


def _resolved(value: str) -> str:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    variables = {"iam.principal.name": CREATOR, "iam.principal.type": "user", "oci.datetime": now}
    for name, known in variables.items():
        value = value.replace(f"${{{name}}}", known)
    return value
