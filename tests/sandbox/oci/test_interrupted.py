"""A kill after the cloud's answer, before the engine has it in its state."""

from sandbox.store import Store
from tests.sandbox.oci.driver import VCN, Driver


def test_a_create_whose_answer_was_lost_is_answered_again(driver: Driver) -> None:
    first, second = driver.vcn(), driver.vcn()

    assert second.id == first.id
    assert len(driver.cloud.all(VCN)) == 1


def test_after_the_engine_recorded_a_resource_the_same_create_makes_another_one(driver: Driver) -> None:
    first = driver.vcn()
    driver.checked(VCN, "vcn", first.inputs, first.inputs)

    second = driver.vcn()

    assert second.id != first.id
    assert len(driver.cloud.all(VCN)) == 2


def test_a_replacement_that_a_kill_left_unrecorded_is_found_again(driver: Driver) -> None:
    first = driver.vcn(dnsLabel="a")
    assert driver.diff(first, **first.inputs | {"dnsLabel": "b"}).replaces == ["dnsLabel"]
    orphan = driver.vcn(dnsLabel="b")

    driver.checked(VCN, "vcn", first.inputs, orphan.inputs)
    again = driver.vcn(dnsLabel="b")

    assert again.id == orphan.id
    assert len(driver.cloud.all(VCN)) == 2


def test_a_resource_that_was_never_recorded_can_be_removed(driver: Driver, store: Store) -> None:
    vcn = driver.vcn()
    assert (vcn.urn, vcn.id) in store.owned()

    store.forget(vcn.urn, vcn.id)

    assert driver.cloud.find(vcn.id) is None
    assert driver.cloud.find(vcn.outputs["defaultRouteTableId"]) is None, "its companions must be deleted too"
