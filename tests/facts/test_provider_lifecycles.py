import re
from pathlib import Path

from facts.oci_api import operations
from facts.provider_fields import resource_fields, resource_tokens
from facts.provider_lifecycles import lifecycles

SNAPSHOTS = Path(__file__).parents[1] / "infra" / "snapshots"
COMPONENTS = Path(__file__).parents[2] / "components"


def created_by_components() -> set[str]:
    """The types of OCI whose classes the components call: `redis.RedisCluster(…)`."""
    classes: set[tuple[str, str]] = set()
    for file in COMPONENTS.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        modules = re.split(r",\s*", ",".join(re.findall(r"from pulumi_oci import (.+)", text)))
        called: list[tuple[str, str]] = re.findall(r"\b(\w+)\.([A-Z]\w+)\(", text)
        classes |= {(module, name) for module, name in called if module in modules}
    return {token for token in resource_tokens() if _class(token) in classes}


def _class(token: str) -> tuple[str, str]:
    _, module, name = token.split(":")
    return module.split("/")[0].lower(), name


def test_the_steps_of_every_type_of_the_stacks_examples_and_components_are_known() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in SNAPSHOTS.rglob("*.yaml"))
    created = set(re.findall(r"oci:[A-Za-z]+/\w+:\w+", text)) | created_by_components()
    assert created == set(lifecycles())


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
