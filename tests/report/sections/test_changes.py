"""What a change does, in few words: nothing that is replaced or deleted may be left out."""

import pytest

from report.limits.account import AccountLimit, AccountLimits
from report.of_change import Extent
from tests.report import states
from tests.report.pages import page_of

VCN = "genai:index:VirtualNetwork$oci:Core/vcn:Vcn"
DATABASE = "genai:index:Postgresql$oci:Psql/dbSystem:DbSystem"
ALARM = "genai:index:Alarm$oci:Monitoring/alarm:Alarm"


FEW = AccountLimits(
    origin="sandbox",
    at=None,
    limits=[AccountLimit(name="gpu-mi300x-count", scope="REGION", limit=16, used=16)],
)


def shown(*steps: dict[str, object], done: bool = False, extent: Extent = "short", told: bool = False) -> str:
    return page_of({"steps": steps}, done=done, extent=extent, told=told, account_limits=FEW)


def created(count: int) -> list[dict[str, object]]:
    return [states.step("create", new=states.state(ALARM, f"alarm-{n}")) for n in range(count)]


def test_a_new_stack_is_told_by_layer_with_what_matters_and_its_cost() -> None:
    text = shown(*created(30), states.step("create", new=states.gpu_pool(1)))
    assert "To create" in text
    rows = [line.split() for line in text.splitlines()]
    assert ["observability", "30", "30", "alarms"] in rows
    assert ["gpu", "1", "gpu-pool", "(node", "pool)"] in rows
    assert ["total", "31"] in rows
    assert "At least 35,062 USD a month" in text
    assert "alarm-7" not in text


def test_a_limit_that_is_too_low_is_an_alarm_before_and_what_an_up_used_is_no_need() -> None:
    more = states.step("create", new=states.gpu_pool(1))
    assert shown(more).startswith("DOES NOT FIT: gpu-mi300x-count (an AD): the stack needs 8 GPUs")
    assert "DOES NOT FIT" not in shown(more, done=True), "the 16 in use contain the 8 of the stack"
    assert "DOES NOT FIT" not in shown(states.step("same", states.gpu_pool(1), states.gpu_pool(1)))


def test_every_deletion_and_replacement_is_named_and_updates_are_cut() -> None:
    gone = [states.step("delete", states.state(ALARM, f"gone-{n}")) for n in range(30)]
    same = states.step("same", states.cluster(), states.cluster())
    updated = [
        states.step(
            "update",
            states.state(ALARM, f"old-{n}", {"query": "a"}),
            states.state(ALARM, f"old-{n}", {"query": "b"}),
            detailedDiff={"query": {"kind": "update"}},
        )
        for n in range(30)
    ]
    text = shown(same, *gone, *updated, done=True)
    assert all(f"gone-{n} (alarm)" in text for n in range(30))
    assert "old-1 (alarm)" in text
    assert "query: a → b" in text
    assert "20 rows more: --verbose" in text
    assert "Deleted" in text


@pytest.mark.parametrize("done", [False, True])
def test_what_only_follows_a_replacement_is_named_by_kind_and_what_holds_data_by_itself(done: bool) -> None:
    root = {"detailedDiff": {"dnsLabel": {"kind": "update-replace"}}}
    forced = {"detailedDiff": {"refers": {"kind": "update-replace"}}}
    old, new = (states.state(VCN, "root", {"dnsLabel": label}) for label in ("one", "two"))
    new["id"] = "ocid1.x.oc1.iad.another"
    steps = [
        states.step("same", states.cluster(), states.cluster()),
        states.step("replace", old, new, **root),
        states.step(
            "replace",
            states.state(ALARM, "own", {"refers": "a"}),
            states.state(ALARM, "own", {"refers": "b"}),
            **forced,
        ),
    ]
    for chain, start, count in ((ALARM, "alarm", 9), (DATABASE, "main", 2)):
        for n in range(count):
            before = states.state(chain, f"{start}-{n}", {"refers": old["id"]})
            after = states.state(
                chain, f"{start}-{n}", {"refers": new["id"] if done else states.UNKNOWN_VALUE}
            )
            steps.append(states.step("replace", before, after, **forced))
    text = shown(*steps, done=done, told=True)
    assert "9 alarms   alarm-0, alarm-1, alarm-2, alarm-3, alarm-4, alarm-5 and 3 more" in text
    assert "alarm-0 (alarm)" not in text
    rows = [line for line in text.splitlines() if "(database system)" in line]
    assert [line.split()[0] for line in rows] == ["main-0", "main-1"]
    assert "own (alarm)" in text
    assert "refers: a → b" in text


def test_a_destroyed_stack_is_counted() -> None:
    text = shown(*(states.step("delete", states.state(ALARM, f"gone-{n}")) for n in range(30)), done=True)
    assert "20 rows more" in text
    assert "Cost" not in text


def test_the_rest_of_an_earlier_replacement_is_a_deletion() -> None:
    text = shown(
        states.step("same", states.cluster(), states.cluster()),
        states.step("delete-replaced", states.state(ALARM, "old")),
        done=True,
    )
    assert "Replaced" not in text
    assert "old (alarm)" in text.partition("Deleted")[2]


def test_what_is_at_risk_is_told_once() -> None:
    steps = (
        states.step("same", states.cluster(), states.cluster()),
        states.step("delete", states.state(DATABASE, "main")),
    )
    assert "DANGER: 1 lost" in shown(*steps)
    assert "DANGER" not in shown(*steps, told=True)
    assert "main (database system)" in shown(*steps, told=True)


def test_an_unchanged_stack_is_short() -> None:
    steps = [states.step("same", states.gpu_pool(1), states.gpu_pool(1))]
    assert "Nothing changed." in shown(*steps, done=True)
    assert len(shown(*steps).splitlines()) < 12
    assert shown(*steps, done=True, extent="brief").split() == ["Changes", "Nothing", "changed."]


def test_a_summary_that_follows_says_what_there_is() -> None:
    text = shown(*created(3), done=True, extent="brief")
    assert "Changes" not in text
    assert "Cost" not in text
    assert "Reach" in text
    assert "Architecture" in shown(*created(3), extent="whole")
