import re
from pathlib import Path

from facts.oci_api import operations
from facts.provider_fields import resource_fields
from facts.provider_lifecycles import lifecycles

SNAPSHOTS = Path(__file__).parents[1] / "infra" / "snapshots"


def test_the_steps_of_every_type_of_the_stacks_and_examples_are_known() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in SNAPSHOTS.rglob("*.yaml"))
    assert set(re.findall(r"oci:[A-Za-z]+/\w+:\w+", text)) == set(lifecycles())


def test_the_operations_are_in_the_table_of_the_api() -> None:
    known = {each.name.lower() for each in operations()}
    named = {
        name.lower()
        for each in lifecycles().values()
        for step in ("create", "read", "delete")
        for name in each.operations.get(step, ())
    }
    assert named - known == set()


def test_what_is_read_back_are_properties_of_the_provider() -> None:
    for token, each in lifecycles().items():
        fields = {name.lower() for name in resource_fields(token) or {}}
        words = {name.replace("_", "").lower() for name in each.reads}
        assert {word for word in words if not _plurals(word) & fields} == set(), token


def test_a_wait_fails_on_a_state_that_is_neither_pending_nor_wanted() -> None:
    vcn, budget = lifecycles()["oci:Core/vcn:Vcn"], lifecycles()["oci:Budget/budget:Budget"]
    assert vcn.shows("create", "PROVISIONING")
    assert not vcn.shows("create", "CREATING")
    assert not vcn.shows("update", "UPDATING"), "the provider does not wait after an update of a VCN"
    assert budget.shows("create", "CREATING"), "without pending states it waits on"


def _plurals(word: str) -> set[str]:
    return {word, f"{word}s", f"{word}es", f"{word[:-1]}ies"}
