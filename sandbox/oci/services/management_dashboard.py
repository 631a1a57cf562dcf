"""Management Dashboard: dashboards and their saved searches, which are imported as one JSON document.

Sources: the SDK's `ManagementDashboardForImportExportDetails` (what is required), and the sample of the provider's
example `management_dashboard`. The words of the refusals are unverified.
"""

from typing import Any, Final, cast

from facts.dashboards import DASHBOARD_KEYS, SEARCH_KEYS, TILE_KEYS
from facts.json_text import read_json
from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks

IMPORT: Final = "oci:ManagementDashboard/managementDashboardsImport:ManagementDashboardsImport"

describe(IMPORT, ocid="managementdashboard")


@rule(IMPORT, on="create update")
def document(call: Call) -> None:
    """400 for a text that is no JSON, without dashboards, or without what a dashboard, tile or search must have."""
    text = call.inputs.get("importDetails")
    if text is None:
        return
    try:
        found = read_json(str(text))
    except ValueError:
        raise invalid_parameter("importDetails is not valid JSON.") from None
    dashboards = blocks(cast("dict[str, Any]", found), "dashboards") if isinstance(found, dict) else []
    if not dashboards:
        raise invalid_parameter("importDetails: dashboards must not be empty.")
    for dashboard in dashboards:
        _require(dashboard, DASHBOARD_KEYS, "dashboards")
        searches = blocks(dashboard, "savedSearches")
        for search in searches:
            _require(search, SEARCH_KEYS, "savedSearches")
        known = {search["id"] for search in searches}
        for tile in blocks(dashboard, "tiles"):
            _require(tile, TILE_KEYS, "tiles")
            named = str(tile["savedSearchId"])
            if named not in known and not named.startswith(("ocid1.", "OOBSS-")):
                raise invalid_parameter(
                    f"tiles: savedSearchId {named} is not a saved search of the document."
                )


def _require(given: dict[str, Any], keys: tuple[str, ...], what: str) -> None:
    missing = [key for key in keys if given.get(key) is None]
    if missing:
        raise OciError(400, "MissingParameter", f"{what}: {', '.join(missing)} is required.")
