"""Generates files from the settings: the JSON Schema of stack files, and the config block of Pulumi.yaml."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from facts.ocids import PLACEHOLDER_MARK
from infra.project.stackfile import PROJECT, ROOT
from infra.settings.base import ENCRYPTION_MARK
from infra.settings.sections import SECTIONS, is_required, purpose

from .choices import CHOICES

SCHEMA_FILE = ROOT / "docs" / "schema" / "stack.schema.json"
PROJECT_FILE = ROOT / "Pulumi.yaml"
MARK = "# `playground schema` generates this section from the settings. Edit the rest of the file by hand.\n"

_SECURE = {
    "type": "object",
    "description": "An encrypted value, as `pulumi config set --secret --path` writes it.",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
}

_PLACEHOLDER = {"type": "string", "pattern": PLACEHOLDER_MARK}
"""Only the sandbox accepts it."""


def stack_schema() -> str:
    """The JSON Schema of Pulumi.<stack>.yaml, as text with a newline at the end."""
    definitions: dict[str, object] = {}
    properties: dict[str, object] = {}
    for name, model in SECTIONS.items():
        schema = model.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
        definitions.update(schema.pop("$defs", {}))
        definitions[model.__name__] = schema
        properties[f"{PROJECT}:{name}"] = {"$ref": f"#/$defs/{model.__name__}"}
    for place, words in CHOICES.items():
        model, _, key = place.partition(".")
        fields = cast(dict[str, dict[str, object]], cast(dict[str, object], definitions[model])["properties"])
        _complete(fields[key], words)
    document: dict[str, object] = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Stack configuration of {PROJECT}",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": properties,
                "required": [f"{PROJECT}:{name}" for name, model in SECTIONS.items() if is_required(model)],
                "patternProperties": {f"^(?!{PROJECT}:)[^:]+:": {}},
                "additionalProperties": False,
            }
        },
        "required": ["config"],
        "$defs": definitions,
    }
    return json.dumps(_with_secure(document), indent=2, ensure_ascii=False) + "\n"


def _complete(node: dict[str, object], words: Mapping[str, object]) -> bool:
    """Add the allowed words to the first string type in a schema. It may be in a choice, a list or a mapping."""
    if node.get("type") == "string":
        node.update(words)
        return True
    inner = [*cast(list[object], node.get("anyOf", [])), node.get("items"), node.get("additionalProperties")]
    return any(_complete(cast(dict[str, object], each), words) for each in inner if isinstance(each, dict))


def _with_secure(node: object) -> object:
    """The schema. A secret must be encrypted or a placeholder. A value that may be secret is encrypted or plain."""
    if isinstance(node, list):
        return [_with_secure(item) for item in cast(list[object], node)]
    if not isinstance(node, dict):
        return node
    schema = cast(dict[str, object], node)
    mark = schema.get(ENCRYPTION_MARK)
    plain = {key: _with_secure(value) for key, value in schema.items() if key != ENCRYPTION_MARK}
    if mark == "always":
        return {
            "anyOf": [_SECURE, _PLACEHOLDER],
            "description": schema.get("description", _SECURE["description"]),
        }
    return {"anyOf": [plain, _SECURE]} if mark == "maybe" else plain


def config_block() -> str:
    """The `config:` block of Pulumi.yaml. For Pulumi a section is an object of any content.

    Each section has a default. Without it the engine would stop at the first missing section, and the program, which
    reports all problems at once, would not run.
    """
    lines = ["config:"]
    for name, model in SECTIONS.items():
        needed = [field.alias for field in model.model_fields.values() if field.is_required() and field.alias]
        text = purpose(model) + (f". Required: {', '.join(needed)}." if needed else ".")
        lines += [f"  {name}:", "    type: object", f"    description: {json.dumps(text)}", "    default: {}"]
    # Every resource names its provider. Without that, it would go to the account that the machine is logged in to.
    lines += ["  pulumi:disable-default-providers:", "    value: [oci, kubernetes]"]
    return "\n".join(lines) + "\n"


def project_file(current: str) -> str:
    """Pulumi.yaml with a current generated block."""
    head, mark, _ = current.partition(MARK)
    return head + (mark or MARK) + config_block()


def generated() -> dict[Path, str]:
    """Each generated file with its current text."""
    return {
        SCHEMA_FILE: stack_schema(),
        PROJECT_FILE: project_file(PROJECT_FILE.read_text(encoding="utf-8")),
    }


def stale() -> list[Path]:
    """Generated files that are missing or not current."""
    return [
        path
        for path, text in generated().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def write() -> list[Path]:
    """Update the generated files. Returns the files that changed."""
    changed = stale()
    texts = generated()
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[path], encoding="utf-8")
    return changed
