"""Refusals that several services share, in OCI's words.

Messages are from public reports where one was found (issues of terraform-provider-oci, oci-cli, terraform-oci-oke and
others). Otherwise they follow the pattern of the same service. Status and code are always those of Oracle's page "API
Errors".
"""

from sandbox.oci.errors import OciError, conflict


def limit_exceeded(*names: str, note: str = "") -> OciError:
    """400: more than the tenancy's service limits allow. `note` says which command set the limit."""
    return OciError(
        400,
        "LimitExceeded",
        f"The following service limits were exceeded: {', '.join(names)}. "
        "Request a service limit increase from the service limits page in the console. ",
        note=note,
    )


def quota_exceeded(*names: str) -> OciError:
    """400: more than the administrator's quotas allow in a compartment."""
    return OciError(
        400,
        "QuotaExceeded",
        f"The following compartment quotas were exceeded: {', '.join(names)}. "
        "Contact your administrator to change the quota policy.",
    )


def out_of_capacity(note: str = "") -> OciError:
    """500: the availability domain has no free host of the shape. The provider does not retry it."""
    return OciError(500, "InternalError", "Out of host capacity.", note=note)


def throttled() -> OciError:
    """429: too many calls."""
    return OciError(429, "TooManyRequests", "Too many requests for the user")


def internal_error() -> OciError:
    """500: the service failed."""
    return OciError(500, "InternalError", "Internal error occurred")


def still_references(noun: str, id: str, other_noun: str, other: str) -> OciError:  # noqa: A002
    """409: another resource still refers to the one to be deleted."""
    return conflict(
        f"The {noun} {id} references the {other_noun} {other}. "
        "You must remove the reference to proceed with this operation."
    )


def gateway_in_use(id: str, gateway: str) -> OciError:  # noqa: A002
    """409: the VCN to be deleted still has a gateway."""
    return conflict(f"{id} is associated with {gateway} that is in use", "IncorrectState")


def vnics_attached(id: str) -> OciError:  # noqa: A002
    """412: the network security group to be deleted still has network cards."""
    message = f"NetworkSecurityGroup {id} cannot be deleted since it still has vnics attached to it"
    return OciError(412, "PreconditionFailed", message)


def go_home(key: str) -> OciError:
    """403: only the home region accepts identity writes."""
    message = f"Please go to your home region {key.upper()} to execute CREATE, UPDATE and DELETE operations."
    return OciError(403, "NotAllowed", message)
