"""`playground check` and `playground schema`: check the settings and the generated files."""

from collections.abc import Iterator
from pathlib import Path

import click

from facts.json_output import as_json, problem_rows
from facts.own_commands import as_run_here
from facts.problem import Problem, refuse
from facts.product import NAME
from facts.wording import plural
from infra import schema as generated
from infra.project.stackfile import ROOT

from .common import OK, file_option, json_option, say, stack_argument
from .refusal import PROBLEMS
from .settings import findings
from .warnings import warnings_of


@click.command()
@stack_argument
@file_option
@click.option(
    "--real",
    is_flag=True,
    help="Check like a real `pulumi up`: placeholders are problems, each with the place to find its value.",
)
@json_option
def check(stack: str, config_file: Path | None, real: bool, json_output: bool) -> None:
    """Check the settings of STACK without an engine or an account.

    Exit code 0: no problems, perhaps warnings; 1: problems, all of which are listed.
    """
    found = findings(stack, config_file)
    wrong = [*found.problems, *(found.placeholders if real else [])]
    placeholders = [] if real else found.placeholders
    warnings = list(warnings_of(found.settings)) if found.settings else []
    if json_output:
        report = {
            "stack": stack,
            "ok": not wrong,
            "problems": problem_rows(wrong),
            "warnings": problem_rows([*warnings, *placeholders]),
        }
        click.echo(as_json(report))
    else:
        _show(stack, wrong, warnings, placeholders)
    raise SystemExit(PROBLEMS if wrong else OK)


def _show(stack: str, wrong: list[Problem], warnings: list[Problem], placeholders: list[Problem]) -> None:
    if wrong:
        click.secho(f"{stack}: {plural('problem', len(wrong))}", fg="red", bold=True)
        for problem in wrong:
            say(str(problem), 2)
    else:
        click.secho(f"{stack}: the settings have no problems", fg="green")
    for warning in warnings:
        say(f"warning: {warning}", 2)
    if placeholders:
        count = plural("placeholder", len(placeholders))
        say(f"{count}, which a real `pulumi up` refuses: `playground check {stack} --real` lists them", 2)


def _no_checkout() -> Iterator[Problem]:
    if not generated.PROJECT_FILE.is_file():
        fix = "Run `.venv/bin/playground schema` in one, after `make setup`"
        yield Problem(
            "schema", str(ROOT), f"must be a checkout of {NAME}, because the command writes files in it", fix
        )


@click.command()
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing. Exit code 1 if a file is not current."
)
def schema(only_check: bool) -> None:
    """Generate Pulumi.yaml's config block and the JSON Schema of the stack files from the settings."""
    refuse(_no_checkout(), "the command")
    changed = generated.stale() if only_check else generated.write()
    for path in changed:
        click.echo(f"{path.relative_to(ROOT)} {'is not current' if only_check else 'written'}")
    if only_check and changed:
        click.echo(as_run_here("Run `playground schema`."), err=True)
        raise SystemExit(PROBLEMS)
