"""The model that the rules read."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import OciError
from sandbox.oci.ids import new_ocid
from sandbox.oci.model import Entry
from sandbox.store import Store, open_store
from tests.sandbox.oci.driver import COMPARTMENT, NSG, SUBNET, VCN, Driver

REGION = "us-ashburn-1"


def entry(token: str, ocid: str, **inputs: object) -> Entry:
    return Entry(
        id=ocid,
        token=token,
        urn="urn",
        region=REGION,
        compartment_id="c",
        state="ACTIVE",
        inputs=dict(inputs),
    )


def refusal(cloud: Cloud, ocid: str, *tokens: str, region: str | None = None) -> tuple[int, str]:
    with pytest.raises(OciError) as caught:
        cloud.require(ocid, *tokens, path="vcnId", region=region)
    assert "vcnId" in caught.value.message
    return caught.value.status, caught.value.code


def test_an_entry_is_read_as_it_was_saved(cloud: Cloud, store: Store) -> None:
    saved = entry(VCN, "ocid1.vcn.oc1.iad.a", nested={"list": [1, 2.5, True]})
    cloud.save(saved)

    assert cloud.find(saved.id) == saved
    assert Cloud(store).find(saved.id) == saved


def test_a_change_and_a_change_back_each_give_a_higher_revision(cloud: Cloud) -> None:
    first, second = (entry(VCN, "ocid1.vcn.oc1.iad.a", cidr=text) for text in ("a", "b"))
    found = [cloud.save(each).revision for each in (first, second, first)]
    assert found == sorted(set(found))
    assert cloud.save(replace(first, acknowledged=False)).revision == found[-1], (
        "nothing of the resource changed"
    )
    cloud.remove(first.id)
    assert cloud.save(first).revision > found[-1], "a resource of the same name that was created again"


def test_a_file_from_before_revisions_keeps_its_resources(tmp_path: Path) -> None:
    saved = entry(VCN, "ocid1.vcn.oc1.iad.a", cidr="a")
    with open_store(tmp_path / "cloud.db") as store:
        Cloud(store).save(saved)
        store.execute("ALTER TABLE oci_resources DROP COLUMN revision")
    for _ in range(2):
        with open_store(tmp_path / "cloud.db") as store:
            cloud = Cloud(store)
            found = cloud.find(saved.id)
            assert found == saved
            assert found is not None
            assert found.revision == 0
    with open_store(tmp_path / "cloud.db") as store:
        assert Cloud(store).save(replace(saved, inputs={"cidr": "b"})).revision > 0


def test_referrers_are_found_at_any_depth_until_they_are_deleted(cloud: Cloud) -> None:
    target = "ocid1.vcn.oc1.iad.a"
    cloud.save(entry(SUBNET, "ocid1.subnet.oc1.iad.a", deep=[{"list": [target]}]))
    assert [each.token for each in cloud.referrers(target)] == [SUBNET]

    cloud.save(entry(SUBNET, "ocid1.subnet.oc1.iad.a", deep=[]))
    assert cloud.referrers(target) == []


def test_what_another_process_wrote_is_seen(cloud: Cloud, store: Store) -> None:
    assert cloud.all(VCN) == []
    with open_store(store.path) as other:
        Cloud(other).save(entry(VCN, "ocid1.vcn.oc1.iad.a"))

    assert len(cloud.all(VCN)) == 1


def test_a_failed_transaction_is_undone_in_the_memory_copy_too(cloud: Cloud) -> None:
    def fail_halfway() -> None:
        with cloud.transaction():
            cloud.save(entry(VCN, "ocid1.vcn.oc1.iad.a"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()

    assert cloud.all(VCN) == []


def test_an_existing_id_of_the_account_is_adopted_once(cloud: Cloud) -> None:
    first = cloud.require("ocid1.vcn.oc1.iad.theirs", VCN, path="vcnId", region=REGION)

    assert first.assumed
    assert cloud.require(first.id, VCN, path="vcnId", region=REGION) == first
    assert len(cloud.entries()) == 1


@pytest.mark.parametrize(
    ("ocid", "expected"),
    [
        ("text", (400, "InvalidParameter")),
        ("ocid1.subnet.oc1.iad.theirs", (400, "InvalidParameter")),
        ("ocid1.vcn.oc1.phx.theirs", (400, "InvalidParameter")),
        (new_ocid("vcn", REGION), (404, "NotAuthorizedOrNotFound")),
    ],
    # The last one is random, and the workers of a parallel run must have the same test names.
    ids=["no OCID", "another type", "another region", "made here and gone"],
)
def test_what_cannot_be_adopted_is_refused(cloud: Cloud, ocid: str, expected: tuple[int, str]) -> None:
    assert refusal(cloud, ocid, VCN, region=REGION) == expected
    assert cloud.entries() == []


def test_a_deleted_resource_is_not_adopted_again(cloud: Cloud) -> None:
    found = cloud.require("ocid1.vcn.oc1.iad.theirs", VCN, path="vcnId")
    cloud.remove(found.id)

    assert refusal(cloud, found.id, VCN) == (404, "NotAuthorizedOrNotFound")


def test_a_resource_with_a_pending_deletion_cannot_be_used(cloud: Cloud) -> None:
    found = cloud.require("ocid1.vcn.oc1.iad.theirs", VCN, path="vcnId")
    cloud.save(replace(found, deleted_at="2026-12-24T00:00:00.000Z"))

    assert refusal(cloud, found.id, VCN) == (404, "NotAuthorizedOrNotFound")


def test_the_narrowest_limit_applies(cloud: Cloud) -> None:
    name = "gpu-mi300x-count"
    assert cloud.limit(name, REGION, "AD-1") == 80, "the facts' assumed default"
    assert cloud.limit("no-such-limit", REGION) is None

    cloud.set_limit(name, 64)
    cloud.set_limit(name, 32, region=REGION)
    cloud.set_limit(name, 8, region=REGION, availability_domain="AD-1")

    assert cloud.limit(name, REGION, "AD-1") == 8
    assert cloud.limit(name, REGION, "AD-2") == 32
    assert cloud.limit(name, "us-phoenix-1", "AD-1") == 64


def test_capacity_is_unlimited_until_it_is_set(cloud: Cloud) -> None:
    assert cloud.capacity("BM.GPU.MI300X.8", "AD-1") is None

    cloud.set_capacity("BM.GPU.MI300X.8", 4)
    cloud.set_capacity("BM.GPU.MI300X.8", 1, availability_domain="AD-1")

    assert cloud.capacity("BM.GPU.MI300X.8", "AD-1") == 1
    assert cloud.capacity("BM.GPU.MI300X.8", "AD-2") == 4


def test_many_creates_at_once_are_all_kept(driver: Driver) -> None:
    vcn = driver.vcn()

    def make(worker: int) -> None:
        for number in range(10):
            driver.create(NSG, f"nsg-{worker}-{number}", compartmentId=COMPARTMENT, vcnId=vcn.id)

    threads = [threading.Thread(target=make, args=(worker,)) for worker in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len(driver.cloud.all(NSG)) == 80


def test_a_create_stays_within_two_milliseconds_with_many_resources(driver: Driver) -> None:
    vcn = driver.vcn()

    def pace(batch: str, count: int) -> float:
        started = time.process_time()
        for number in range(count):
            driver.create(NSG, f"{batch}-{number}", compartmentId=COMPARTMENT, vcnId=vcn.id)
        return (time.process_time() - started) / count

    first = min(pace(f"early{batch}", 50) for batch in range(3))
    pace("fill", 1500)
    later = min(pace(f"late{batch}", 50) for batch in range(3))

    assert later < 0.002, f"{later * 1000:.2f} ms of processor time a create"
    assert later < 2 * first, f"{first * 1000:.2f} ms with 150 resources, {later * 1000:.2f} ms with 1,800"
