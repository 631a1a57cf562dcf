"""One stack per tenancy manages it, and one per compartment sets its quotas: a second file is refused. Of two stacks in
one compartment, each must ignore the default tags of the other."""

from pathlib import Path
from shutil import copy

import pytest

from infra.commands.settings import findings
from infra.offline.run import run_offline
from infra.project.stackfile import ROOT, read_stack_file
from infra.settings.governance import MANAGES_TENANCY

HEAD = """config:
  genai-playground:tenancy:
    tenancyId: {tenancy}
  genai-playground:governance:
    managesTenancy: {manages}
"""


def project(folder: Path, monkeypatch: pytest.MonkeyPatch, **stacks: str) -> None:
    """A project with these stack files."""
    copy(ROOT / "Pulumi.yaml", folder)
    for name, text in stacks.items():
        (folder / f"Pulumi.{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)


def managing(tenancy: str = "ocid1.tenancy.oc1..a", manages: str = "true") -> str:
    return HEAD.format(tenancy=tenancy, manages=manages)


def said(stack: str) -> list[str]:
    return [str(each) for each in findings(stack).problems if each.path == MANAGES_TENANCY]


def test_two_stacks_that_manage_one_tenancy_are_both_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    project(tmp_path, monkeypatch, one=managing(), two=managing())
    assert said("two") == [
        "governance.managesTenancy: true; must be set by one stack per tenancy; Pulumi.one.yaml sets it for the "
        "same one. Remove it from one of the two files"
    ]
    assert "Pulumi.two.yaml" in said("one")[0]


def test_equal_placeholders_are_one_tenancy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    same = managing("ocid1.tenancy.oc1..REPLACE-ME")
    project(tmp_path, monkeypatch, one=same, two=same)
    assert said("one")


@pytest.mark.parametrize(
    "other",
    [
        managing(manages="false"),
        managing("ocid1.tenancy.oc1..b"),
        "config: {}\n",
        "config: [1]\n",
        "\tno YAML",
        "config: {genai-playground:governance: 1, genai-playground:tenancy: 2}\n",
    ],
)
def test_a_stack_that_does_not_manage_the_tenancy_is_no_second_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
):
    project(tmp_path, monkeypatch, one=managing(), two=other)
    assert said("one") == []


def test_the_program_refuses_it_too_before_anything_is_created(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    text = (ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    text = text.replace("governance:\n", "governance:\n    managesTenancy: true\n")
    project(tmp_path, monkeypatch, one=text, two=text)
    with pytest.raises(Exception, match=r"managesTenancy: true; .* Pulumi\.two\.yaml"):
        run_offline(read_stack_file("one"), "one")
    (tmp_path / "Pulumi.two.yaml").unlink()
    run_offline(read_stack_file("one"), "one")


def limiting(compartment: str, governance: str = "{quotas: {}}", identity: str = "{}") -> str:
    return (
        f"config:\n  genai-playground:tenancy: {{compartmentId: {compartment}}}\n"
        f"  genai-playground:governance: {governance}\n  genai-playground:identity: {identity}\n"
    )


def quotas_said(stack: str) -> list[str]:
    return [str(each) for each in findings(stack).problems if "governance.quotas" in each.allowed]


def test_two_stacks_that_limit_one_compartment_are_both_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    project(
        tmp_path,
        monkeypatch,
        one=limiting("ocid1.compartment.oc1..a"),
        two=limiting("ocid1.compartment.oc1..a"),
    )
    assert quotas_said("two") == [
        "tenancy.compartmentId: 'ocid1.compartment.oc1..a'; must be of one stack with `governance.quotas`; "
        "Pulumi.one.yaml has them for it too. Give each environment its own, or set `identity.compartment: created`"
    ]
    assert "Pulumi.two.yaml" in quotas_said("one")[0]


@pytest.mark.parametrize(
    "other",
    [
        limiting("ocid1.compartment.oc1..b"),
        limiting("ocid1.compartment.oc1..a", "{}"),
        limiting("ocid1.compartment.oc1..a", identity="{compartment: created}"),
        limiting("7", "7", "7"),
    ],
)
def test_a_stack_may_limit_its_own_compartment(other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    project(tmp_path, monkeypatch, one=limiting("ocid1.compartment.oc1..a"), two=other)
    assert quotas_said("one") == []


def tagging(compartment: str = "ocid1.compartment.oc1..a", identity: str = "{}", **more: str) -> str:
    tags = {"costCentre": "c", "owner": "o", "dataClassification": "internal", **more}
    words = ", ".join(f"{key}: {value}" for key, value in tags.items())
    return limiting(compartment, f"{{tags: {{{words}}}}}", identity)


def tags_said(stack: str) -> list[str]:
    return [str(each) for each in findings(stack).problems if each.path == "governance.tags.ignored"]


THEIRS = "[two-genai.CostCentre, two-genai.Environment, two-genai.owner, TWO-GENAI.DataClassification]"


@pytest.mark.parametrize(
    ("one", "two", "missing"),
    [
        (
            tagging(),
            tagging(),
            "two-genai.CostCentre, two-genai.Environment, two-genai.Owner, two-genai.DataClassification",
        ),
        (tagging(ignored=THEIRS), tagging(), ""),
        (tagging(ignored=THEIRS), tagging(more="{Unit: {value: a}, Free: {}}"), "two-genai.Unit"),
        (tagging(ignored=THEIRS), tagging(namespace="Other"), "Other.CostCentre, Other.Environment, "),
        (tagging(manage="false"), tagging(), "two-genai.CostCentre, "),
        (tagging(), tagging(manage="false"), ""),
        (tagging(namespace="Same", manage="false"), tagging(namespace="same"), ""),
        (tagging(), tagging("ocid1.compartment.oc1..b"), ""),
        (tagging(), tagging(identity="{compartment: created}"), ""),
        (tagging(identity="{compartment: created}"), tagging(), ""),
        (limiting("ocid1.compartment.oc1..a", "{}"), tagging(), ""),
        (tagging(), tagging(owner="[1]"), ""),
        (tagging(), limiting("ocid1.compartment.oc1..a", "{tags: 7}"), ""),
    ],
)
def test_a_stack_ignores_the_default_tags_of_another_in_its_compartment(
    one: str, two: str, missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    project(tmp_path, monkeypatch, one=one, two=two)
    said = tags_said("one")
    assert len(said) == bool(missing)
    assert all(f"must contain {missing}" in each and "Pulumi.two.yaml sets them" in each for each in said)
