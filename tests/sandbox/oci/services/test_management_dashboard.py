"""What Management Dashboard refuses."""

import json
from typing import Any

import pytest

from components.observability.dashboard import Dashboard, DashboardArgs
from components.observability.panels import panels
from facts.dashboards import DASHBOARD_KEYS, SEARCH_KEYS, TILE_KEYS
from sandbox.oci.services.management_dashboard import IMPORT
from tests.sandbox.oci.conftest import Refused, Service
from tests.support.monitor import oci_options, run

SEARCH = {**dict.fromkeys(SEARCH_KEYS, "x"), "id": "one"}
TILE = {**dict.fromkeys(TILE_KEYS, "x"), "savedSearchId": "one"}
DASHBOARD = {**dict.fromkeys(DASHBOARD_KEYS, "x"), "tiles": [TILE], "savedSearches": [SEARCH]}


def document(**changes: Any) -> str:
    return json.dumps({"dashboards": [{**DASHBOARD, **changes}]})


@pytest.mark.parametrize(
    ("details", "code", "message"),
    [
        ("{", "InvalidParameter", "importDetails is not valid JSON"),
        ("{}", "InvalidParameter", "dashboards must not be empty"),
        (document(description=None), "MissingParameter", "dashboards: description is required"),
        (
            document(tiles=[{**TILE, "savedSearchId": "two"}]),
            "InvalidParameter",
            "savedSearchId two is not a saved search of the document",
        ),
        (document(savedSearches=[{"id": "one"}]), "MissingParameter", "savedSearches: displayName"),
    ],
)
def test_a_wrong_document_is_refused(
    service: Service, refused: Refused, details: str, code: str, message: str
) -> None:
    refused(400, code, message, service.create, IMPORT, importDetails=details, overrideSameName="true")


def test_a_document_with_its_own_searches_is_accepted(service: Service) -> None:
    service.create(IMPORT, importDetails=document(), overrideSameName="true")


def test_the_document_of_our_own_dashboard_is_accepted(service: Service) -> None:
    args = DashboardArgs(compartment_id="c", region="us-ashburn-1", title="prod", panels=tuple(panels()))
    made = run(lambda: Dashboard("prod", args, oci_options()) and None).one(IMPORT)
    service.create(IMPORT, **made.inputs)
