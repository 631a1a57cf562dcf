"""The function that stops node pools out of hours, on the sandbox's REST API with the official SDK."""

import json
from typing import Any

import oci
import pytest
from oci.container_engine import ContainerEngineClient

from components.cluster.pool_hours import func
from components.cluster.pool_hours.func import NotResized, resize, wanted_sizes
from tests.sandbox.oci.driver import NODE_POOL, Driver
from tests.sandbox.oci.minimal import create_minimal
from tests.sandbox.wire.conftest import Wire

MISSING = "ocid1.nodepool.oc1.iad.aaaanever"


@pytest.fixture
def driver(wire: Wire) -> Driver:
    found = Driver(wire.cloud.store)
    found.provider.operations, found.cloud = wire.operations, wire.cloud
    return found


@pytest.fixture
def client(wire: Wire) -> Any:
    return wire.client(ContainerEngineClient)


def size_of(client: Any, pool_id: str) -> tuple[int, int]:
    """The size of a pool and its number of nodes, after an update has ended."""
    client.get_node_pool(pool_id)
    found = client.get_node_pool(pool_id).data
    return found.node_config_details.size, len(found.nodes)


def test_pools_go_to_zero_and_back_and_keep_their_placements(client: Any, driver: Driver) -> None:
    pool = create_minimal(driver, NODE_POOL).id
    placed = client.get_node_pool(pool).data.node_config_details.placement_configs
    assert resize(client, {pool: 0}) == {pool: "1 to 0"}
    assert size_of(client, pool) == (0, 0)
    assert resize(client, {pool: 0}) == {pool: "already 0"}, "a second run changes nothing"
    assert resize(client, {pool: 2}) == {pool: "0 to 2"}
    assert size_of(client, pool) == (2, 2)
    assert client.get_node_pool(pool).data.node_config_details.placement_configs == placed


def test_a_pool_that_is_missing_is_named_after_the_others_were_resized(client: Any, driver: Driver) -> None:
    pool = create_minimal(driver, NODE_POOL).id
    with pytest.raises(NotResized) as failure:
        resize(client, {MISSING: 0, pool: 0})
    said = json.loads(str(failure.value))
    assert said["done"] == {pool: "1 to 0"}
    assert said["failed"][MISSING].startswith("404 ")
    assert size_of(client, pool) == (0, 0)


def test_a_change_of_someone_else_between_read_and_update_is_kept(client: Any, driver: Driver) -> None:
    pool = create_minimal(driver, NODE_POOL).id

    class Late:
        """A client with which someone else changes the pool after each read."""

        def get_node_pool(self, pool_id: str) -> Any:
            found = client.get_node_pool(pool_id)
            details = oci.container_engine.models.UpdateNodePoolDetails(name="renamed")
            client.update_node_pool(pool_id, details)
            return found

        update_node_pool = client.update_node_pool

    with pytest.raises(NotResized, match="412"):
        resize(Late(), {pool: 0})
    assert size_of(client, pool) == (1, 1)


@pytest.mark.parametrize(
    "text", ["", "7", "[]", "{}", '{"p": -1}', '{"p": "2"}', '{"p": true}', '{"p": 1.5}']
)
def test_a_configuration_without_sizes_is_refused(text: str) -> None:
    with pytest.raises(NotResized, match="SIZES must"):
        wanted_sizes({"SIZES": text})
    with pytest.raises(NotResized, match="SIZES must"):
        wanted_sizes({})


def test_the_function_is_its_own_principal(
    client: Any, driver: Driver, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = create_minimal(driver, NODE_POOL).id
    signer = object()
    monkeypatch.setattr(oci.auth.signers, "get_resource_principals_signer", lambda: signer)

    def own_client(config: object, **options: Any) -> Any:
        assert config == {}, "a key in the image would be a secret in it"
        assert options["signer"] is signer
        return client

    monkeypatch.setattr(func, "ContainerEngineClient", own_client)
    monkeypatch.setenv("SIZES", json.dumps({pool: 0}))
    assert json.loads(func.handler(object(), None)) == {pool: "1 to 0"}
