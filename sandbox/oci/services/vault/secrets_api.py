"""Vault: secrets, their versions and their content in OCI's REST API."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.etags import require_match
from sandbox.oci.api.generic import body_inputs, changed, created, required
from sandbox.oci.api.listing import page, rows_of
from sandbox.oci.api.pending import cancelled, scheduled
from sandbox.oci.api.request import Request, Response
from sandbox.oci.engine_values import Secret
from sandbox.oci.errors import conflict, invalid_parameter, not_found
from sandbox.oci.model import Entry
from sandbox.oci.rules.reading import blocks, time_of
from sandbox.oci.services.vault.secrets import SECRET
from sandbox.oci.services.vault.versions import (
    Version,
    Versions,
    bundle,
    keep_content,
    save,
    version_body,
    versions_of,
)
from sandbox.store import now

_VAULTS: Final = "vault.VaultsClient"
_BUNDLES: Final = "secrets.SecretsClient"

endpoint(SECRET, _VAULTS, "secret", methods={"create": "create_secret"})


@answers(_VAULTS, "create_secret")
def create_secret(request: Request) -> Response:
    """Create a secret with its first version. The content is kept encrypted, and nowhere else."""
    return _with_content(request, lambda inputs: created(endpoint_of(SECRET), request, inputs))


@answers(_VAULTS, "update_secret")
def update_secret(request: Request) -> Response:
    """Change a secret: new content is a new version, and `currentVersionNumber` puts another version in use."""
    found = endpoint_of(SECRET)
    number = request.body.pop("currentVersionNumber", None)
    if number is not None and request.body.get("secretContent") is not None:
        raise invalid_parameter("currentVersionNumber must not be given together with secretContent.")
    with request.operations.call(request.account, "update", SECRET, request.operation.name):
        entry = required(found, request)
        if number is not None:
            _promoted(request, entry, number)

        def write(inputs: dict[str, Any]) -> Response:
            _note_same_content(request, entry, inputs)
            return changed(found, request, entry, inputs)

        return _with_content(request, write)


def _note_same_content(request: Request, entry: Entry, inputs: dict[str, Any]) -> None:
    """Content that the secret had before is a new version too, unless a rule of the secret forbids it: 400.

    Source: the text of the SDK's SecretReuseRule. The status is unverified.
    """
    if "secretContent" not in inputs:
        return
    (content,) = blocks(request.operations.masking.masked({}, inputs), "secretContent")
    versions, mask = _versions(request, entry), str(content["content"])
    rules = blocks({**entry.inputs, **inputs}, "secretRules")
    for each in (rule for rule in rules if rule.get("ruleType") == "SECRET_REUSE_RULE"):
        deleted_too = bool(each.get("isEnforcedOnDeletedSecretVersions"))
        if any(old.content == mask and (deleted_too or not old.deletion) for old in versions.known.values()):
            raise invalid_parameter(f"The secret {entry.id} had this content before.")
    if content == next(iter(blocks(entry.inputs, "secretContent")), None):
        again = Version(mask, str(content.get("name") or ""), now())
        save(request.cloud.store, entry.id, versions.added(again, str(content.get("stage") or "")))


def _with_content(request: Request, write: Callable[[dict[str, Any]], Response]) -> Response:
    """Keep the content under its mask, and write with masked content.

    The content comes first: a secret that a lost connection left behind has it too.
    """
    inputs = body_inputs(endpoint_of(SECRET), request)
    content = next(iter(blocks(inputs, "secretContent")), {}).get("content")
    if content is None:
        return write(inputs)
    inputs["secretContent"] = {**blocks(inputs, "secretContent")[0], "content": Secret(content)}
    mask = request.operations.masking.masked({}, {"content": Secret(content)})["content"]
    keep_content(request.cloud.store, mask, content)
    return write(inputs)


def _promoted(request: Request, entry: Entry, number: int) -> None:
    """Put another version in use. The update that follows shows its number."""
    require_match(request.headers, entry)
    versions = _versions(request, entry)
    if number not in versions.known or versions.known[number].deletion:
        raise not_found(f"Version {number} of the secret {entry.id}.")
    save(request.cloud.store, entry.id, versions.promoted(number))


@answers(_VAULTS, "list_secrets", reads=("name",), lists=True)
def list_secrets(request: Request) -> Response:
    """The secrets of a compartment; `name` is the secret's name."""
    name, rows = request.argument("name"), rows_of(endpoint_of(SECRET), request)
    return page(request, [row for row in rows if name in (None, row["secretName"])], ignored=("name",))


@answers(_VAULTS, "schedule_secret_deletion")
def schedule_secret_deletion(request: Request) -> Response:
    """Let a secret wait for its deletion, for 30 days unless another time is given."""
    return scheduled(endpoint_of(SECRET), request)


@answers(_VAULTS, "cancel_secret_deletion")
def cancel_secret_deletion(request: Request) -> Response:
    """Have a secret back that waits for its deletion."""
    return cancelled(endpoint_of(SECRET), request)


@answers(_VAULTS, "rotate_secret")
def rotate_secret(request: Request) -> Response:
    """Generate a new version. 400 for a secret that is neither generated nor rotated (status unverified)."""
    found = endpoint_of(SECRET)
    with request.operations.call(request.account, "update", SECRET, request.operation.name):
        entry = required(found, request)
        if not entry.inputs.get("enableAutoGeneration") and not blocks(entry.inputs, "rotationConfig"):
            raise invalid_parameter("Rotation needs a rotationConfig or enableAutoGeneration.")
        save(request.cloud.store, entry.id, _versions(request, entry).added(Version(created=now())))
        return changed(found, request, entry, {})


@answers(_VAULTS, "cancel_secret_rotation")
def cancel_secret_rotation(request: Request) -> Response:
    """409: a rotation is over here before it could be cancelled (status unverified)."""
    entry = required(endpoint_of(SECRET), request)
    raise conflict(f"The secret {entry.id} has no rotation in progress.", "IncorrectState")


@answers(_VAULTS, "get_secret_version")
def get_secret_version(request: Request) -> Response:
    """One version without its content."""
    entry, versions, number = _named_version(request)
    return Response(body=_row(entry, versions, number))


@answers(_VAULTS, "list_secret_versions", lists=True)
def list_secret_versions(request: Request) -> Response:
    """The versions of a secret, without their content."""
    entry = required(endpoint_of(SECRET), request)
    versions = _versions(request, entry)
    return page(request, [_row(entry, versions, number) for number in versions.known])


@answers(_VAULTS, "schedule_secret_version_deletion")
def schedule_secret_version_deletion(request: Request) -> Response:
    """Let a version wait for its deletion, for 30 days unless another time is given.

    409 unless it is DEPRECATED. Source: the text of `stages` in the SDK's SecretVersion. The status is unverified.
    """
    with request.operations.call(request.account, "update", SECRET, request.operation.name):
        entry, versions, number = _named_version(request)
        require_match(request.headers, entry)
        if "DEPRECATED" not in versions.stages(number) or versions.known[number].deletion:
            stages = ", ".join(versions.stages(number))
            raise conflict(
                f"Version {number} of {entry.id} is {stages}: only a DEPRECATED one.", "IncorrectState"
            )
        longest = datetime.now(UTC) + timedelta(days=30)
        text = (request.body or {}).get("timeOfDeletion") or f"{longest:%Y-%m-%dT%H:%M:%S.000Z}"
        due = time_of(text)
        if due is None or not timedelta(hours=23) <= due - datetime.now(UTC) <= timedelta(days=30):
            raise invalid_parameter("timeOfDeletion must be 1 to 30 days from now.")
        save(request.cloud.store, entry.id, versions.changed(number, deletion=text))
    return Response(status=204)


@answers(_VAULTS, "cancel_secret_version_deletion")
def cancel_secret_version_deletion(request: Request) -> Response:
    """Have a version back that waits for its deletion. 409 if it does not."""
    with request.operations.call(request.account, "update", SECRET, request.operation.name):
        entry, versions, number = _named_version(request)
        require_match(request.headers, entry)
        if not versions.known[number].deletion:
            raise conflict(f"Version {number} of {entry.id} is not scheduled for deletion.", "IncorrectState")
        save(request.cloud.store, entry.id, versions.changed(number, deletion=""))
    return Response(status=204)


_WHICH = ("versionNumber", "secretVersionName", "stage")


@answers(_BUNDLES, "get_secret_bundle", reads=_WHICH)
def get_secret_bundle(request: Request) -> Response:
    """The content of a version, by default of the current one."""
    return _bundle(request, required(endpoint_of(SECRET), request))


@answers(_BUNDLES, "get_secret_bundle_by_name", reads=("secretName", "vaultId", *_WHICH))
def get_secret_bundle_by_name(request: Request) -> Response:
    """The content of a secret that its name and vault tell."""
    request.meet_faults(SECRET)
    name, vault = request.argument("secretName"), request.argument("vaultId")
    for each in request.cloud.all(SECRET, region=request.account.region):
        if (each.outputs.get("secretName"), each.outputs.get("vaultId")) == (name, vault):
            return _bundle(request, each)
    raise not_found(f"Secret {name} of the vault {vault}.")


@answers(_BUNDLES, "list_secret_bundle_versions", lists=True)
def list_secret_bundle_versions(request: Request) -> Response:
    """The versions whose content can be read."""
    entry = required(endpoint_of(SECRET), request)
    versions = _versions(request, entry)
    return page(request, [version_body(entry, versions, number) for number in versions.known])


def _bundle(request: Request, entry: Entry) -> Response:
    if not entry.live:
        raise not_found(f"{entry.id} is being deleted.")
    number = request.argument("versionNumber")
    found = _versions(request, entry).find(
        int(number) if number else None, request.argument("stage"), request.argument("secretVersionName")
    )
    return Response(body=bundle(request.cloud, entry, found))


def _versions(request: Request, entry: Entry) -> Versions:
    return versions_of(request.cloud.store, entry.id, entry.outputs.get("currentVersionNumber") or 1)


def _named_version(request: Request) -> tuple[Entry, Versions, int]:
    entry = required(endpoint_of(SECRET), request, "secretId")
    number = request.path["secretVersionNumber"]
    versions = _versions(request, entry)
    if not number.isdecimal() or int(number) not in versions.known:
        raise not_found(f"Version {number} of the secret {entry.id}.")
    return entry, versions, int(number)


def _row(entry: Entry, versions: Versions, number: int) -> dict[str, Any]:
    found = versions.known[number]
    own = {"contentType": "BASE64", "isContentAutoGenerated": not found.content}
    named = {"name": found.name} if found.name else {}
    return version_body(entry, versions, number) | own | named
