"""What the networking service refuses in flow logs."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Refused, Service

FILTER = "oci:Core/captureFilter:CaptureFilter"
LOG = "oci:Logging/log:Log"


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([], "is required for a filter of type FLOWLOG"),
        ([{"flowLogType": "SOME"}], "flowLogType must be one of"),
        ([{"samplingRate": 200_000}], "samplingRate 200000 must be"),
        ([{"priority": 10}], "priority 10 must be between 0 and 9"),
        ([{"priority": 1}, {"priority": 1}], "and distinct"),
    ],
)
def test_an_ill_formed_capture_filter_is_refused(
    service: Service, refused: Refused, rules: list[dict[str, Any]], message: str
) -> None:
    given = {"filterType": "FLOWLOG", "flowLogCaptureFilterRules": rules}
    refused(400, "InvalidParameter", message, service.create, FILTER, **given)


def test_a_network_has_one_flow_log_through_an_existing_filter(
    service: Service, refused: Refused, vcn: Entry, subnet: Entry
) -> None:
    chosen = service.create(FILTER, filterType="FLOWLOG", flowLogCaptureFilterRules=[{"flowLogType": "ALL"}])
    source = {
        "service": "flowlogs",
        "sourceType": "OCISERVICE",
        "category": "vcn",
        "resource": vcn.id,
        "parameters": {"capture_filter": chosen.id},
    }
    group = service.create("oci:Logging/logGroup:LogGroup", displayName="flows")
    given = {"logGroupId": group.id, "logType": "SERVICE", "displayName": "flows"}

    def log(**changes: Any) -> Entry:
        name = changes.pop("displayName", "flows")
        return service.create(
            LOG, **{**given, "displayName": name}, configuration={"source": {**source, **changes}}
        )

    refused(400, "InvalidParameter", "is not valid for category vcn", log, resource=subnet.id)
    refused(400, "InvalidParameter", "category must be one of", log, category="nic")
    log()
    refused(409, "Conflict", "already exists", log, displayName="again")
    refused(409, "IncorrectState", "in use by a flow log", service.delete, chosen)
