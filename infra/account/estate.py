# The OCI SDK has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportOptionalMemberAccess=false
"""Lists the existing resources of an account with the SDK. It needs only `inspect` and `read` permissions."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib import import_module
from typing import cast

import oci

from infra.importing.listings import Listing
from infra.importing.match import Row
from infra.settings.tenancy import Tenancy

from .login import ClientClass, Login, log_in


class Estate:
    """The lists of one account. The same call is made once."""

    def __init__(self, tenancy: Tenancy) -> None:
        self._tenancy = tenancy
        self._logins: dict[str, Login] = {}
        self._answers: dict[tuple[object, ...], Sequence[Row]] = {}

    @cached_property
    def namespace(self) -> str:
        """The tenancy's namespace of Object Storage."""
        client = self._login(self._tenancy.region).client(oci.object_storage.ObjectStorageClient)
        return str(client.get_namespace().data)

    def rows(
        self, listing: Listing, region: str, arguments: Mapping[str, str], endpoint: str
    ) -> Sequence[Row]:
        """The rows of a list call, all pages; none if what contains them does not exist."""
        key = (listing.client, listing.method, listing.rows, region, *sorted(arguments.items()), endpoint)
        if key not in self._answers:
            self._answers[key] = self._ask(listing, region, arguments, endpoint)
        return self._answers[key]

    def _login(self, region: str) -> Login:
        if region not in self._logins:
            self._logins[region] = log_in(self._tenancy.model_copy(update={"region": region}))
        return self._logins[region]

    def _ask(
        self, listing: Listing, region: str, arguments: Mapping[str, str], endpoint: str
    ) -> Sequence[Row]:
        module, _, name = listing.client.partition(".")
        kind = cast("ClientClass[object]", getattr(import_module(f"oci.{module}"), name))
        options = {"service_endpoint": endpoint} if endpoint else {}
        client = self._login(region or self._tenancy.region).client(kind, **options)
        method = getattr(client, listing.method)
        try:
            if listing.method.startswith("list_"):
                data = oci.pagination.list_call_get_all_results(method, **arguments).data
            else:
                data = method(**arguments).data
        except oci.exceptions.ServiceError as error:
            if error.status == 404:
                return []
            raise
        return [_row(each) for each in _rows(getattr(data, listing.rows) if listing.rows else data)]


def _rows(found: object) -> Sequence[object]:
    """The rows of a list, a mapping by name, or one row."""
    if isinstance(found, Mapping):
        return [*cast(Mapping[str, object], found).values()]
    return cast(Sequence[object], found) if isinstance(found, list) else [found]


def _row(item: object) -> Row:
    """The attributes of an object of the SDK."""
    names = cast(Mapping[str, str], getattr(item, "swagger_types", {}))
    return {name: getattr(item, name) for name in names}
