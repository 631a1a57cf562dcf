"""The field table reads a release's package schema, and keeps the values that no schema contains."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from facts.data.files import FOLDER, read
from facts.data.from_schema import with_schema
from facts.data.refresh import NoSchemaError, refresh
from facts.provider_fields import decode, limits_source

TOKEN = "oci:Small/thing:Thing"
FUNCTION = "oci:Small/getThing:getThing"
RULE = "oci:Small/ThingRule:ThingRule"

SCHEMA: dict[str, Any] = {
    "name": "oci",
    "version": "9.9.9",
    "types": {
        RULE: {
            "type": "object",
            "properties": {
                "port": {"type": "integer"},
                "made": {"type": "string"},
                "rules": {"type": "array", "items": {"$ref": f"#/types/{RULE}"}},
            },
            "required": ["port"],
        },
        "oci:Small/Mode:Mode": {"type": "string", "enum": [{"value": "A"}]},
    },
    "resources": {
        TOKEN: {
            "inputProperties": {
                "name": {"type": "string"},
                "size": {"type": "integer", "willReplaceOnChanges": True},
                "share": {"type": "number"},
                "secretText": {"type": "string", "secret": True},
                "tags": {"type": "object", "additionalProperties": {"type": "string"}},
                "nsgIds": {"type": "array", "items": {"type": "string"}},
                "rules": {"type": "array", "items": {"$ref": f"#/types/{RULE}"}},
                "only": {"$ref": f"#/types/{RULE}"},
                "mode": {"$ref": "#/types/oci:Small/Mode:Mode"},
                "isNew": {"type": "boolean"},
            },
            "requiredInputs": ["size", "rules"],
            "properties": {"size": {"type": "integer"}, "state": {"type": "string"}},
        }
    },
    "functions": {
        FUNCTION: {
            "inputs": {"properties": {"thingId": {"type": "string"}}, "required": ["thingId"]},
            "outputs": {"properties": {"thingId": {"type": "string"}, "state": {"type": "string"}}},
        }
    },
}

OLD: dict[str, Any] = {
    "resources": {
        TOKEN: {
            "name": "str on",
            "size": "int o",
            "nsgIds": "set[str] oc max=5",
            "mode": {"kind": "str o", "choices": ["A", "B"], "exact": True, "conflicts": ["share"]},
            "gone": "str r",
            "rules": {"kind": "list o min=1", "of": {"port": "int o", "made": "str c"}},
        },
        "oci:Small/old:Old": {"name": "str r"},
    },
    "functions": {},
}


def test_a_schema_gives_types_and_required_replacing_and_secret_properties() -> None:
    made = with_schema(OLD, SCHEMA)["resources"][TOKEN]
    assert made["size"] == "int r!"
    assert made["share"] == "float o"
    assert made["secretText"] == "str os"
    assert made["tags"] == "map o"
    assert made["isNew"] == "bool o"
    assert made["state"] == "str c"


def test_values_that_no_schema_contains_stay() -> None:
    made = with_schema(OLD, SCHEMA)["resources"][TOKEN]
    assert made["name"] == "str on"
    assert made["nsgIds"] == "set[str] oc max=5"
    assert made["mode"] == {
        "kind": "str o",
        "choices": ["A", "B"],
        "exact": True,
        "conflicts": ["share"],
    }


def test_nested_fields_keep_computed_properties_and_end_if_they_repeat() -> None:
    made = with_schema(OLD, SCHEMA)["resources"][TOKEN]
    rules, only = decode(made["rules"]), decode(made["only"])
    assert not isinstance(rules.of, str)
    assert rules.of is not None
    assert rules.required
    assert rules.min_items == 1
    assert rules.of["port"].required
    assert not rules.of["made"].input
    assert rules.of["rules"].of == {}
    assert only.single


def test_properties_that_are_removed_from_the_schema_are_left_out() -> None:
    made = with_schema(OLD, SCHEMA)["resources"]
    assert "oci:Small/old:Old" not in made
    assert "gone" not in made[TOKEN]


def test_a_function_has_its_arguments_as_inputs_and_the_rest_as_results() -> None:
    assert with_schema(OLD, SCHEMA)["functions"][FUNCTION] == {"thingId": "str r", "state": "str c"}


def test_every_entry_of_a_refreshed_folder_can_be_read_back(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(SCHEMA))
    folder = tmp_path / "oci"
    folder.mkdir()
    refresh(schema, folder)
    assert (folder / "SCHEMA_VERSION").read_text() == "9.9.9\n"
    assert read(folder) == with_schema({"resources": {}, "functions": {}}, SCHEMA)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot be read: No such file or directory"),
        ("{", "is not JSON"),
        ("[]", "must be what `pulumi package get-schema oci` prints"),
        ('{"name": "aws"}', "must be what `pulumi package get-schema oci` prints"),
        ('{"name": "oci", "resources": {}}', "resources: must have one or more types"),
        ('{"name": "oci", "resources": []}', "resources: must be an object"),
        (
            '{"name": "oci", "resources": {"oci:Core/vcn:Vcn": 5}}',
            "resources.oci:Core/vcn:Vcn: must be an object",
        ),
        ('{"name": "oci", "resources": {"Vcn": {}}}', "resources.Vcn: must be an object under a token"),
        ('{"name": "oci", "functions": {"getVcn": {}}}', "functions.getVcn: must be an object under a token"),
    ],
)
def test_another_file_is_refused_and_nothing_is_written(tmp_path: Path, text: str | None, said: str) -> None:
    schema = tmp_path / "schema.json"
    if text is not None:
        schema.write_text(text)
    folder = tmp_path / "oci"
    shutil.copytree(FOLDER, folder)
    with pytest.raises(NoSchemaError, match=said):
        refresh(schema, folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {
        file.name: file.read_bytes() for file in FOLDER.iterdir()
    }


def test_the_command_ends_with_a_message() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "facts.data.refresh", "--schema", "/nowhere"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert ran.stderr.startswith("--schema: /nowhere; cannot be read")
    assert "Traceback" not in ran.stderr


def test_values_that_no_schema_contains_have_a_source_and_a_date() -> None:
    assert limits_source() == "terraform-provider-oci 8.28.0, August 2026"
