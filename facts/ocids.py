"""Oracle Cloud identifiers: `ocid1.<resource type>.<realm>.[region][.future use].<unique id>`.

Source: Oracle's "Resource Identifiers" page. The region is empty for what belongs to the whole tenancy; older
regions appear by key (`iad`), younger ones by name (`eu-zurich-1`).
"""

import re
from dataclasses import dataclass

PLACEHOLDER_MARK = "REPLACE-ME"
"""In example files: a value that only the account's owner knows. A real `up` refuses it."""

_OCID = re.compile(
    r"ocid1\.(?P<type>[a-z][a-z0-9_-]*)\.(?P<realm>oc[0-9]+)\.(?P<region>[a-z0-9-]*)(?:\.[a-z0-9-]*)?\."
    r"(?P<unique>[A-Za-z0-9_-]+)"
)


@dataclass(frozen=True, kw_only=True)
class Ocid:
    """The parts of an OCID; `region` is as written (name, key or empty)."""

    resource_type: str
    realm: str
    region: str
    unique: str


def parse_ocid(text: str) -> Ocid | None:
    """The parts of a well-formed OCID, or None. A placeholder such as ocid1.image.oc1.iad.REPLACE-ME parses."""
    found = _OCID.fullmatch(text)
    if not found:
        return None
    return Ocid(
        resource_type=found["type"], realm=found["realm"], region=found["region"], unique=found["unique"]
    )


_PLACEHOLDER = re.compile(rf"[^\s'\"={{}}]*{PLACEHOLDER_MARK}[^\s'\"={{}}]*", re.IGNORECASE)


def placeholders_in(text: str) -> tuple[str, ...]:
    """The values to be filled in that a text quotes: the OCID in a policy statement, the text itself if it is one."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(text)))


def is_placeholder(text: str) -> bool:
    """Whether the text still holds the mark of a value to be filled in, in any case."""
    return PLACEHOLDER_MARK in text.upper()
