"""PoolSchedule: two schedules, and the two functions that they invoke."""

import json
from typing import Any

import pytest

from components.cluster.pool_schedule import PoolSchedule, PoolScheduleArgs, ScheduledPoolArgs
from components.cluster.pool_schedule_rules import MOST_POOLS, owner_problems
from facts.problem import InvalidInput
from tests.support.monitor import Recording, oci_options, run
from tests.support.provider_inputs import input_faults

FUNCTION = "oci:Functions/function:Function"
SCHEDULE = "oci:ResourceScheduler/schedule:Schedule"
APPLICATION = "oci:Functions/application:Application"
POOLS = {"gpu": ScheduledPoolArgs(pool_id="ocid1.nodepool.oc1.iad.g", nodes=4),
         "system": ScheduledPoolArgs(pool_id="ocid1.nodepool.oc1.iad.s", nodes=2)}  # fmt: skip


def args(**changes: Any) -> PoolScheduleArgs:
    given: dict[str, Any] = {
        "compartment_id": "ocid1.compartment.oc1..c",
        "subnet_id": "ocid1.subnet.oc1.iad.private",
        "pools": POOLS,
        "stop": "30 19 * * 1-5",
        "start": "30 5 * * 1-5",
        "image": "iad.ocir.io/space/pool-hours:1.0.0",
        "image_digest": f"sha256:{'a' * 64}",
        **changes,
    }
    return PoolScheduleArgs(**given)


def made(preview: bool = False, **changes: Any) -> Recording:
    return run(lambda: PoolSchedule("test-hours", args(**changes), oci_options()) and None, preview)


@pytest.mark.parametrize("preview", [False, True])
def test_the_provider_accepts_every_resource(preview: bool) -> None:
    seen = made(preview, nsg_ids=["ocid1.networksecuritygroup.oc1.iad.f"], tags={"Environment": "test"})
    for token, count in ((APPLICATION, 1), (FUNCTION, 2), (SCHEDULE, 2)):
        assert len(seen.of_type(token)) == count
        for each in seen.of_type(token):
            assert not list(input_faults(each.type, each.inputs)), each.name


def test_one_function_has_size_zero_for_every_pool_and_the_other_their_nodes() -> None:
    seen = made()
    stop, start = (
        json.loads(seen.named(f"test-hours-{what}").inputs["config"]["SIZES"]) for what in ("stop", "start")
    )
    assert stop == {"ocid1.nodepool.oc1.iad.g": 0, "ocid1.nodepool.oc1.iad.s": 0}
    assert start == {"ocid1.nodepool.oc1.iad.g": 4, "ocid1.nodepool.oc1.iad.s": 2}


def test_each_schedule_starts_its_own_function_in_utc() -> None:
    seen = made()
    for what, times in (("stop", "30 19 * * 1-5"), ("start", "30 5 * * 1-5")):
        inputs = seen.named(f"test-hours-{what}-times").inputs
        assert (inputs["recurrenceType"], inputs["recurrenceDetails"]) == ("CRON", times)
        assert (inputs["action"], inputs["localTimeZone"]) == ("START_RESOURCE", "UTC")
        outputs = seen.named("test-hours").outputs
        assert outputs is not None
        assert inputs["resources"] == [{"id": outputs["functionIds"][what]}]


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"stop": "0 30 19 * * 1-5"}, "stop", "must have five fields: minute, hour, day, month and weekday, in UTC"),
    ({"stop": "@daily"}, "stop", "a name instead of five fields"),
    ({"start": "30 24 * * *"}, "start", "must be a cron expression in UTC, e.g. 30 19 * * 1-5: the hour 24"),
    ({"start": "0 6 31 2 *"}, "start", "must name a day that exists"),
    ({"start": "30 19 * * 1-5"}, "start", "must differ from stop"),
    ({"image": "docker.io/library/hours:1"}, "image", "must be an image with a tag in OCI's registry"),
    ({"image": "iad.ocir.io/space/pool-hours"}, "image", "must be an image with a tag in OCI's registry"),
    ({"image_digest": "latest"}, "imageDigest", "must be sha256: and 64 hexadecimal digits"),
    ({"pools": {}}, "pools", "must be 1 to 30 pools"),
    ({"pools": {f"p{i}": POOLS["gpu"] for i in range(MOST_POOLS + 1)}}, "pools", "must be 1 to 30 pools"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "key", "message"), WRONG)
def test_it_refuses(changes: dict[str, Any], key: str, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        made(**changes)
    (problem,) = refused.value.problems
    assert problem.path == f"test-hours.{key}"
    assert message in str(problem)


def test_the_longest_configuration_fits_in_a_function() -> None:
    """The longest region name is `eu-frankfurt-1-ad-1`-like; an OCID has at most 255 characters, and 60 are unique."""
    longest = f"ocid1.nodepool.oc1.me-abudhabi-1.{'a' * 60}"
    pools = {f"p{i}": ScheduledPoolArgs(pool_id=f"{longest}{i:02}", nodes=1000) for i in range(MOST_POOLS)}
    for each in made(pools=pools).of_type(FUNCTION):
        config = each.inputs["config"]
        assert sum(len(key) + len(value) for key, value in config.items()) <= 4096


def test_only_a_fixed_size_can_be_scheduled() -> None:
    assert not list(owner_problems("fixed", path="cluster.schedule.pools[0]"))
    for owner in ("external", "autoscaler"):
        (problem,) = owner_problems(owner, path="cluster.schedule.pools[0]")
        assert f"{owner} and the schedule would both set the size" in str(problem)
