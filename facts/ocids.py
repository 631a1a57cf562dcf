"""Oracle Cloud identifiers: `ocid1.<resource type>.<realm>.[region][.future use].<unique id>`.

Source: Oracle's "Resource Identifiers" page. The region is empty for a resource of the whole tenancy. Older
regions appear by their key (`iad`), newer ones by their name (`eu-zurich-1`).
"""

import re
from dataclasses import dataclass

PLACEHOLDER_MARK = "REPLACE-ME"
"""In example files: a value that only the owner of the account knows. `up` refuses it on a real account."""

_OCID = re.compile(
    r"ocid1\.(?P<type>[a-z][a-z0-9_-]*)\.(?P<realm>oc[0-9]+)\.(?P<region>[a-z0-9-]*)(?:\.[a-z0-9-]*)?\."
    r"(?P<unique>[A-Za-z0-9_-]+)"
)


@dataclass(frozen=True, kw_only=True)
class Ocid:
    """The parts of an OCID; `region` as written (name, key or empty)."""

    resource_type: str
    realm: str
    region: str
    unique: str


def parse_ocid(text: str) -> Ocid | None:
    """The parts of a valid OCID, or None. A placeholder such as ocid1.image.oc1.iad.REPLACE-ME is valid."""
    found = _OCID.fullmatch(text)
    if not found:
        return None
    return Ocid(
        resource_type=found["type"], realm=found["realm"], region=found["region"], unique=found["unique"]
    )


def is_placeholder(text: str) -> bool:
    """Whether the text contains the mark of a placeholder, in upper or lower case."""
    return PLACEHOLDER_MARK in text.upper()
