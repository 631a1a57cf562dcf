"""Runs an older program without an engine: `python revision_run.py OUTPUT STACK FILE` in the folder of its files.

It is run as a file in a process of its own, so that `infra` is the older program's folder and not this one. It writes
to OUTPUT what the older program reads and registers, or its refusal. It uses only what older programs have too.
"""

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

FIELDS = ("urn", "type", "name", "parent", "id", "custom", "protect", "inputs", "outputs")


def main(output: str, stack: str, file: str) -> None:
    """Write the answer as JSON: `resources` and `sections`, or `error`."""
    # The first entry is the folder of this file, whose modules would hide others.
    sys.path[0] = os.getcwd()  # noqa: PTH109  the path has texts
    try:
        found = _run(stack, Path(file))
    except Exception as error:
        # Of an unknown program, every error is an answer.
        found = {"error": str(error) or type(error).__name__}
    Path(output).write_text(json.dumps(found, default=_other), encoding="utf-8")


def _run(stack: str, file: Path) -> dict[str, Any]:
    with suppress(ImportError):
        # It loads only the used part of the SDKs, which takes a second instead of four.
        from infra.loading import sdk_on_demand  # noqa: PLC0415

        sdk_on_demand.install()
    from infra.offline.run import run_offline  # noqa: PLC0415  the path has to be right first
    from infra.project.stackfile import read_stack_file  # noqa: PLC0415

    read = read_stack_file(stack, file)
    if read.problems:
        return {"error": "\n  ".join([f"{file.name}:", *map(str, read.problems)])}
    recorded = run_offline(read, stack).resources
    return {
        "sections": read.sections,
        "resources": [{name: getattr(each, name, None) for name in FIELDS} for each in recorded],
    }


def _other(value: object) -> str:
    return f"[{type(value).__name__}]"


if __name__ == "__main__":
    main(*sys.argv[1:])
