"""Query parameters: each one that a client sends is read, changes nothing here, or is refused by its name."""

from collections.abc import Collection, Mapping
from typing import Final

from facts.oci_api import Operation
from sandbox.oci.api.endpoints import Handler, Parameters
from sandbox.oci.api.request import Request, Response
from sandbox.oci.api.showing import row_model

PAGING: Final = frozenset({"limit", "page", "sortBy", "sortOrder", "fields"})
"""The parameters of lists. `page` applies them, and filters on the properties of the rows."""
HARMLESS: Final = frozenset({"isLockOverride"})
"""Parameters that change nothing: the sandbox has no locks."""
DEFAULTS: Final[Mapping[str, Collection[str]]] = {"scope": ("GLOBAL",), "attributeSets": ("all", "default")}
"""Values of parameters that mean the same as leaving them out."""


def accepted(parameters: Parameters, operation: Operation) -> set[str]:
    """The names of the parameters that are not refused."""
    found = row_model(operation) if parameters.lists else None
    rows = {*PAGING, *(found.properties if found else ())} if parameters.lists else set[str]()
    return {*parameters.reads, *parameters.harmless, *HARMLESS, *rows}


def plain(request: Request) -> set[str]:
    """The parameters whose values mean the same as leaving them out."""
    return {name for name, values in request.query.items() if {*values} <= {*DEFAULTS.get(name, ())}}


def refusing(handler: Handler, parameters: Parameters) -> Handler:
    """The function, after a refusal of the parameters that it would drop: 501."""

    def answer(request: Request) -> Response:
        request.refuse_parameters(accepted(parameters, request.operation) | plain(request))
        return handler(request)

    return answer
