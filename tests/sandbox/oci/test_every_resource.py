"""Every resource class of the SDK, with generated inputs."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from facts.provider_fields import Field, resource_fields, resource_tokens
from sandbox.oci.engine_values import opened
from sandbox.oci.rules.pending import every_wait
from sandbox.oci.schema import Fields
from sandbox.oci.services.cloud_guard import CONFIGURATION
from sandbox.store import open_store
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import minimal

MISTYPED: dict[str, Any] = {
    "str": {"not": "text"},
    "int": "many",
    "float": "half",
    "bool": "perhaps",
    "map": "pairs",
    "list": "one",
    "set": "one",
}


def classes_of_the_sdk() -> list[str]:
    """The tokens that pulumi_oci registers. Read from its text, because importing all of it takes eight seconds."""
    spec = find_spec("pulumi_oci")
    assert spec is not None
    assert spec.origin is not None
    return sorted(set(re.findall(r'"(oci:[^"/]+/[^":]+:[^"]+)": "', Path(spec.origin).read_text())))


TOKENS = classes_of_the_sdk()
SERVICES = {name: [*tokens] for name, tokens in groupby(TOKENS, lambda token: token.partition("/")[0])}

Check = Callable[[str, Driver], None]


def for_every_class(check: Check, chosen: Collection[str] = TOKENS) -> Callable[[str, Driver], None]:
    """Check each class of a service in one test. A test for each class would take three times as long."""
    services = [name for name, tokens in SERVICES.items() if {*tokens} & {*chosen}]

    @pytest.mark.parametrize("service", services)
    def test(service: str, driver: Driver) -> None:
        failed = {
            token: text for token in SERVICES[service] if token in chosen and (text := tried(token, driver))
        }
        assert failed == {}

    def tried(token: str, driver: Driver) -> str:
        try:
            check(token, driver)
        except AssertionError as wrong:
            return str(wrong) or repr(wrong)
        finally:
            driver.cloud.store.clear()
        return ""

    return test


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """One cloud for all tests. What the check of a class leaves is removed."""
    with open_store(tmp_path_factory.mktemp("cloud") / "cloud.db") as store:
        yield Driver(store)


def fields_of(token: str) -> Fields:
    fields = resource_fields(token)
    assert fields is not None, f"the field table lacks {token}"
    return fields


def _chosen(fields: Fields) -> list[str]:
    return [
        name
        for name, field in fields.items()
        if field.input and (field.choices or field.form not in (None, "text"))
    ]


def test_the_sdk_has_about_a_thousand_classes_and_the_table_knows_them_all() -> None:
    assert len(TOKENS) > 990
    assert set(TOKENS) <= resource_tokens()


@for_every_class
def test_minimal_inputs_pass_create_read_no_op_and_delete(token: str, driver: Driver) -> None:
    inputs = minimal(driver, token)

    made = driver.create(token, **inputs)
    assert made.id
    assert not driver.diff(made, **made.inputs), "the same inputs must change nothing"
    found = driver.read(made)
    assert found is not None
    assert opened(found.inputs) == made.inputs, "a refresh must find no drift"
    assert not driver.diff(found, **made.inputs), "after a refresh the same inputs must change nothing"
    driver.delete(made)

    if token == CONFIGURATION:
        assert driver.read(made), "the provider's delete does nothing"
        return
    assert driver.read(made) is None
    left = driver.cloud.find(made.id)
    assert left is None or token in every_wait() or left.owner, f"{token} was not deleted"


@for_every_class
def test_every_output_of_a_created_resource_is_known_to_the_table(token: str, driver: Driver) -> None:
    made = driver.create(token, **minimal(driver, token))

    fields = fields_of(token)
    assert set(made.outputs) <= {*fields, "id"}
    for name, value in opened(made.outputs).items():
        assert name == "id" or _fits(fields[name], value), f"{name}: {value!r} is not a {fields[name].type}"


@for_every_class
def test_an_unknown_input_is_refused_with_its_path(token: str, driver: Driver) -> None:
    found = driver.failures(token, noSuchProperty="text")

    assert "unknown key" in found["noSuchProperty"]
    for name, field, _ in _blocks(fields_of(token)):
        path = f"{name}.noSuchProperty" if field.single else f"{name}[0].noSuchProperty"
        item = {"noSuchProperty": "text"}
        assert path in driver.failures(token, **{name: item if field.single else [item]})


@for_every_class
def test_every_missing_input_is_refused_with_its_path(token: str, driver: Driver) -> None:
    fields = fields_of(token)
    required = {name for name, field in fields.items() if field.required and not field.autonamed}

    found = driver.failures(token)

    assert set(found) == required
    for name, field, its in _blocks(fields):
        inner = {each for each, inside in its.items() if inside.required}
        prefix = name if field.single else f"{name}[0]"
        refused = driver.failures(token, **{name: {} if field.single else [{}]})
        assert {f"{prefix}.{each}" for each in inner} <= set(refused)


@for_every_class
def test_every_mistyped_input_is_refused_with_its_path(token: str, driver: Driver) -> None:
    inputs = {name: _mistyped(field) for name, field in fields_of(token).items() if field.input}

    found = driver.failures(token, **inputs)

    for name in inputs:
        assert "Incorrect attribute value type" in found.get(name, ""), f"{name} passed with a wrong type"


@partial(for_every_class, chosen={token for token in TOKENS if _chosen(fields_of(token))})
def test_a_value_out_of_its_choices_is_refused_with_its_path(token: str, driver: Driver) -> None:
    chosen = _chosen(fields_of(token))

    found = driver.failures(token, **dict.fromkeys(chosen, "no such value"))

    for name in chosen:
        assert found[name].startswith("Wrong value"), f"{name} passed with a value that is not allowed"


@for_every_class
def test_what_only_the_provider_computes_cannot_be_set(token: str, driver: Driver) -> None:
    computed = [name for name, field in fields_of(token).items() if not field.input]

    found = driver.failures(token, **dict.fromkeys(computed, "text"))

    assert set(computed) <= set(found)


def _blocks(fields: Fields) -> Iterator[tuple[str, Field, Fields]]:
    for name, field in fields.items():
        if field.input and field.type in ("list", "set") and isinstance(field.of, Mapping):
            yield name, field, field.of


def _mistyped(field: Field) -> Any:
    """A value of a wrong type. If the item itself is passed, it has another type than the item."""
    bare = field.single and isinstance(field.of, str)
    return MISTYPED[str(field.of) if bare else field.type]


def _fits(field: Field, value: Any) -> bool:
    if field.single:
        return isinstance(value, dict | str | int)
    kinds: dict[str, type | tuple[type, ...]] = {
        "str": str,
        "int": int,
        "float": (int, float),
        "bool": bool,
        "map": dict,
        "list": list,
        "set": list,
    }
    return isinstance(value, kinds[field.type])
