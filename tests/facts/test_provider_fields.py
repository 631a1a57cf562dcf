import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest

from facts.provider_fields import (
    Field,
    decode,
    function_fields,
    function_tokens,
    resource_fields,
    resource_tokens,
    sdk_version,
)

TOKENS = sorted(resource_tokens())


def sdk_folder() -> Path:
    spec = find_spec("pulumi_oci")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


@cache
def sdk_inputs() -> dict[str, dict[str, bool]]:
    """Token to its inputs (lower case, no underscores) and whether the SDK requires them, from the SDK's text.

    Reading the beginning of each file takes a second. Importing every class takes twenty seconds.
    """
    root = sdk_folder()
    found = re.search(
        r'resource_modules="""\n(.*?)\n"""', (root / "__init__.py").read_text("utf-8"), re.DOTALL
    )
    assert found is not None
    tokens: dict[tuple[Path, str], str] = {}
    for module in json.loads(found[1]):
        for token, name in module["classes"].items():
            tokens[root.joinpath(*module["fqn"].split(".")[1:]), name] = token
    inputs: dict[str, dict[str, bool]] = {}
    for path in root.rglob("*.py"):
        with path.open(encoding="utf-8") as file:
            head = file.read(60_000)
        exported = re.search(r"^__all__ = \['(\w+)', '(\w+)'\]", head, re.MULTILINE)
        token = tokens.get((path.parent, exported[2])) if exported else None
        if token and exported:
            inputs[token] = dict(_parameters(head, exported[1]))
    return inputs


def _parameters(text: str, args_class: str) -> Iterator[tuple[str, bool]]:
    signature = re.search(rf"class {args_class}:\n    def __init__\(__self__(.*?)\):\n", text, re.DOTALL)
    assert signature is not None, args_class
    for name, default in re.findall(r"(\w+): pulumi\.Input\[.*?(= None)?(?:,\n|$)", signature[1]):
        yield name.replace("_", "").lower(), not default


def every_field(fields: Mapping[str, Field], path: str = "") -> Iterator[tuple[str, Field]]:
    for name, field in fields.items():
        yield f"{path}{name}", field
        if field.of is not None and not isinstance(field.of, str):
            yield from every_field(field.of, f"{path}{name}.")


def test_the_files_were_compared_with_the_installed_sdk() -> None:
    assert sdk_version() == version("pulumi_oci"), "run facts/data/refresh.py, and read its diff"


def test_every_resource_class_of_the_sdk_is_in_the_table() -> None:
    assert len(sdk_inputs()) == 1023
    assert set(sdk_inputs()) <= set(TOKENS)


def test_inputs_of_every_class_are_those_of_the_sdk() -> None:
    differ = {
        token: (ours, its) for token, its in sdk_inputs().items() if (ours := table_inputs(token)) != its
    }
    assert differ == {}


def table_inputs(token: str) -> dict[str, bool]:
    fields = resource_fields(token)
    assert fields is not None, token
    return {name.lower(): field.required for name, field in fields.items() if field.input}


def test_every_field_of_every_resource_is_valid() -> None:
    for token in TOKENS:
        fields = resource_fields(token)
        assert fields, token
        for path, field in every_field(fields):
            where = f"{token} {path}"
            assert field.input or field.computed, where
            assert not (field.required and field.optional), where
            assert field.max_items is None or field.type in ("list", "set"), where
            assert field.of is not None or field.type not in ("list", "set"), where
            for conflict in field.conflicts:
                assert field_at(fields, conflict) is not None, f"{where} excludes {conflict}"


def field_at(fields: Mapping[str, Field] | str | None, path: str) -> Field | None:
    head, _, rest = path.partition(".")
    field = None if fields is None or isinstance(fields, str) else fields.get(head)
    return field if field is None or not rest else field_at(field.of, rest)


def test_every_function_is_readable() -> None:
    assert len(function_tokens()) == 2370
    for token in function_tokens():
        assert function_fields(token), token


def test_a_change_of_vcn_replaces_a_subnet_and_a_change_of_route_table_does_not() -> None:
    fields = resource_fields("oci:Core/subnet:Subnet")
    assert fields is not None
    assert fields["vcnId"].replaces is True
    assert fields["routeTableId"].replaces is False
    assert fields["securityListIds"].max_items == 5


def test_a_clusters_secrets_key_replaces_it() -> None:
    fields = resource_fields("oci:ContainerEngine/cluster:Cluster")
    assert fields is not None
    assert fields["kmsKeyId"].replaces is True, "so the key must be set from the start"


def test_a_name_that_the_engine_generates_is_not_required() -> None:
    fields = resource_fields("oci:ContainerEngine/nodePool:NodePool")
    assert fields is not None
    assert (fields["name"].autonamed, fields["name"].required) == (True, False)


def test_a_list_of_one_item_is_passed_as_the_item() -> None:
    fields = resource_fields("oci:ContainerEngine/nodePool:NodePool")
    assert fields is not None
    details = fields["nodeConfigDetails"]
    assert details.single
    assert set(details.conflicts) == {"quantityPerSubnet", "subnetIds"}, "paths in the spelling of Pulumi"
    placement = field_at(fields, "nodeConfigDetails.placementConfigs.availabilityDomain")
    assert placement is not None
    assert placement.required


def test_replacement_is_unknown_for_a_field_that_only_the_sdk_has() -> None:
    newer = resource_fields("oci:Core/drgNatPolicy:DrgNatPolicy")
    assert newer is not None
    assert {field.replaces for field in newer.values()} == {None}
    instance = resource_fields("oci:Core/instance:Instance")
    assert instance is not None
    field = field_at(instance, "launchOptions.isEncryptionInTransitEnabled")
    assert field is not None
    assert field.replaces is None


def test_secret_outputs_of_the_sdk_are_sensitive() -> None:
    fields = resource_fields("oci:Identity/domainsUserDbCredential:DomainsUserDbCredential")
    assert fields is not None
    assert fields["dbPassword"].sensitive


@pytest.mark.parametrize(
    "token",
    ["oci:Core/subnet:Subnett", "oci:Nothing/a:A", "oci:../../x:Y", "aws:Core/subnet:Subnet", "", "oci:Core"],
)
def test_an_unknown_resource_is_none(token: str) -> None:
    assert resource_fields(token) is None
    assert function_fields(token) is None


def test_a_function_has_arguments_and_results() -> None:
    fields = function_fields("oci:Identity/getAvailabilityDomains:getAvailabilityDomains")
    assert fields is not None
    assert fields["compartmentId"].required
    assert fields["availabilityDomains"].computed


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ("str r!", Field(type="str", required=True, replaces=True)),
        ("set[str] oc max=5", Field(type="set", of="str", optional=True, computed=True, max_items=5)),
        ("int o?s", Field(type="int", optional=True, replaces=None, sensitive=True)),
    ],
)
def test_an_entry_of_the_files_can_be_decoded(entry: str, field: Field) -> None:
    assert decode(entry) == field


def test_an_unreadable_entry_is_an_error() -> None:
    with pytest.raises(ValueError, match="unreadable"):
        decode("text")
