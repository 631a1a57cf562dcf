import pytest

from facts.prices import load_prices
from report.danger import FORESEEN
from report.document.markdown import MAX_CHARACTERS
from report.markdown import Change, changes_of, comment, cost_change
from report.resources import from_export
from tests.report import states

PRICES = load_prices()


def replaced() -> list[dict[str, object]]:
    old, new = states.gpu_pool(1), states.gpu_pool(2)
    diff: dict[str, object] = {
        "detailedDiff": {
            "nodeShape": {"kind": "update-replace", "inputDiff": True},
            "nodeConfigDetails.size": {"kind": "update", "inputDiff": True},
        },
        "replaceReasons": ["nodeShape"],
    }
    return [
        states.step("create-replacement", old, new, **diff),
        states.step("replace", old, new, **diff),
        states.step("delete-replaced", old),
    ]


def digest(*steps: dict[str, object], **more: object) -> dict[str, object]:
    return {"steps": list(steps), **more}


def mixed() -> dict[str, object]:
    return digest(
        states.step("same", states.cluster(), states.cluster()),
        states.step("create", new=states.subnet("network-pods")),
        states.step("update", states.vcn(), states.vcn(), detailedDiff={"displayName": {"kind": "update"}}),
        *replaced(),
        states.step("delete", states.bucket()),
        changeSummary={"same": 60, "create": 1, "update": 1, "replace": 1, "delete": 1},
    )


def test_a_replacement_is_one_change_with_what_forces_it() -> None:
    (change,) = changes_of(digest(*replaced()))
    assert (change.operation, change.properties) == ("replace", ("nodeShape",))
    assert change.before is not None
    assert change.after is not None


def test_replacements_and_deletions_come_first() -> None:
    assert [change.operation for change in changes_of(mixed())] == ["replace", "delete", "update", "create"]
    said = comment(mixed(), PRICES, stack="staging")
    places = [said.index(part) for part in ("### Replaced or deleted", "### Updated in place", "### Created")]
    assert places == sorted(places)
    assert "| **replace** | gpu-pool | node pool | `nodeShape` |" in said
    assert "| **delete** | artifacts | bucket |" in said


def test_the_heading_counts_by_operation() -> None:
    said = comment(mixed(), PRICES, stack="staging")
    assert "1 to replace, 1 to delete, 1 to update, 1 to create, 60 unchanged" in said
    assert said.startswith("<!-- genai-playground preview of staging -->\n")


def test_consequences_of_a_replacement_are_listed_separately_by_kind() -> None:
    cause = states.step(
        "replace", states.vcn(), states.vcn(), detailedDiff={"dnsLabel": {"kind": "update-replace"}}
    )
    followers = [
        states.step(
            "replace",
            states.state("oci:Core/subnet:Subnet", f"subnet-{n}", {"vcnId": "ocid1.vcn.oc1.iad.aaaa"}),
            states.state("oci:Core/subnet:Subnet", f"subnet-{n}", {"vcnId": states.UNKNOWN_VALUE}),
            detailedDiff={"vcnId": {"kind": "update-replace"}},
        )
        for n in range(60)
    ]
    said = comment(digest(*followers, cause), PRICES, stack="staging")
    assert "| **replace** | network-vcn | VCN | `dnsLabel` |" in said, "the cause is not lost among 60 others"
    assert "| 60 subnets | subnet-0, subnet-1, subnet-10 and 57 more | `vcnId` |" in said


def test_a_resource_that_refers_to_a_replaced_one_says_so() -> None:
    said = comment(
        digest(states.step("replace", states.deployment(), states.deployment())), PRICES, stack="staging"
    )
    assert "| 1 Deployment | qwen | refers to a replaced resource |" in said


def test_a_preview_without_changes_says_so() -> None:
    said = comment(digest(changeSummary={"same": 60}), PRICES, stack="staging")
    assert "no changes, 60 unchanged" in said
    assert "Cost" not in said
    assert "###" not in said


def test_the_stack_resource_is_not_a_change() -> None:
    assert changes_of(digest(states.step("create", new=states.stack()))) == []


def test_a_second_node_costs_its_price_more() -> None:
    said = comment(digest(*replaced()), PRICES, stack="staging")
    assert "**Monthly cost:** +35," in said
    assert "### Cost" not in said, "the rest of the stack is not known"


def test_with_the_existing_stack_the_comment_gives_the_whole_cost() -> None:
    standing = from_export(states.export(states.staging(100_000)))
    old, new = cost_change(changes_of(digest(*replaced())), PRICES, standing)
    assert new.monthly_total > 2 * 35_000
    assert new.monthly_total - old.monthly_total == pytest.approx(35_061, abs=2)
    said = comment(digest(*replaced()), PRICES, stack="staging", before=standing)
    assert "### Cost" in said
    assert " USD by this change)" in said
    assert "### Reach" in said
    assert "### Rights" in said
    assert "The change gives and takes no rights." in said


def test_a_new_broad_grant_is_told_first() -> None:
    standing = from_export(states.export(states.staging(100_000)))
    statements = ["Allow any-user to manage all-resources in tenancy"]
    policy = states.state("oci:Identity/policy:Policy", "staging-wide", {"statements": statements})
    said = comment(digest(states.step("create", new=policy)), PRICES, stack="staging", before=standing)
    assert said.index("BROAD GRANT") < said.index("### Cost")
    assert "**What it gives**" in said


def test_the_warning_over_budget_comes_before_the_changes() -> None:
    standing = from_export(states.export(states.staging(10_000)))
    said = comment(mixed(), PRICES, stack="staging", before=standing)
    assert said.index("> - **OVER BUDGET: ") < said.index("### Replaced")


def test_a_first_preview_gives_the_whole_cost() -> None:
    steps = [states.step("create", new=entry) for entry in states.staging()]
    said = comment(digest(*steps), PRICES, stack="staging")
    assert "> - **OVER BUDGET: " in said
    assert " a month (+" in said


def test_a_protected_resource_is_marked() -> None:
    said = comment(digest(states.step("delete", states.gpu_pool(protect=True))), PRICES, stack="staging")
    assert "**protected**" in said


def test_errors_of_the_preview_are_shown() -> None:
    errors = [
        {"severity": "error", "message": "subnet outside its VCN ``` @someone"},
        {"severity": "info", "message": "x"},
    ]
    said = comment(digest(diagnostics=errors), PRICES, stack="staging")
    assert "### Errors" in said
    assert "subnet outside its VCN" in said
    assert said.count("```") == 2, "a message cannot end its own block"


def test_a_foreseen_refusal_names_its_resources_once() -> None:
    text = f"warning: {FORESEEN}: 400-LimitExceeded, x\n"
    found = [
        {"severity": "warning", "message": text, "urn": f"urn:pulumi:staging::p::oci:Core/vcn:Vcn::{name}"}
        for name in ("one", "two")
    ]
    said = comment(digest(diagnostics=found), PRICES, stack="staging")
    assert f"> - **one, two**: {FORESEEN.replace('`', chr(39))}: 400-LimitExceeded, x" in said
    assert said.count("LimitExceeded") == 1
    assert "warning:" not in said


def test_a_failed_preview_says_so_first_and_gives_no_cost() -> None:
    error = {"severity": "error", "message": "3 problems in the settings of staging"}
    standing = from_export(states.export(states.staging(10_000)))
    made = digest(*replaced(), diagnostics=[error], changeSummary={"same": 1})
    said = comment(made, PRICES, stack="staging", before=standing)
    assert "## Preview of `staging`: failed\n" in said, "not `no changes`, nor the count of what it came to"
    assert said.index("### Errors") < said.index("### Replaced")
    assert "Monthly cost" not in said
    assert "### Cost" not in said


def test_names_cannot_break_the_table_nor_call_people() -> None:
    odd = states.state("oci:Core/volume:Volume", "a|b`c\n<img>@owner", {"sizeInGbs": "1"})
    said = comment(digest(states.step("delete", odd)), PRICES, stack="staging")
    row = next(line for line in said.splitlines() if line.startswith("| **delete**"))
    assert row.count(" | ") == 3
    assert "<img>" not in row
    assert "@owner" not in row


def test_a_huge_preview_stays_under_githubs_limit() -> None:
    updates = [
        states.step(
            "update",
            states.subnet(f"subnet-{n}"),
            states.subnet(f"subnet-{n}"),
            detailedDiff={f"property{p}" * 20: {"kind": "update"} for p in range(20)},
        )
        for n in range(100)
    ]
    said = comment(digest(*updates), PRICES, stack="staging")
    assert len(said) <= MAX_CHARACTERS + 200
    assert "left out" in said


def test_many_rows_are_cut_with_their_number() -> None:
    deletes = [states.step("delete", states.subnet(f"subnet-{n}")) for n in range(100)]
    assert "and 60 more" in comment(digest(*deletes), PRICES, stack="staging")


def test_a_change_without_a_resource_is_an_error() -> None:
    with pytest.raises(ValueError, match="before or after"):
        _ = Change(operation="create", before=None, after=None).resource
