"""Updates that have an operation of their own beside the usual one, by the official SDK."""

from collections.abc import Callable
from typing import Any

import pytest
from oci.core import BlockstorageClient
from oci.core import models as core
from oci.database import DatabaseClient
from oci.database import models as database
from oci.load_balancer import LoadBalancerClient
from oci.load_balancer import models as balancer
from oci.logging import LoggingManagementClient
from oci.logging import models as logs
from oci.network_load_balancer import NetworkLoadBalancerClient
from oci.network_load_balancer import models as network

from tests.sandbox.oci.driver import NSG, Driver
from tests.sandbox.oci.minimal import create_minimal
from tests.sandbox.wire.conftest import Refused, Wire

KEY = "ocid1.key.oc1.iad.aaaatest"
VAULT = "ocid1.vault.oc1.iad.aaaatest"
Refusal = Callable[[], Refused]


@pytest.fixture
def driver(wire: Wire) -> Driver:
    found = Driver(wire.cloud.store)
    found.provider.operations, found.cloud = wire.operations, wire.cloud
    return found


def test_the_bandwidth_and_the_groups_of_a_balancer_change(wire: Wire, driver: Driver) -> None:
    made = create_minimal(driver, "oci:LoadBalancer/loadBalancer:LoadBalancer")
    group = create_minimal(driver, NSG).id
    client: Any = wire.client(LoadBalancerClient)
    shape = balancer.ShapeDetails(minimum_bandwidth_in_mbps=10, maximum_bandwidth_in_mbps=100)
    client.update_load_balancer_shape(
        made.id, balancer.UpdateLoadBalancerShapeDetails(shape_name="flexible", shape_details=shape)
    )
    groups = balancer.UpdateNetworkSecurityGroupsDetails(network_security_group_ids=[group])
    client.update_network_security_groups(groups, made.id)
    read = client.get_load_balancer(made.id).data
    assert (read.shape_name, read.shape_details.maximum_bandwidth_in_mbps) == ("flexible", 100)
    assert read.network_security_group_ids == [group]


def test_the_groups_of_a_network_balancer_change(wire: Wire, driver: Driver) -> None:
    made = create_minimal(driver, "oci:NetworkLoadBalancer/networkLoadBalancer:NetworkLoadBalancer")
    group = create_minimal(driver, NSG).id
    client: Any = wire.client(NetworkLoadBalancerClient)
    details = network.UpdateNetworkSecurityGroupsDetails(network_security_group_ids=[group])
    client.update_network_security_groups(made.id, details)
    assert client.get_network_load_balancer(made.id).data.network_security_group_ids == [group]


def test_a_volume_gets_a_key_and_loses_it(wire: Wire, driver: Driver, refused: Refusal) -> None:
    made = create_minimal(driver, "oci:Core/volume:Volume")
    client: Any = wire.client(BlockstorageClient)
    with refused() as refusal:
        client.get_volume_kms_key(made.id)
    assert refusal.status == 404
    changed = client.update_volume_kms_key(made.id, core.UpdateVolumeKmsKeyDetails(kms_key_id=KEY)).data
    assert (changed.kms_key_id, client.get_volume_kms_key(made.id).data.kms_key_id) == (KEY, KEY)
    client.delete_volume_kms_key(made.id)
    assert not client.get_volume(made.id).data.kms_key_id


def test_a_database_gets_a_key_and_loses_it(wire: Wire, driver: Driver, refused: Refusal) -> None:
    made = create_minimal(driver, "oci:Database/autonomousDatabase:AutonomousDatabase")
    client: Any = wire.client(DatabaseClient)

    def configure(**values: Any) -> str:
        details = database.ConfigureAutonomousDatabaseVaultKeyDetails(**values)
        client.configure_autonomous_database_vault_key(made.id, details)
        return client.get_autonomous_database(made.id).data.kms_key_id

    assert configure(kms_key_id=KEY, vault_id=VAULT) == KEY
    assert not configure(is_using_oracle_managed_keys=True)
    for wrong in ({"kms_key_id": KEY}, {"kms_key_id": KEY, "is_using_oracle_managed_keys": True}):
        with refused() as refusal:
            configure(**wrong)
        assert (refusal.status, refusal.code) == (400, "InvalidParameter")


def test_a_log_moves_to_another_group(wire: Wire, driver: Driver, refused: Refusal) -> None:
    made = create_minimal(driver, "oci:Logging/log:Log")
    before = wire.cloud.find(made.id).inputs["logGroupId"]
    group = create_minimal(driver, "oci:Logging/logGroup:LogGroup", "other", displayName="other").id
    client: Any = wire.client(LoggingManagementClient)
    details = logs.ChangeLogLogGroupDetails(target_log_group_id=group)
    client.change_log_log_group(before, made.id, details)
    assert client.get_log(group, made.id).data.log_group_id == group
    wrong = logs.ChangeLogLogGroupDetails(target_log_group_id=KEY)
    with refused() as refusal:
        client.change_log_log_group(group, made.id, wrong)
    assert refusal.status == 400


def test_an_update_keeps_what_its_objects_leave_out(wire: Wire, driver: Driver) -> None:
    watched = {
        "category": "vcn",
        "resource": driver.vcn().id,
        "service": "flowlogs",
        "sourceType": "OCISERVICE",
    }
    made = create_minimal(driver, "oci:Logging/log:Log", logType="SERVICE", configuration={"source": watched})
    client: Any = wire.client(LoggingManagementClient)
    # The provider sends the parameters of the source only.
    source = logs.SourceUpdateDetails(parameters={})
    details = logs.UpdateLogDetails(
        freeform_tags={"owner": "other"}, configuration=logs.UpdateConfigurationDetails(source=source)
    )
    client.update_log(made.inputs["logGroupId"], made.id, details)
    after = client.get_log(made.inputs["logGroupId"], made.id).data
    assert after.freeform_tags == {"owner": "other"}
    assert (after.configuration.source.resource, after.configuration.source.service) == (
        watched["resource"],
        "flowlogs",
    )
