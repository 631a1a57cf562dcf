"""`make down`: destroy a stack on the sandbox. Protected resources are destroyed only with `UNPROTECT=1`."""

import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from rich.console import Console

from facts.engine_yaml import read_yaml
from facts.own_commands import bin_folder
from facts.terminal import wrapped
from report.resources import from_export
from report.staying import staying
from sandbox.cloud_view import noun
from sandbox.home import Home
from sandbox.workspace import stack_file
from tools.entry import stack_named, start
from tools.sandbox_command import output_of, run_sandbox

TENANCY = "genai-playground:tenancy"
console = Console(highlight=False, soft_wrap=True)


def sandbox(*words: str) -> int:
    """Run `sandbox WORDS`, with the engine's own output after VERBOSE=1."""
    return run_sandbox(*words, verbose="--verbose" in sys.argv)


def answer(*words: str) -> Any:
    """The JSON output of `sandbox WORDS`."""
    return json.loads(output_of(*words))


def protected(stack: str) -> list[dict[str, Any]]:
    """The protected resources in the stack's state."""
    resources = answer("stack", "export", "--stack", stack)["deployment"].get("resources") or []
    return [each for each in resources if each.get("protect") and each.get("custom")]


def refusal(stack: str, held: Sequence[Mapping[str, Any]]) -> str:
    """The refusal: the protected resources by type, and the commands that destroy them."""
    names: dict[str, list[str]] = defaultdict(list)
    for each in held:
        names[noun(each["type"])].append(each["urn"].rsplit("::", 1)[-1])
    lines = [f"  {kind}: {', '.join(sorted(found))}" for kind, found in sorted(names.items())]
    return "\n".join(
        [
            f"{stack} has {len(held)} protected resources, so nothing was destroyed:",
            *lines,
            f"To destroy them and their data: make down STACK={stack} UNPROTECT=1",
            f"In your own account: `tenancy.protect: false` in Pulumi.{stack}.yaml, `pulumi up`, `pulumi destroy`.",
        ]
    )


def unprotected(stack: str) -> Path:
    """A copy of the stack's config in the sandbox, with protection off. The stack's own file does not change."""
    workspace = Home.of(Path.cwd()).workspace
    content = cast(Any, read_yaml(stack_file(workspace, stack)).value)
    content["config"][TENANCY]["protect"] = False
    copy = workspace / f"unprotected.{stack}.yaml"
    copy.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
    return copy


def imported(held: Sequence[Mapping[str, Any]]) -> list[str]:
    """URNs of resources that no component of the program created. `up` would delete them, which protection refuses."""
    return [each["urn"] for each in held if "$" not in each["urn"].split("::")[2]]


def pending_of(stack: str, deleted: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The resources of this stack, without those of other stacks, that the cloud deletes only later."""
    return [each for each in deleted if str(each["urn"]).startswith(f"urn:pulumi:{stack}::")]


def show_pending(stack: str) -> None:
    """Report the resources that the cloud deletes only later."""
    waiting = pending_of(stack, answer("cloud", "list", "--deleted", "--json"))
    if waiting:
        console.print(
            f"{len(waiting)} resources of {stack} are pending deletion, as in OCI: "
            f"{bin_folder()}sandbox cloud list --deleted"
        )


def left_in_tenancy(stack: str) -> list[str]:
    """What a destroy leaves in the tenancy, because the provider's delete does nothing."""
    return list(staying(from_export(answer("stack", "export", "--stack", stack))))


def main() -> int:
    """Refuse, or remove the protection and destroy."""
    stack = stack_named("--unprotect", "--verbose")
    held = protected(stack)
    if held and "--unprotect" not in sys.argv:
        console.print(wrapped(refusal(stack, held), sys.stdout), markup=False)
        return 1
    quietly = ["--yes", "--skip-preview", "--stack", stack]
    for urn in imported(held):
        output_of("state", "unprotect", "--yes", urn, "--stack", stack)
    if held and sandbox("up", *quietly, "--config-file", str(unprotected(stack))):
        return 1
    # Without --remove, the engine's last line suggests a command that does not work for the sandbox.
    left = left_in_tenancy(stack)
    status = sandbox("destroy", "--remove", *quietly)
    for each in left if status == 0 else ():
        console.print(f"Not deleted with {stack}: {each}")
    show_pending(stack)
    return status


if __name__ == "__main__":
    start(main)
