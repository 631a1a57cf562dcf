"""Events: rules that send events to topics, streams and functions.

Source: the SDK's text (oci.events.models.Rule, ActionDetails): a condition is JSON, an action is ONS, OSS or FAAS, each
with the OCID of its own destination."""

from typing import Final

from facts.cis_events import event_groups
from facts.json_text import read_json
from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule, warning
from sandbox.oci.rules.reading import blocks, one_of

RULE: Final = "oci:Events/rule:Rule"

_DESTINATIONS: Final = {"ONS": "topicId", "OSS": "streamId", "FAAS": "functionId"}

describe(RULE, ocid="eventrule")


@rule(RULE, on="create update")
def condition(call: Call) -> None:
    """400 for a condition that is not a JSON object, or whose event types are not texts."""
    text = call.inputs.get("condition")
    if text is None:
        return
    try:
        found = read_json(str(text))
    except ValueError:
        raise invalid_parameter("condition is not valid JSON.") from None
    if not isinstance(found, dict):
        raise invalid_parameter("condition must be a JSON object.")
    if not all(isinstance(each, str) for each in _types(found)):
        raise invalid_parameter("condition: eventType must be a text or a list of texts.")


@rule(RULE, on="create update")
def actions(call: Call) -> None:
    """400 without an action, for an unknown type, and for an action without the OCID of its own destination."""
    found = blocks(call.inputs, "actions", "actions") + blocks(call.inputs, "actions", "action")
    if not found:
        raise invalid_parameter("actions size must be at least 1.")
    for index, each in enumerate(found):
        path = f"actions[{index}]"
        refusal = one_of(f"{path}.actionType", each.get("actionType"), tuple(_DESTINATIONS))
        if refusal:
            raise refusal
        wanted = _DESTINATIONS[str(each.get("actionType"))]
        given = [key for key in _DESTINATIONS.values() if each.get(key)]
        if given != [wanted]:
            raise invalid_parameter(
                f"{path}: {each.get('actionType')} needs {wanted} and no other destination."
            )


@warning(RULE, on="create update")
def unknown_types(call: Call) -> str | None:
    """Event types of identity and networks that the CIS benchmark does not name. OCI accepts any text."""
    try:
        found = read_json(str(call.inputs.get("condition") or "{}"))
    except ValueError:
        return None
    known = {each for group in event_groups().values() for each in group.types}
    services = {each.rsplit(".", 1)[0] for each in known}
    strange = [
        each
        for each in _types(found)
        if isinstance(each, str)
        and "*" not in each
        and each.rsplit(".", 1)[0] in services
        and each not in known
    ]
    if not strange:
        return None
    return f"no source of the sandbox has these event types, and OCI accepts wrong ones: {', '.join(strange)}"


def _types(found: object) -> list[object]:
    value = found.get("eventType") if isinstance(found, dict) else None
    return value if isinstance(value, list) else [] if value is None else [value]


endpoint(RULE, "events.EventsClient", "rule")
