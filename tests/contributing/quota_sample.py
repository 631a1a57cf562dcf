"""A small component to add: its file, its test, and the lines for other files."""

COMPONENT = '''"""A quota of a compartment."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import limits

from components.options import child
from facts.problem import Problem, refuse

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,255}")


@dataclass(frozen=True, kw_only=True)
class QuotaArgs:
    """What a Quota is made of."""

    tenancy_id: pulumi.Input[str]
    """OCID of the tenancy, where OCI keeps every quota. A change replaces the quota."""

    quota_name: str
    """Name of the quota: letters, digits, hyphens, underscores and periods, 255 at most. A change replaces it."""

    statements: Sequence[str]
    """Statements in Oracle's language of quotas, 1 or more."""


class Quota(pulumi.ComponentResource):
    """What a compartment may use of a limit, whatever the limit is."""

    quota_id: pulumi.Output[str]
    """OCID of the quota."""

    def __init__(self, name: str, args: QuotaArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(quota_problems(args, quota_name=args.quota_name, path=name), f"the quota {name}")
        super().__init__("genai:index:Quota", name, {}, opts)
        quota = limits.Quota(
            f"{name}-quota",
            limits.QuotaArgs(
                compartment_id=args.tenancy_id,
                name=args.quota_name,
                description=f"Quota {args.quota_name}",
                statements=args.statements,
            ),
            opts=child(self),
        )
        self.quota_id = quota.id
        self.register_outputs({"quotaId": self.quota_id})


class QuotaChoices(Protocol):
    """The plain values of a quota. The component's args and the settings both have them."""

    @property
    def statements(self) -> Sequence[str]: ...


def quota_problems(wanted: QuotaChoices, *, quota_name: str, path: str) -> Iterator[Problem]:
    """A name of other characters, or no statement."""
    if not _NAME.fullmatch(quota_name):
        allowed = "must be 1 to 255 letters, digits, hyphens, underscores and periods"
        yield Problem(f"{path}.quotaName", quota_name, allowed)
    if not wanted.statements:
        yield Problem(f"{path}.statements", [], "must have a statement or more")
'''

TEST = '''"""A quota."""

import pytest

from components.governance.quota import Quota, QuotaArgs, quota_problems
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

STATEMENTS = ("zero compute-core quotas in tenancy",)


def quota(preview: bool = False) -> Recording:
    args = QuotaArgs(tenancy_id="t", quota_name="gpus", statements=STATEMENTS)
    return run(lambda: Quota("gpus", args, oci_options()) and None, preview)


def test_a_quota_has_its_statements_and_its_id_as_output():
    made = quota().one("oci:Limits/quota:Quota")
    assert made.inputs["statements"] == list(STATEMENTS)
    assert quota().named("gpus", "genai:index:Quota").outputs == {"quotaId": made.id}


def test_the_id_is_unknown_in_a_preview():
    assert quota(preview=True).named("gpus", "genai:index:Quota").outputs == {"quotaId": UNKNOWN}


@pytest.mark.parametrize(
    ("name", "statements", "path"), [("a b", STATEMENTS, "quota.quotaName"), ("gpus", (), "quota.statements")]
)
def test_what_oracle_would_refuse_is_named(name: str, statements: tuple[str, ...], path: str):
    args = QuotaArgs(tenancy_id="t", quota_name=name, statements=statements)
    assert [each.path for each in quota_problems(args, quota_name=name, path="quota")] == [path]
'''


LISTED = ("facts/components.py", '    "governance": {\n', '        "Quota": "components.governance.quota",\n')

COMPARED = (
    ("tests/infra/settings/nouns/all.py", "from tests.infra.settings.nouns.serving import SERVING\n", """
QUOTA = Noun(
    choices=QuotaChoices,
    path="governance.quota",
    section=lambda values: {"quota": values},
    component=Quota,
    args=partial(QuotaArgs, tenancy_id="t", quota_name="quota"),
    base={"statements": ["zero database quotas in tenancy"]},
)
"""),
    ("tests/infra/settings/nouns/all.py", "NOUNS: tuple[Noun, ...] = (", "QUOTA, "),
    ("tests/infra/settings/nouns/all.py", '"""Every noun whose settings and component refuse the same values."""\n', """
from functools import partial

from components.governance.quota import Quota, QuotaArgs, QuotaChoices
"""),
)  # fmt: skip

PLACED = (
    "facts/data/oci-sentences.yaml",
    "# this file with the installed SDK: a new sentence must be added here.\n",
    """\
oci:Limits/quota:Quota:
  name:
    said: ["d20c3dd3"]
    rules: [services.limits.name_is_free]
""",
)

WIRING = (
    ("infra/settings/governance/__init__.py", "\nfrom components.governance.budget import budget_problems\n", """\
from components.governance.quota import quota_problems
"""),
    ("infra/settings/governance/__init__.py", "from .base import Section\n", '''

class QuotaSettings(Section):
    """A quota of the tenancy."""

    statements: tuple[str, ...]
    """Statements in Oracle's language of quotas, 1 or more."""
'''),
    ("infra/settings/governance/__init__.py", '    """Cost control of one environment."""\n', '''
    quota: QuotaSettings | None = None
    """A quota of the tenancy. Default: none."""
'''),
    ("infra/settings/governance/__init__.py", "    budget = governance.budget\n", """\
    if governance.quota:
        yield from quota_problems(governance.quota, quota_name="quota", path="governance.quota")
"""),
    ("infra/layers/governance/__init__.py", "from components.governance.budget import Budget, BudgetArgs\n", """\
from components.governance.quota import Quota, QuotaArgs
"""),
    ("infra/layers/governance/__init__.py", "    wanted = settings.governance.budget\n", """\
    quota, name = settings.governance.quota, context.name("quota")
    if quota:
        args = QuotaArgs(tenancy_id=context.tenancy_id, quota_name=name, statements=quota.statements)
        Quota(name, args, context.in_home_region)
"""),
    ("Pulumi.dev.yaml", "  genai-playground:governance:\n", """\
    quota: {statements: [zero database quotas in tenancy]}
"""),
)  # fmt: skip
"""By file: a line, and the lines to insert below it."""
