"""The section on limits: needs by place, what is there, and what does not fit."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest

from facts.prices import load_prices
from report.document.model import Section, Sentence
from report.document.values import said
from report.limits.account import AccountLimit, AccountLimits
from report.resources import from_state
from report.sections.limits import limits
from report.view import View
from tests.report import states

PRICES = load_prices()
FIRST, SECOND = "Uocm:US-ASHBURN-AD-1", "Uocm:US-ASHBURN-AD-2"
GPUS = "gpu-mi300x-count"
PROVIDER = states.state("pulumi:providers:oci", "oci", {"region": "us-ashburn-1"})
DATABASE = "oci:Database/autonomousDatabase:AutonomousDatabase"


def pool(name: str, size: object, *domains: object, **more: object) -> states.State:
    places = [{"availabilityDomain": each} for each in domains]
    inputs = {
        "nodeShape": "BM.GPU.MI300X.8",
        "nodeSourceDetails": {"bootVolumeSizeInGbs": "500"},
        "nodeConfigDetails": {"size": size, "placementConfigs": places},
    }
    return states.state("oci:ContainerEngine/nodePool:NodePool", name, {**inputs, **more})


def system(size: object, *domains: str) -> states.State:
    return pool(
        "system",
        size,
        *domains,
        nodeShape="VM.Standard.E5.Flex",
        nodeShapeConfig={"ocpus": 4, "memoryInGbs": 32},
        nodeSourceDetails={},
    )


def quota(*statements: object, own: bool = True) -> states.State:
    chain = "genai:index:CompartmentQuotas$" if own else ""
    return states.state(f"{chain}oci:Limits/quota:Quota", "quotas", {"statements": list(statements)})


def of_account(*found: AccountLimit) -> AccountLimits:
    return AccountLimits(origin="sandbox", at=None, limits=found)


def gpu_limit(limit: int, used: int | None = None, most: int | None = None) -> AccountLimits:
    return of_account(AccountLimit(name=GPUS, scope="AD", domain=FIRST, limit=limit, used=used, quota=most))


def section(*found: states.State, before: Sequence[states.State] | None = None, **more: Any) -> Section:
    view = View(
        stack="staging",
        prices=PRICES,
        after=[from_state(each) for each in (PROVIDER, *found)],
        before=None if before is None else [from_state(each) for each in (PROVIDER, *before)],
        **more,
    )
    return limits(view)


def row(found: Section, name: str = GPUS, where: str = "AD 1") -> Mapping[str, object]:
    rows = cast("list[Mapping[str, object]]", found.data["rows"])
    return next(each for each in rows if (each["limit"], each["where"]) == (name, where))


def told(found: Section, level: str = "plain") -> list[str]:
    return [
        "".join(said(found, part, "USD") for part in each.parts)
        for each in found.blocks
        if isinstance(each, Sentence) and each.level == level
    ]


def left(found: Section) -> tuple[object, object, object]:
    it = row(found)
    return it["leftLeast"], it["leftMost"], it["verdict"]


def test_gpus_are_counted_by_domain_and_all_pools_of_a_domain_together():
    found = section(pool("one", 2, FIRST), pool("two", 1, FIRST), pool("three", 1, SECOND))
    assert (row(found)["needs"], row(found, where="AD 2")["needs"]) == (24, 8)
    assert row(found)["unit"] == "GPUs"
    assert row(found, "total-storage-gb")["needs"] == 1500


def test_a_cpu_pool_is_spread_and_has_a_spare_node_and_default_boot_volumes():
    found = section(system(3, FIRST, SECOND))
    assert row(found, "standard-e5-core-count", "AD 1, 2")["needs"] == (2 + 1) * 4
    assert row(found, "standard-e5-memory-count", "AD 1, 2")["needs"] == (2 + 1) * 32
    assert row(found, "total-storage-gb", "AD 1, 2")["needs"] == 139, "3 boot volumes of 46.6 GB"


def test_nothing_is_claimed_where_nobody_said_what_is_there():
    found = section(pool("one", 1, FIRST))
    assert left(found) == (None, None, "unknown")
    assert row(found)["there"] is None
    assert not found.alarms
    assert "The service limits are unknown" in told(found)[0]
    assert "fits" not in " ".join(told(found))


@pytest.mark.parametrize(
    ("before", "account", "expected"),
    [
        (None, gpu_limit(8), (None, -8, "does not fit")),
        (None, gpu_limit(16), (None, 0, "fits")),
        (None, gpu_limit(24, used=16), (-8, 8, "may not fit")),
        (None, gpu_limit(40, used=16), (8, 24, "fits")),
        ([], gpu_limit(24, used=16), (-8, -8, "does not fit")),
        ([pool("one", 1, FIRST)], gpu_limit(24, used=16), (0, 0, "fits")),
        ([pool("one", 2, FIRST)], gpu_limit(24, used=16), (8, 8, "fits")),
        ([pool("one", 1, FIRST)], gpu_limit(24, used=16, most=8), (-8, -8, "does not fit")),
    ],
)
def test_what_is_left_depends_on_what_of_the_used_part_is_the_stacks(
    before: Sequence[states.State] | None, account: AccountLimits, expected: tuple[object, ...]
):
    found = section(pool("one", 2, FIRST), before=before, account_limits=account)
    assert left(found) == expected
    assert bool(found.alarms) == (expected[2] == "does not fit")
    assert bool(told(found, "warning")) == (expected[2] == "may not fit")


def test_the_alarm_says_how_much_is_needed_and_there():
    found = section(pool("one", 4, FIRST), account_limits=gpu_limit(8))
    alarm = "DOES NOT FIT: gpu-mi300x-count (AD 1): the stack needs 32 GPUs, and the service limit is 8"
    assert told(found, "alarm") == [alarm]


def test_what_is_in_use_is_named_where_the_need_alone_would_fit():
    found = section(pool("one", 2, FIRST), account_limits=gpu_limit(24, used=16))
    assert told(found, "warning") == [
        "May not fit: gpu-mi300x-count (AD 1): the stack needs 16 GPUs, and the service limit is 24, of which are in "
        "use 16. With --state the report knows what of it is the stack's"
    ]


def test_nodes_of_a_reservation_may_be_in_the_used_part_already():
    places = [{"availabilityDomain": FIRST, "capacityReservationId": "ocid1.capacityreservation.oc1.iad.x"}]
    reserved = pool("one", 2, nodeConfigDetails={"size": 2, "placementConfigs": places})
    assert left(section(reserved, before=[], account_limits=gpu_limit(24, used=16))) == (-8, 8, "may not fit")


def test_the_last_statement_about_the_stacks_compartment_applies():
    own = "in compartment ai:staging"
    found = section(
        pool("one", 1, FIRST),
        quota(
            f"zero compute-core quotas /gpu*/ {own}",
            f"set compute-core quota {GPUS} to 16 {own}",
            f"set compute-core quota {GPUS} to 0 in compartment other",
            f"set compute-core quota {GPUS} to 0 {own} where request.ad = '{SECOND}'",
        ),
    )
    assert (row(found)["quota"], row(found)["thereBy"], left(found)) == (16, "quota", (None, 8, "unknown"))
    above = section(
        pool("one", 1, FIRST), quota(f"zero compute-core quotas {own}", "zero x quotas in tenancy")
    )
    assert row(above)["quota"] == 0
    assert above.alarms


def test_of_a_quota_that_the_report_cannot_place_only_statements_of_the_tenancy_apply():
    statements = (
        f"set compute-core quota {GPUS} to 4 in compartment x",
        f"set compute-core quota {GPUS} to 8 in tenancy",
    )
    found = section(pool("one", 1, FIRST), quota(*statements, own=False))
    assert row(found)["quota"] == 8
    assert found.data["quotasElsewhere"] == ["quotas"]


def test_the_quota_of_the_account_may_be_the_one_that_the_change_replaces():
    new, old = (quota(f"set compute-core quota {GPUS} to {most} in compartment staging") for most in (16, 8))
    before = [pool("one", 1, FIRST), old]
    found = section(pool("one", 2, FIRST), new, before=before, account_limits=gpu_limit(24, 8, most=8))
    assert (row(found)["quota"], left(found)) == (16, (0, 0, "fits"))
    stricter = section(pool("one", 2, FIRST), new, before=before, account_limits=gpu_limit(24, 8, most=12))
    assert row(stricter)["quota"] == 12


def test_unknown_statements_give_way_to_the_limits_of_the_settings():
    found = section(pool("one", 1, FIRST), quota(states.UNKNOWN_VALUE), own_quotas={GPUS: 12})
    assert row(found)["quota"] == 12
    assert found.data["unknownQuotas"] == ["quotas"]


def test_what_cannot_be_counted_is_said_and_never_fits():
    found = section(
        pool("later", states.UNKNOWN_VALUE, FIRST),
        pool("new", 1, FIRST, nodeShape="BM.GPU.MI355X.8"),
        system(1, FIRST),
        states.state("oci:Psql/dbSystem:DbSystem", "postgresql"),
    )
    assert told(found, "warning") == [
        "Not counted: later: the number of nodes is not known yet",
        "Not counted: new: no source names the limit of BM.GPU.MI355X.8",
    ]
    assert found.data["unnamed"] == ["PostgreSQL"]
    assert not any(each["limit"] == GPUS for each in cast("list[Mapping[str, object]]", found.data["rows"]))


def test_a_pool_that_an_autoscaler_resizes_counts_at_its_largest_size():
    found = section(
        pool("one", states.UNKNOWN_VALUE, FIRST, initialNodeLabels=[LABEL]), pool_limits={"one": (1, 5)}
    )
    assert row(found)["needs"] == 40


LABEL = {"key": "genai-playground/pool", "value": "one"}


def test_a_clone_of_a_database_has_the_workload_and_storage_of_its_source():
    source = {"computeModel": "ECPU", "computeCount": 4, "dbWorkload": "OLTP", "dataStorageSizeInTbs": 2}
    clone = {"computeModel": "ECPU", "computeCount": 2, "isAutoScalingEnabled": True}
    chain = f"genai:index:AutonomousDatabase${DATABASE}"
    for named in ("ocid1.x.oc1.iad.primary", states.UNKNOWN_VALUE):
        found = section(
            states.state(chain, "primary", source, parent="it"),
            states.state(chain, "replica", {**clone, "sourceId": named}, parent="it"),
        )
        assert row(found, "atp-ecpu-count", "region")["needs"] == 4 + 3 * 2
        assert row(found, "atp-total-storage-tb", "region")["needs"] == 4
        assert not found.data["notCounted"]
    apart = section(states.state(DATABASE, "replica", {**clone, "sourceId": states.UNKNOWN_VALUE}))
    assert "a clone of is not known yet" in str(apart.data["notCounted"])


def test_volumes_that_claims_get_count_in_each_domain():
    spec = {"resources": {"requests": {"storage": "10Gi"}}}
    claim = states.state("kubernetes:core/v1:PersistentVolumeClaim", "claim", {"spec": spec})
    local = {**spec, "storageClassName": ""}
    values = {"values": {"prometheus": {"storageSpec": {"volumeClaimTemplate": {"spec": spec}}}}}
    chart = states.state("kubernetes:helm.sh/v3:Release", "chart", values)
    other = states.state("kubernetes:core/v1:PersistentVolumeClaim", "local", {"spec": local})
    found = section(pool("one", 0, FIRST), pool("two", 0, SECOND), claim, chart, other)
    assert row(found, "total-storage-gb", "AD 1, 2")["needs"] == 100, "the smallest volume has 50 GB"
    assert row(found, "volume-count", "AD 1, 2")["needs"] == 2
