"""`playground upgrade`: what the current version would replace or delete of an older state."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from facts.json_output import as_json
from facts.problem import InvalidInput, Problem, refuse
from facts.wording import plural
from infra.project.stackfile import StackFile, read_stack_file
from infra.settings import examine
from infra.upgrading.losses import Loss, as_rows, losses
from infra.upgrading.over_state import run_over
from infra.upgrading.releases import saved_stacks
from infra.upgrading.state import OldState, read_state

from .common import OK, file_option, json_option, needs_stack_file, progress, say
from .refusal import PROBLEMS


@click.command()
@click.option(
    "--check", "old", required=True, metavar="OLD", help="A release, or a file of `pulumi stack export`."
)
@click.option("--stack", help="Only this stack of a release.")
@file_option
@json_option
def upgrade(old: str, stack: str | None, config_file: Path | None, json_output: bool) -> None:
    """List what an upgrade from OLD to this version would replace or delete. Needs neither an engine nor an account.

    For a release it checks the saved stacks of that release. For a file it checks the stack of the state, with its
    stack file in this project. Exit code 1: a resource would be replaced or deleted.
    """
    found: dict[str, list[Loss]] = {}
    pairs = [*_pairs(old, stack, config_file)]
    for number, (name, state, file) in enumerate(pairs, 1):
        with progress(f"{name} ({number} of {len(pairs)}): running the program over the old state"):
            found[name] = _losses(state, file)
        if not json_output:
            _show(name, found[name])
    if json_output:
        rows = {name: as_rows(each) for name, each in found.items()}
        click.echo(as_json({"old": old, "ok": not any(found.values()), "stacks": rows}))
    raise SystemExit(PROBLEMS if any(found.values()) else OK)


def _pairs(
    old: str, stack: str | None, config_file: Path | None
) -> Iterator[tuple[str, OldState, StackFile]]:
    if Path(old).is_file():
        try:
            text = Path(old).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput([Problem("--check", old, f"cannot be read: {error}")], "the command") from None
        state = read_state(text, old)
        if stack not in (None, state.stack):
            refuse(
                [Problem("--stack", stack, f"must be {state.stack}, the stack of the state")], "the command"
            )
        with needs_stack_file("the stack of the state"):
            file = read_stack_file(state.stack, config_file)
        yield state.stack, state, file
        return
    if config_file is not None:
        fix = "A release has its own stack files"
        refuse(
            [Problem("--config-file", str(config_file), "is only for a file of a state", fix)], "the command"
        )
    saved = saved_stacks(old)
    names = [each.stack for each in saved]
    if stack is not None and stack not in names:
        raise InvalidInput([Problem.not_one_of("--stack", stack, names)], "the command")
    for each in saved:
        if stack in (None, each.stack):
            yield f"{old}/{each.stack}", each.state(), each.stack_file()


def _losses(state: OldState, file: StackFile) -> list[Loss]:
    wrong = examine(file.sections, state.stack, encrypted=file.encrypted, beside=file.problems).problems
    refuse(wrong, f"the settings of {state.stack}")
    recording, predecessors = run_over(state, file)
    return losses(state, recording, predecessors)


def _show(name: str, found: Sequence[Loss]) -> None:
    if not found:
        click.secho(f"{name}: nothing is replaced or deleted", fg="green")
        return
    click.secho(f"{name}: {plural('resource', len(found))} would be replaced or deleted", fg="red", bold=True)
    for each in found:
        say(f"{each.operation} {each.urn}: {each.why}", 2, alarm=each.holds_data)
