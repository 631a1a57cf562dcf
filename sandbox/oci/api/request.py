"""One call of the REST API: the request and the response."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from facts.oci_api import Operation
from sandbox.oci.account import Account
from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry
from sandbox.oci.operations import Operations


@dataclass(frozen=True, kw_only=True)
class Request:
    """A call whose operation is known and whose parameters and body have been checked against the table."""

    operations: Operations
    account: Account
    operation: Operation
    path: Mapping[str, str]
    """The parameters in the path, decoded."""
    query: Mapping[str, tuple[str, ...]]
    headers: Mapping[str, str]
    """By lower-case name."""
    body: Any = None
    """The JSON value, or bytes where the operation takes a file."""
    origin: str = ""
    """Scheme, host and port that the client called. Addresses in an answer begin with them."""
    at: str = ""
    """The OCID of the vault or domain whose own address the client called; empty for the region's address."""
    address: Callable[[str], str] | None = None
    """Gives a vault's or domain's own address, by its OCID. None if the region's address is the only one."""
    met: set[str] = field(default_factory=set[str])
    """The types whose faults this call has met."""

    @property
    def cloud(self) -> Cloud:
        return self.operations.cloud

    def addressed(self, token: str, where: str) -> Entry:
        """The resource of a type whose own address the client called. 404 at another address, with `where` it is."""
        found = self.cloud.find(self.at) if self.at else None
        if found is None or found.token != token:
            text = f"{self.operation.name} is answered at {where}, not at this address."
            raise OciError(404, "NotAuthorizedOrNotFound", text)
        return found

    def meet_faults(self, token: str) -> None:
        """Let the faults of a type of resource hit this call, which only reads, once. Raises OciError."""
        if token in self.met:
            return
        self.met.add(token)
        self.operations.faults.meet(token, "read", self.operation.name, retry_seconds=0, connected=True)

    def refuse_parameters(self, honoured: Collection[str]) -> None:
        """501 for a query parameter that would change the answer and is not modelled."""
        for name, values in self.query.items():
            plain = values == ("false",) and self.operation.query[name].type.name == "bool"
            if any(values) and not plain and name not in honoured:
                raise OciError(
                    501, "NotImplemented", f"The sandbox does not model {name} of {self.operation.name}."
                )

    def argument(self, name: str) -> str | None:
        """A query parameter's value; None if it was left out or empty."""
        values = self.query.get(name) or ("",)
        return values[0] or None


@dataclass(frozen=True, kw_only=True)
class Response:
    """An answer: a JSON value, bytes, or nothing."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
