"""A secret's versions: their numbers, names, rotation states and content.

Source of the states: the text of `stages` in the SDK's SecretVersion (oci.vault.models). The version in use is CURRENT,
the one that was in use before it PREVIOUS, a staged one PENDING, the newest one also LATEST, and every other one
DEPRECATED.
"""

import base64
import hashlib
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import not_found
from sandbox.oci.masking import MARK
from sandbox.oci.model import Entry
from sandbox.oci.services.vault.material import seal, unseal
from sandbox.store import Store, now

_KIND = "oci-secret-versions"
_CONTENT = "oci-secret-content"


@dataclass(frozen=True)
class Version:
    """One version. `content` is Base64, the digest of masked content, or empty for generated content."""

    content: str = ""
    name: str = ""
    created: str = ""
    deletion: str = ""
    """When it will be deleted; empty if its deletion is not pending."""


@dataclass(frozen=True)
class Versions:
    """All versions of a secret, by number. 0 stands for none."""

    current: int = 0
    previous: int = 0
    pending: int = 0
    known: dict[int, Version] = field(default_factory=dict[int, Version])

    @property
    def latest(self) -> int:
        return max(self.known, default=0)

    def stages(self, number: int) -> list[str]:
        """The rotation states of a version."""
        named = {"CURRENT": self.current, "PENDING": self.pending, "PREVIOUS": self.previous}
        found = [stage for stage, each in named.items() if each == number] or ["DEPRECATED"]
        return [*found, "LATEST"] if number == self.latest else found

    def added(self, version: Version, stage: str = "") -> "Versions":
        """With one version more. The first one is always CURRENT."""
        number = self.latest + 1
        more = replace(self, known={**self.known, number: version})
        return replace(more, pending=number) if stage == "PENDING" and self.current else more.promoted(number)

    def promoted(self, number: int) -> "Versions":
        """With another version in use."""
        if number == self.current:
            return self
        pending = 0 if self.pending == number else self.pending
        return replace(self, current=number, previous=self.current, pending=pending)

    def changed(self, number: int, **values: str) -> "Versions":
        """With other values of one version."""
        return replace(self, known={**self.known, number: replace(self.known[number], **values)})

    def find(self, number: int | None, stage: str | None, name: str | None) -> int:
        """The number of the version that a client asks for: the current one unless it says more. 404 for none."""
        for each in sorted(self.known, reverse=True):
            wanted = stage is None or stage.upper() in self.stages(each)
            wanted = wanted and number in (None, each) and name in (None, self.known[each].name)
            current = (number, stage, name) != (None, None, None) or each == self.current
            if wanted and current and not self.known[each].deletion:
                return each
        raise not_found(f"Version {number or stage or name}.")


def versions_of(store: Store, secret: str, current: object = None) -> Versions:
    """The versions of a secret, by its OCID. Without a record there are as many as the current number says."""
    found = store.get(_KIND, secret)
    if found is None:
        number = int(str(current or 0))
        known = {each: Version(created=now()) for each in range(1, number + 1)}
        return Versions(number, number - 1 if number > 1 else 0, 0, known)
    known = {int(number): Version(**each) for number, each in found["known"].items()}
    return Versions(found["current"], found["previous"], found["pending"], known)


def save(store: Store, secret: str, versions: Versions) -> None:
    """Record the versions of a secret."""
    store.put(_KIND, secret, asdict(versions))


def keep_content(store: Store, mask: str, content: str) -> None:
    """Keep the content of a version, encrypted, under the digest that masks it elsewhere."""
    sealed = seal(store, mask, content.encode())
    store.put(_CONTENT, mask, {"sealed": base64.b64encode(sealed).decode()})


def bundle(cloud: Cloud, secret: Entry, number: int) -> dict[str, Any]:
    """A version with its content, as the API shows it."""
    versions = versions_of(cloud.store, secret.id, secret.outputs.get("currentVersionNumber"))
    content = _content(cloud.store, secret.id, number, versions.known[number].content)
    name = versions.known[number].name
    return (
        version_body(secret, versions, number)
        | ({"versionName": name} if name else {})
        | {
            "secretBundleContent": {"contentType": "BASE64", "content": content},
            "metadata": secret.outputs.get("metadata") or {},
        }
    )


def version_body(secret: Entry, versions: Versions, number: int) -> dict[str, Any]:
    """A version without its content."""
    found = versions.known[number]
    body: dict[str, Any] = {
        "secretId": secret.id,
        "versionNumber": number,
        "stages": versions.stages(number),
        "timeCreated": found.created,
        "timeOfDeletion": found.deletion or None,
    }
    return {name: value for name, value in body.items() if value is not None}


def _content(store: Store, secret: str, number: int, known: str) -> str:
    """The content in Base64. Generated or unknown content is the same text for the same secret and version."""
    if known and not known.startswith(MARK):
        return known
    kept = store.get(_CONTENT, known) if known else None
    plain = unseal(store, known, base64.b64decode(kept["sealed"])) if kept else None
    if plain is not None:
        return plain.decode()
    text = "Aa1#" + hashlib.blake2b(f"{secret}/{number}".encode(), digest_size=13).hexdigest()
    return base64.b64encode(text.encode()).decode()
