"""Reads and checks the DRG of a hub."""

from collections.abc import Iterator

from facts.problem import Problem
from infra.settings import Settings

from .reader import Reader, UnreadableError

_PATH = "network.hub.drgId"


def hub_findings(settings: Settings, reader: Reader, *, sandbox: bool) -> Iterator[Problem]:
    """A DRG that is not in its compartment, or that is not available.

    On the sandbox a DRG that nobody made there is assumed, as every OCID of a stack file is.
    """
    hub = settings.network.hub
    if hub is None:
        return
    compartment = hub.compartment_id or settings.tenancy.compartment_id
    try:
        rows = reader.rows("Core/getDrgs", "drgs", compartmentId=compartment)
    except UnreadableError as error:
        fix = "The caller needs `inspect drgs` in its compartment"
        yield Problem(_PATH, hub.drg_id, f"cannot be read: {error}", fix)
        return
    found = [row for row in rows if row.get("id") == hub.drg_id]
    if not found and not sandbox:
        allowed = f"must be a DRG in the compartment {compartment}"
        yield Problem(_PATH, hub.drg_id, allowed, "Set network.hub.compartmentId to the DRG's compartment")
    for row in found:
        if row.get("state") != "AVAILABLE":
            yield Problem(_PATH, hub.drg_id, f"must be AVAILABLE, not {row.get('state')}")
