"""Names and tags that all services check in the same way."""

from facts.names import TAG_BYTES, TAG_KEY, tags_size
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.rules import Call, rule


@rule("*", on="create update")
def display_name(call: Call) -> None:
    """400 unless a display name has 1 to 255 characters, without control characters."""
    name = call.inputs.get("displayName")
    if not isinstance(name, str):
        return
    if not 1 <= len(name) <= 255:
        raise invalid_parameter("displayName size must be between 1 and 255")
    if not name.isprintable():
        raise invalid_parameter("displayName contains invalid characters")


@rule("*", on="create update")
def free_form_tags(call: Call) -> None:
    """400 for more than 10 free-form tags, keys that are not 1 to 100 printable ASCII characters without periods and
    spaces, or values over 256 characters.

    Source: Oracle's page "Tagging Overview", limits on tags.
    """
    tags = call.inputs.get("freeformTags")
    if not isinstance(tags, dict):
        return
    if len(tags) > 10:
        raise invalid_parameter(f"freeformTags: {len(tags)} tags exceed the maximum of 10")
    for key, value in tags.items():
        if not TAG_KEY.fullmatch(str(key)):
            raise invalid_parameter(
                f"freeformTags: key {key!r} must have 1 to 100 printable ASCII characters, without periods and spaces"
            )
        if len(str(value)) > 256:
            raise invalid_parameter(f"freeformTags: the value of {key!r} exceeds 256 characters")


@rule("*", on="create update")
def size_of_tags(call: Call) -> None:
    """400 for more than 5 KB of tags as JSON, free-form and defined ones together.

    Source: Oracle's page "Tagging Overview", limits on tags (Content/Tagging/Concepts/taggingoverview.htm). The words
    of the refusal are unverified.
    """
    given = {name: call.inputs[name] for name in ("freeformTags", "definedTags") if call.inputs.get(name)}
    size = tags_size(given) if given else 0
    if size > TAG_BYTES:
        raise invalid_parameter(f"Tags have {size} bytes as JSON; they cannot exceed {TAG_BYTES} bytes")
