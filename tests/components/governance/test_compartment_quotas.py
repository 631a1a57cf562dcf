"""Quotas of a compartment: statements in Oracle's language, which the sandbox's own reader accepts."""

from typing import Any

import pytest

from components.governance.compartment_quotas import CompartmentQuotas, CompartmentQuotasArgs, statements_of
from components.governance.quota_rules import statement_problems
from facts.problem import InvalidInput
from facts.quotas import family_of, quota_families
from sandbox.oci.services.quota_language import read_statement
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

QUOTA = "oci:Limits/quota:Quota"


def args(**changes: Any) -> CompartmentQuotasArgs:
    given = {
        "tenancy_id": "ocid1.tenancy.oc1..t",
        "compartment_path": "platform:prod",
        "quota_name": "prod-quotas",
        "description": "ours",
        "limits": {"gpu-mi300x-count": 32, "total-storage-gb": 1000},
        **changes,
    }
    return CompartmentQuotasArgs(**given)


def quotas(preview: bool = False, **changes: Any) -> Recording:
    return run(lambda: CompartmentQuotas("quotas", args(**changes), oci_options()) and None, preview)


def test_exceptions_come_after_what_forbids_and_own_statements_come_last():
    seen = quotas(
        no_other_gpus=True, statements=["zero resource-manager quotas in compartment {compartment}"]
    )
    assert seen.one(QUOTA).inputs["statements"] == [
        "zero compute-core quotas /gpu*/ in compartment platform:prod",
        "set compute-core quota gpu-mi300x-count to 32 in compartment platform:prod",
        "set block-storage quota total-storage-gb to 1000 in compartment platform:prod",
        "zero resource-manager quotas in compartment platform:prod",
    ]
    assert seen.one(QUOTA).inputs["compartmentId"] == "ocid1.tenancy.oc1..t"


def test_the_id_is_unknown_in_a_first_preview():
    assert quotas(preview=True).named("quotas").outputs == {"quotaId": UNKNOWN}


@pytest.mark.parametrize(
    "statement",
    [
        "set compute quota custom-image-count to 15 in tenancy",
        "set compute-management quota config-count to 10 in tenancy",
        "set auto-scaling quota config-count to 10 in tenancy",
        "set compute-memory quota standard-e4-memory-reserved-count to 120 in tenancy",
        "zero compute-core quota gpu4-reserved-count in tenancy",
    ],
)
def test_a_statement_of_oracles_page_is_accepted(statement: str):
    assert [*statement_problems(statement, path="p")] == []


def test_the_sandbox_reads_a_limit_on_every_quota():
    families = [each for each in quota_families().values() if not each.zero_only]
    every = {name: 5 for family in families for name in family.names}
    assert len(every) > 50
    for text in statements_of(args(limits=every), "prod"):
        statement = read_statement(text)
        (name,) = statement.pattern
        assert statement.concerns(str(family_of(name)), name, {})
        assert statement.value == 5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"quota_name": "a b"}, r"quotas\.quotaName: 'a b'; must be 1 to 100"),
        ({"limits": {}}, r"quotas\.limits: \[\]; must have a limit or more"),
        ({"limits": {"gpu-mi300-count": 1}}, "Did you mean `gpu-mi300x-count`"),
        (
            {"limits": {"gpu-mi300x-count": -1}},
            r"quotas\.limits\['gpu-mi300x-count'\]: -1; must be 0 or more",
        ),
        (
            {"statements": ["set compute-cor quota gpu-mi300x-count to 8 in tenancy"]},
            r"quotas\.statements\[0\]: 'compute-cor'; must be a family of quotas.*Did you mean `compute-core`",
        ),
        ({"statements": ["allow everything"]}, "must be `set FAMILY quota NAME to NUMBER"),
    ],
)
def test_quotas_that_oci_refuses_are_named(changes: dict[str, Any], message: str):
    with pytest.raises(InvalidInput, match=message):
        quotas(**changes)
