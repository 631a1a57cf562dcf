"""Snapshots of the resources that the program registers for each environment and example: the baseline of upgrades.

To take a wanted change over: `python -m tests.infra.snapshots`. It refuses to forget a URN that has no successor
with an alias, for that resource would be destroyed in every environment; if it shall be, name it: `--lose URN`.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from infra.offline.former import urns_of
from infra.offline.recording import Recording
from infra.offline.run import run_offline
from infra.project.stackfile import ROOT, read_stack_file

FOLDER = Path(__file__).parent / "snapshots"
STACKS = ("dev", "staging", "prod")
EXAMPLES = tuple(sorted(path.stem for path in (ROOT / "examples").glob("*.yaml")))
LONGEST = 300
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"


@cache
def run(stack: str) -> Recording:
    """Run the program for a stack with the project's file, or for an example with its file."""
    return run_offline(read_stack_file(stack, file_of(stack)), stack)


def file_of(stack: str) -> Path:
    """The file of a stack or of an example."""
    return ROOT / "examples" / f"{stack}.yaml" if stack in EXAMPLES else ROOT / f"Pulumi.{stack}.yaml"


def snapshot(found: Recording, *, brief: bool = False) -> list[dict[str, Any]]:
    """URN and inputs, sorted. Long texts become a hash, secrets a mark, and whole numbers have no decimal point.

    `brief`, for examples: of the inputs only a hash. What they look like is in the snapshots of the stacks.
    """
    resources = sorted(found.resources, key=lambda each: each.urn)
    shown = [(each.urn, plain(dict(each.inputs))) for each in resources]
    return [{"urn": urn, "inputs": digest(inputs) if brief else inputs} for urn, inputs in shown]


def digest(inputs: Any) -> str:
    """A hash of the inputs, with twelve digits."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:12]


def plain(value: Any) -> Any:
    """A value in the form of the snapshot."""
    if isinstance(value, dict):
        if SECRET_SIGNATURE in value.values():
            return "[secret]"
        return {key: plain(inner) for key, inner in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{len(value)} characters, sha256:{hashlib.sha256(value.encode()).hexdigest()}"
    return value


def lost(baseline: Sequence[Mapping[str, Any]], found: Recording) -> list[str]:
    """URNs of the baseline that no resource has, not even by an alias."""
    by_urn = {each.urn: each for each in found.resources}
    known: set[str] = set()
    for each in found.resources:
        known |= urns_of(each, by_urn)
    return sorted({each["urn"] for each in baseline} - known)


def path_of(stack: str) -> Path:
    return (FOLDER / "examples" if stack in EXAMPLES else FOLDER) / f"{stack}.yaml"


@cache
def read(stack: str) -> list[dict[str, Any]]:
    """The stored snapshot of a stack; empty if it does not exist. It is parsed once: do not change it."""
    path = path_of(stack)
    if not path.is_file():
        return []
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or []


def main(arguments: list[str]) -> int:
    """Write the snapshots again. Returns 1 if resources that were not named would be lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lose", action="append", default=[], metavar="URN", help="a resource that shall go")
    known = (*STACKS, *EXAMPLES)
    parser.add_argument(
        "stacks", nargs="*", metavar="STACK", help="stacks or examples; all of them by default"
    )
    given = parser.parse_args(arguments)
    if unknown := set(given.stacks) - set(known):
        parser.error(f"no stack or example: {', '.join(sorted(unknown))}")
    for stack in given.stacks or known:
        found = run(stack)
        gone = [urn for urn in lost(read(stack), found) if urn not in given.lose]
        if gone:
            text = "\n  ".join(
                [f"{stack}: these would be destroyed; give them aliases, or say --lose:", *gone]
            )
            sys.stderr.write(text + "\n")
            return 1
        path_of(stack).parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(
            snapshot(found, brief=stack in EXAMPLES), sort_keys=False, width=200, allow_unicode=True
        )
        path_of(stack).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
