"""Update facts/data/oci for a new release of the provider. Run it by hand for each new version:

    pulumi package get-schema oci > schema.json
    python -m facts.data.refresh --schema schema.json
    python -m facts.data.refresh

The first form reads the provider's own package schema, which `pulumi package get-schema oci` prints: types, required
properties, properties that replace the resource, secrets. A schema does not contain conflicts, choices, forms, counts
of items and computed properties. They stay as they are in the files; facts/data/oci/LIMITS_SOURCE contains their source
and date. The second form adds what only the installed pulumi_oci knows, and writes the table of the REST API in
facts/data/api from Oracle's own installed SDK. Read the diff before you commit: one line is one property.
"""

import argparse
import importlib.metadata
import json
import re
import sys
from pathlib import Path
from typing import Any, cast

from facts.data.files import FOLDER, read, write
from facts.data.from_schema import with_schema

_TOKEN = re.compile(r"oci:[\w/.-]*:\w+", re.ASCII)
"""Source: Pulumi's package schema, `package:module:name`."""


class NoSchemaError(Exception):
    """The file is not the package schema of the OCI provider."""


def read_schema(path: Path) -> dict[str, Any]:
    """The schema in a file. Raises NoSchemaError."""
    try:
        schema: object = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NoSchemaError(f"--schema: {path}; cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise NoSchemaError(f"--schema: {path}; is not JSON: {error}") from error
    if not isinstance(schema, dict) or cast("dict[str, Any]", schema).get("name") != "oci":
        raise NoSchemaError(
            f"--schema: {path}; must be what `pulumi package get-schema oci` prints: its name is oci"
        )
    found = cast("dict[str, Any]", schema)
    for part in ("resources", "functions", "types"):
        if wrong := _wrong_part(found.get(part, {}), part):
            raise NoSchemaError(f"--schema: {path}; {wrong}")
    if not found.get("resources"):
        raise NoSchemaError(f"--schema: {path}; resources: must have one or more types")
    return found


def _wrong_part(content: object, part: str) -> str:
    """What is wrong with a part, or empty text. A part has an object for each token, such as oci:Core/vcn:Vcn."""
    if not isinstance(content, dict):
        return f"{part}: must be an object"
    entries = cast("dict[str, object]", content).items()
    wrong = next(
        (token for token, each in entries if not (_TOKEN.fullmatch(token) and isinstance(each, dict))), ""
    )
    return wrong and f"{part}.{wrong}: must be an object under a token such as oci:Core/vcn:Vcn"


def refresh(schema: Path | None, folder: Path = FOLDER) -> None:
    """Write the files of `folder` again from a schema, or from the installed SDK if there is no schema."""
    whole = read(folder)
    if schema is not None:
        document = read_schema(schema)
        write(with_schema(whole, document), folder)
        (folder / "SCHEMA_VERSION").write_text(f"{document.get('version', 'unknown')}\n", encoding="utf-8")
        return
    from facts.data.from_oci import write_api  # noqa: PLC0415 - it loads Oracle's SDK
    from facts.data.from_sdk import add_sdk  # noqa: PLC0415 - it loads every class of the SDK

    write_api()
    add_sdk(whole["resources"])
    write(whole, folder)
    (folder / "SDK_VERSION").write_text(importlib.metadata.version("pulumi_oci") + "\n", encoding="utf-8")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--schema", type=Path, help="what `pulumi package get-schema oci` prints")
    try:
        refresh(cast("Path | None", parser.parse_args().schema))
    except NoSchemaError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
