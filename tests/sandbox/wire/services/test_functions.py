"""Functions and Resource Scheduler by the official SDK."""

from collections.abc import Callable
from typing import Any

from oci.functions import FunctionsManagementClient
from oci.functions import models as functions
from oci.resource_scheduler import ScheduleClient
from oci.resource_scheduler import models as scheduler

from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Wire

SUBNET = "ocid1.subnet.oc1.iad.aaaaofanexistingaccount"
IMAGE = "iad.ocir.io/space/pool-hours:1.0.0"


def function(client: Any) -> str:
    application = client.create_application(
        functions.CreateApplicationDetails(
            compartment_id=COMPARTMENT, display_name="hours", subnet_ids=[SUBNET]
        )
    ).data
    details = functions.CreateFunctionDetails(
        display_name="stop",
        application_id=application.id,
        memory_in_mbs=256,
        config={"SIZES": "{}"},
        source_details=functions.CreateContainerImageFunctionSourceDetails(
            image=IMAGE, image_digest=f"sha256:{'a' * 64}"
        ),
    )
    return client.create_function(details).data.id


def test_a_function_keeps_its_image_and_configuration(wire: Wire) -> None:
    client: Any = wire.client(FunctionsManagementClient)
    made = function(client)
    client.update_function(made, functions.UpdateFunctionDetails(config={"SIZES": '{"a": 0}'}))
    found = client.get_function(made).data
    assert (found.memory_in_mbs, found.config) == (256, {"SIZES": '{"a": 0}'})
    assert found.source_details.image == IMAGE
    (listed,) = client.list_functions(found.application_id).data
    assert listed.id == made


def test_a_schedule_of_a_function_is_switched_off_and_on(wire: Wire, refused: Callable[[], Refused]) -> None:
    client: Any = wire.client(ScheduleClient)
    resource = scheduler.Resource(id=function(wire.client(FunctionsManagementClient)))

    def details(**changes: Any) -> scheduler.CreateScheduleDetails:
        given = {"action": "START_RESOURCE", "recurrence_type": "CRON", "recurrence_details": "30 19 * * 1-5"}
        return scheduler.CreateScheduleDetails(
            compartment_id=COMPARTMENT, resources=[resource], **(given | changes)
        )

    made = client.create_schedule(details(local_time_zone="UTC")).data
    assert made.resources[0].id == resource.id
    for call, state in ((client.deactivate_schedule, "INACTIVE"), (client.activate_schedule, "ACTIVE")):
        call(made.id)
        client.get_schedule(made.id)
        assert client.get_schedule(made.id).data.lifecycle_state == state
    with refused() as again:
        client.activate_schedule(made.id)
    assert again.status == 409
    with refused() as seconds:
        client.create_schedule(details(recurrence_details="0 30 19 * * 1-5"))
    assert (seconds.status, seconds.code) == (400, "InvalidParameter")
    assert "expected exactly 5 fields, found 6" in seconds.message
