"""Refusals in the form of the Kubernetes API server."""

from collections.abc import Sequence

from sandbox.kubernetes.api.values import Json


class ApiError(Exception):
    """The API server's error response: HTTP code, reason, message."""

    def __init__(self, code: int, reason: str, message: str, problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.problems = tuple(problems)


class NotLive(Exception):  # noqa: N818 - a state rather than a fault
    """The object exists on the server but did not become ready. `reasons` begins with the most important one."""

    def __init__(self, message: str, reasons: Sequence[str], live: Json) -> None:
        super().__init__(message)
        self.reasons = tuple(reasons)
        self.live = live


ALREADY_EXISTS_HELP = """

The resource already exists in the cluster. This can happen when:

  - Renaming a Pulumi resource: use an alias to preserve the identity,
    or use deleteBeforeReplace if the resource needs replacement.
  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)
    to manage specific fields without owning the resource lifecycle.
  - Adopting a resource into Pulumi: use `pulumi import`. Note that
    protected resources (e.g. kube-system) cannot be deleted on destroy.
  - Intentional upsert: set upsertExistingObjects on the provider to allow
    server-side apply to update existing objects on create."""


def not_found(resource: str, name: str) -> ApiError:
    """404 in the server's words; `resource` is a plural such as `namespaces` or `deployments.apps`."""
    return ApiError(404, "NotFound", f'{resource} "{name}" not found')


def already_exists(resource: str, name: str) -> ApiError:
    """409 for a name that is already in use."""
    return ApiError(409, "AlreadyExists", f'{resource} "{name}" already exists')


def forbidden(resource: str, name: str, why: str) -> ApiError:
    """403: admission refuses the object."""
    return ApiError(403, "Forbidden", f'{resource} "{name}" is forbidden: {why}')


def request_too_large(limit: int) -> ApiError:
    """413: the body of the request."""
    return ApiError(413, "RequestEntityTooLarge", f"Request entity too large: limit is {limit}")


def not_stored() -> ApiError:
    """500: etcd refuses the object, in etcd's words."""
    return ApiError(500, "InternalError", "etcdserver: request is too large")


def invalid(kind: str, group: str, name: str, problems: Sequence[str]) -> ApiError:
    """422: all problems at once, each with its field."""
    shown = f"{kind}.{group}" if group else kind
    listed = problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]"
    return ApiError(422, "Invalid", f'{shown} "{name}" is invalid: {listed}', problems)


def no_match(kind: str, api_version: str) -> ApiError:
    """The server does not serve this kind (yet)."""
    return ApiError(404, "NoMatch", f'no matches for kind "{kind}" in version "{api_version}"')
