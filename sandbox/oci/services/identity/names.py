"""Identity: valid names."""

import re

from sandbox.oci.errors import invalid_parameter
from sandbox.oci.rules import Call, rule


def same_name(one: object, other: object) -> bool:
    """Whether two names are equal. Ignores case."""
    return isinstance(one, str) and isinstance(other, str) and one.lower() == other.lower()


_IDENTITY = re.compile(r"[A-Za-z0-9+@._-]{1,100}")
"""Names of groups, policies and others: no blanks."""


@rule(
    "oci:Identity/group:Group",
    "oci:Identity/dynamicGroup:DynamicGroup",
    "oci:Identity/policy:Policy",
    "oci:Identity/compartment:Compartment",
    "oci:Identity/tagNamespace:TagNamespace",
    "oci:Identity/tag:Tag",
    "oci:Limits/quota:Quota",
)
def identity_name(call: Call) -> None:
    """400 for other characters than letters, digits, '.', '-', '_', '+' and '@', or for more than 100."""
    name = call.inputs.get("name")
    if isinstance(name, str) and not _IDENTITY.fullmatch(name):
        raise invalid_parameter(
            f"name {name!r} is invalid: letters, digits, periods, hyphens and underscores, 1 to 100 characters"
        )
