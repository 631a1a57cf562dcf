"""A kill between the cloud's answer and the engine's record of it."""

from sandbox.store import Store
from tests.sandbox.oci.driver import VCN, Driver


def test_a_create_that_nobody_heard_of_is_answered_again_instead_of_made_twice(driver: Driver) -> None:
    first, second = driver.vcn(), driver.vcn()

    assert second.id == first.id
    assert len(driver.cloud.all(VCN)) == 1


def test_once_the_engine_has_recorded_it_the_same_create_makes_another(driver: Driver) -> None:
    first = driver.vcn()
    driver.checked(VCN, "vcn", first.inputs, first.inputs)

    second = driver.vcn()

    assert second.id != first.id
    assert len(driver.cloud.all(VCN)) == 2


def test_the_replacement_that_a_kill_orphaned_is_found_again(driver: Driver) -> None:
    first = driver.vcn(dnsLabel="a")
    assert driver.diff(first, **first.inputs | {"dnsLabel": "b"}).replaces == ["dnsLabel"]
    orphan = driver.vcn(dnsLabel="b")

    driver.checked(VCN, "vcn", first.inputs, orphan.inputs)
    again = driver.vcn(dnsLabel="b")

    assert again.id == orphan.id
    assert len(driver.cloud.all(VCN)) == 2


def test_what_was_made_and_never_recorded_can_be_taken_back(driver: Driver, store: Store) -> None:
    vcn = driver.vcn()
    assert (vcn.urn, vcn.id) in store.owned()

    store.forget(vcn.urn, vcn.id)

    assert driver.cloud.find(vcn.id) is None
    assert driver.cloud.find(vcn.outputs["defaultRouteTableId"]) is None, "what came with it must go too"
