"""Where the stand-in's databases answer."""

from typing import Any

import pytest

from sandbox.oci.errors import OciError
from tests.sandbox.oci.driver import Driver, Made
from tests.sandbox.oci.minimal import minimal

ORACLE = "oci:Database/autonomousDatabase:AutonomousDatabase"
POSTGRESQL = "oci:Psql/dbSystem:DbSystem"
CACHE = "oci:Redis/redisCluster:RedisCluster"
DETAIL = "oci:Psql/getDbSystemConnectionDetail:getDbSystemConnectionDetail"


def made(driver: Driver, token: str, name: str = "test", **changes: Any) -> Made:
    return driver.create(token, name, **{**minimal(driver, token), **changes})


def test_a_private_database_answers_under_its_label_inside_the_network(driver: Driver) -> None:
    subnet = driver.subnet(driver.vcn()).id
    outputs = made(driver, ORACLE, dbName="genai", subnetId=subnet, privateEndpointLabel="genai").outputs
    assert outputs["privateEndpoint"] == "genai.adb.us-ashburn-1.oraclecloud.com"
    high = outputs["connectionStrings"][0]["allConnectionStrings"]["HIGH"]
    assert high.startswith("genai.adb.us-ashburn-1.oraclecloud.com:1521/"), "TLS without a wallet is on 1521"


def test_a_database_without_a_subnet_has_no_private_endpoint(driver: Driver) -> None:
    assert made(driver, ORACLE).outputs["privateEndpoint"] == ""


@pytest.mark.parametrize(("readers", "count"), [(True, 1), (False, 0)])
def test_a_postgresql_system_has_a_reader_where_it_was_asked_for(
    driver: Driver, readers: bool, count: int
) -> None:
    network = {"subnetId": driver.subnet(driver.vcn()).id, "isReaderEndpointEnabled": readers}
    system = made(driver, POSTGRESQL, instanceCount=3, networkDetails=network)
    answer = driver.invoke(DETAIL, dbSystemId=system.id)
    assert answer["primaryDbEndpoints"][0]["port"] == 5432
    assert len(answer["readerEndpoints"]) == count
    assert len(answer["instanceEndpoints"]) == 3
    assert answer["caCertificate"].startswith("-----BEGIN CERTIFICATE-----")


def test_endpoints_of_a_system_that_is_not_there_are_not_found(driver: Driver) -> None:
    gone = made(driver, POSTGRESQL)
    driver.delete(gone)
    with pytest.raises(OciError, match="NotAuthorizedOrNotFound"):
        driver.invoke(DETAIL, dbSystemId=gone.id)


def test_a_shape_is_read_back_with_the_service_s_prefix(driver: Driver) -> None:
    assert made(driver, POSTGRESQL, shape="VM.Standard.E5.Flex").outputs["shape"].startswith("PostgreSQL.")


def test_a_sharded_cache_is_discovered_and_a_plain_one_has_a_primary(driver: Driver) -> None:
    sharded = made(driver, CACHE, "sharded", clusterMode="SHARDED", shardCount=3).outputs
    plain = made(driver, CACHE, "plain").outputs
    assert (bool(sharded["discoveryFqdn"]), bool(sharded["primaryFqdn"])) == (True, False)
    assert (bool(plain["discoveryFqdn"]), bool(plain["primaryFqdn"])) == (False, True)
