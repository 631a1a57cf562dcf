"""The engine's message for the differences of a resource."""

from pulumi.runtime.proto import provider_pb2 as messages

from sandbox.oci.diff import Change

_KINDS = {
    ("add", False): messages.PropertyDiff.ADD,
    ("add", True): messages.PropertyDiff.ADD_REPLACE,
    ("delete", False): messages.PropertyDiff.DELETE,
    ("delete", True): messages.PropertyDiff.DELETE_REPLACE,
    ("update", False): messages.PropertyDiff.UPDATE,
    ("update", True): messages.PropertyDiff.UPDATE_REPLACE,
}


def diff_response(found: list[Change], *, delete_first: bool) -> messages.DiffResponse:
    """The answer for changes of a resource. `delete_first`: a replacement cannot exist beside the old resource."""
    response = plain_diff(list(dict.fromkeys(each.property for each in found)))
    response.hasDetailedDiff = True
    for each in found:
        kind = _KINDS[each.kind, bool(each.replaces)]
        response.detailedDiff[each.path].CopyFrom(messages.PropertyDiff(kind=kind, inputDiff=True))
    response.replaces.extend(dict.fromkeys(each.property for each in found if each.replaces))
    response.deleteBeforeReplace = bool(response.replaces) and delete_first
    return response


def plain_diff(names: list[str]) -> messages.DiffResponse:
    """The answer that names the changed properties and nothing more."""
    some = messages.DiffResponse.DIFF_SOME if names else messages.DiffResponse.DIFF_NONE
    return messages.DiffResponse(changes=some, diffs=names)
