"""`playground new`: stacks of one compartment leave the default tags of each other alone."""

from pathlib import Path

from infra.settings.governance.tags import IGNORED
from tests.infra.new_stack.test_new_stack import invoke, new


def test_two_stacks_of_one_compartment_leave_the_default_tags_of_each_other_alone(project: Path) -> None:
    notes = new("qa", "--from", "staging")["notes"]
    (note,) = [each for each in notes if IGNORED in each]  # type: ignore[union-attr]
    assert invoke("check", "qa").exit_code == 0
    assert IGNORED in invoke("check", "staging").output
    file = project / "Pulumi.staging.yaml"
    first = "      costCentre: genai\n"
    told = note.partition("compartment: ")[2]
    assert told.split(", ")[0] == "qa-genai.CostCentre"
    file.write_text(file.read_text().replace(first, f"{first}      ignored: [{told}]\n"))
    assert invoke("check", "staging").exit_code == 0
    own = "ocid1.compartment.oc1..own"
    assert IGNORED not in str(new("qb", "--from", "staging", "--compartment", own, "--dry-run")["notes"])
