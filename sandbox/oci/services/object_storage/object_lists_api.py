"""Object Storage: lists of objects and of their versions in OCI's REST API."""

from collections.abc import Iterable
from typing import Any, Final

from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.listing import Key, last_key, page_token
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.services.object_storage.api import CLIENT, bucket_of
from sandbox.oci.services.object_storage.buckets import OBJECT
from sandbox.oci.services.object_storage.objects import Listed, Objects
from sandbox.oci.services.object_storage.tiers import archival_state

_MOST: Final = 1000
_CHOICE: Final = ("prefix", "start", "end", "limit", "delimiter", "fields", "startAfter")
"""The parameters that choose versions and what is shown of them."""

Row = dict[str, Any]
Found = tuple[Listed | None, str]
"""A version, or None for a folder, and its name."""


@answers(CLIENT, "list_objects", reads=_CHOICE)
def list_objects(request: Request) -> Response:
    """The objects of a bucket by name. Names with the delimiter after the prefix are folded to prefixes."""
    request.meet_faults(OBJECT)
    bucket, limit = bucket_of(request), _limit(request)
    found = _folded(request, Objects(request.cloud.store).all(bucket.id, request.argument("prefix") or ""))
    shown = found[:limit]
    body: Row = {
        "objects": [
            _chosen(request, _summary(request, bucket, each)) for each, _ in shown if each is not None
        ]
    }
    if request.argument("delimiter"):
        body["prefixes"] = [name for each, name in shown if each is None]
    if len(found) > limit:
        body["nextStartWith"] = found[limit][1]
    return Response(body=body)


@answers(CLIENT, "list_object_versions", reads=(*_CHOICE, "page"))
def list_versions(request: Request) -> Response:
    """All versions of a bucket's objects and the markers of deletions, by name, newest first."""
    request.meet_faults(OBJECT)
    bucket, limit, last = bucket_of(request), _limit(request), last_key(request)
    found = _folded(
        request, Objects(request.cloud.store).versions(bucket.id, request.argument("prefix") or "")
    )
    first = _after(last, [_key(each) for each in found]) if last else 0
    shown = found[first : first + limit]
    body: Row = {
        "items": [_chosen(request, _version(request, bucket, each)) for each, _ in shown if each is not None]
    }
    if request.argument("delimiter"):
        body["prefixes"] = [name for each, name in shown if each is None]
    more = len(found) > first + limit
    return Response(
        body=body, headers={"opc-next-page": page_token(request, _key(shown[-1]))} if more else {}
    )


def _key(found: Found) -> Key:
    return [found[1], found[0].version, found[0].modified] if found[0] else [found[1], "", ""]


def _after(last: Key, keys: list[Key]) -> int:
    """The place after a version. One that is gone since has its place by name and time: older ones come after it."""
    if last in keys:
        return keys.index(last) + 1
    return sum(key[0] < last[0] or (key[0] == last[0] and key[2] >= last[2]) for key in keys)


def _limit(request: Request) -> int:
    limit = int(request.argument("limit") or _MOST)
    if not 1 <= limit <= _MOST:
        raise invalid_parameter(f"limit must be between 1 and {_MOST}, not {limit}.")
    return limit


def _folded(request: Request, versions: Iterable[Listed]) -> list[Found]:
    """The versions between `start` and `end`, each folder once in place of what is in it."""
    start, end = request.argument("start") or "", request.argument("end")
    after, delimiter = request.argument("startAfter"), request.argument("delimiter")
    if delimiter not in (None, "/"):
        raise invalid_parameter(f"delimiter must be '/', not '{delimiter}'.")
    found: dict[tuple[str, str], Found] = {}
    for each in versions:
        if each.name >= start and (not end or each.name < end) and (not after or each.name > after):
            folder = _folder(each.name, request.argument("prefix") or "", delimiter)
            key = (folder, "") if folder else (each.name, each.version)
            found.setdefault(key, (None, folder) if folder else (each, each.name))
    return list(found.values())


def _folder(name: str, prefix: str, delimiter: str | None) -> str:
    rest = name[len(prefix) :]
    return prefix + rest.split(delimiter)[0] + delimiter if delimiter and delimiter in rest else ""


def _summary(request: Request, bucket: Entry, found: Listed) -> Row:
    state = archival_state(request.cloud.store, bucket.id, found)
    return {
        "name": found.name,
        "size": found.size,
        "md5": found.md5,
        "etag": found.etag,
        "timeCreated": found.created,
        "timeModified": found.modified,
        "storageTier": found.tier,
        **({"archivalState": state} if state else {}),
    }


def _version(request: Request, bucket: Entry, found: Listed) -> Row:
    """A version in a list. The marker of a deletion has no content to tell of."""
    row = _summary(request, bucket, found)
    own = {name: value for name, value in row.items() if not found.marker or name in _OF_MARKERS}
    return {**own, "versionId": found.version, "isDeleteMarker": found.marker}


_ALWAYS: Final = frozenset({"name", "versionId", "isDeleteMarker"})
_OF_MARKERS: Final = frozenset({"name", "timeCreated", "timeModified"})


def _chosen(request: Request, row: Row) -> Row:
    """What each row has, and what `fields` asks for, which is not case-sensitive."""
    wanted = set((request.argument("fields") or "").casefold().split(","))
    if request.operation.method_name == "list_object_versions":
        wanted.add("timemodified")
    return {name: value for name, value in row.items() if name in _ALWAYS or name.casefold() in wanted}
