"""One stack per tenancy manages it, and one per compartment sets its quotas: a second file is refused."""

from pathlib import Path
from shutil import copy

import pytest

from infra.commands.common import findings
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
