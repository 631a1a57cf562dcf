"""Refusals in the form of OCI and of its provider."""

import re
import secrets

_SUGGESTIONS = {
    400: "Please update the parameter(s) in the Terraform config as per error message",
    401: "Please check the authentication settings of the provider",
    404: "Either the resource has been deleted or service {service} need policy to access this resource. "
    "Policy reference: https://docs.oracle.com/en-us/iaas/Content/Identity/Reference/policyreference.htm",
    409: "The resource is in a conflicted state. Please retry again or contact support for help with "
    "service: {service}",
    429: "Please wait for some time before trying again",
    500: "The service for this resource encountered an error. Please contact support for help with service: "
    "{service}",
}

_ONE_WORD = {"ContainerEngine": "Containerengine", "ObjectStorage": "Objectstorage"}
"""Services whose name is one word in Terraform's types. The provider's errors use that word."""


class OciError(Exception):
    """A refusal of the cloud: HTTP status, OCI's error code and message.

    The code that runs a call fills in `service` and `operation` if they are missing. `note` is the sandbox's own
    addition: which command makes the cloud refuse the call, and how to undo it.
    """

    def __init__(
        self, status: int, code: str, message: str, *, service: str = "", operation: str = "", note: str = ""
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.service = service
        self.operation = operation
        self.note = note
        self.request_id = "/".join(secrets.token_hex(16).upper() for _ in range(3))

    @property
    def answer(self) -> str:
        """Status, code and message in one line: "409-Conflict, It is there already."."""
        return f"{self.status}-{self.code}, {self.message}"

    def __str__(self) -> str:
        note = (f"Sandbox: {self.note}",) if self.note else ()
        return "\n".join(
            (
                f"Error: {self.answer}",
                f"Suggestion: {self._suggestion()}",
                f"Service: {self.service or 'Unknown'}",
                f"Operation Name: {self.operation or 'Unknown'}",
                f"OPC request ID: {self.request_id}",
                *note,
            )
        )

    def _suggestion(self) -> str:
        if "capacity" in self.message.lower():
            return "Please try another availability domain or a capacity reservation, or try again later"
        if self.code in ("LimitExceeded", "QuotaExceeded"):
            return f"Request a service limit increase for this resource {self.service or ''}".rstrip()
        text = _SUGGESTIONS.get(self.status, "Please contact support for help with service: {service}")
        return text.format(service=self.service or "this service")


def invalid_parameter(message: str) -> OciError:
    """400: the service does not accept a value."""
    return OciError(400, "InvalidParameter", message)


def not_found(message: str) -> OciError:
    """404: the resource does not exist, or the caller may not see it. OCI does not say which."""
    return OciError(
        404,
        "NotAuthorizedOrNotFound",
        f"Authorization failed or requested resource not found. {message}".strip(),
    )


def conflict(message: str, code: str = "Conflict") -> OciError:
    """409: the call conflicts with an existing resource."""
    return OciError(409, code, message)


def service_name(token: str) -> str:
    """The service's name in the provider's errors, from Terraform's type: "Containerengine Node Pool"."""
    module = token.split(":")[1].split("/", maxsplit=1)[0]
    return f"{_ONE_WORD.get(module) or _words(module)} {_words(token.rsplit(':', 1)[1].removeprefix('get'))}"


def operation_name(operation: str, token: str) -> str:
    """The call's name in the provider's errors: "CreateNodePool". For a function it is the function's name."""
    name = token.rsplit(":", 1)[1]
    return name[:1].upper() + name[1:] if operation == "invoke" else operation.title() + name


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
