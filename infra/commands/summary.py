"""`playground summary`: the existing resources of a stack."""

from collections.abc import Mapping, Sequence
from typing import IO, cast

import click

from facts.json_output import as_json
from facts.json_text import read_json
from facts.own_commands import bin_folder
from report import summary as summaries
from report.resources import from_export

from .common import json_option, price_list, stack_argument

NEXT_STEPS: Mapping[str, str] = {
    "make preview STACK=prod": "preview the production stack and its cost",
    "{bin}sandbox cloud list": "resources in the sandbox's cloud",
    "{bin}playground report {stack}": "its cost, reach, rights and models",
    "make preview STACK={stack}": "change Pulumi.{stack}.yaml, then preview the change",
    "make down STACK={stack}{unprotect}": "destroy the stack",
}
"""Commands to run after an `up` on the sandbox. `{bin}` is the folder of the commands, if it is not on the PATH.
`{unprotect}` is the argument that allows the deletion of protected resources."""

SANDBOX = "the sandbox"

REAL_NEXT_STEPS: Mapping[str, str] = {
    "{bin}playground report {stack}": "its cost, reach, rights and models",
    "{bin}playground tunnel {stack}": "a tunnel to the private API endpoint",
    "pulumi stack output kubeconfig --show-secrets": "credentials for kubectl",
}


@click.command()
@stack_argument
@click.option(
    "--export",
    "source",
    type=click.File(),
    default="-",
    help="`pulumi stack export`. Default: standard input.",
)
@click.option("--where", default=SANDBOX, show_default=True, help="Where the stack is deployed.")
@click.option(
    "--changes", default="{}", help='Changes of the run as JSON, e.g. \'{"create": 3, "same": 40}\'.'
)
@click.option("--assumed", multiple=True, help="An assumption of the run. Can be repeated.")
@json_option
def summary(
    *, stack: str, source: IO[str], where: str, changes: str, assumed: Sequence[str], json_output: bool
) -> None:
    """Show the existing resources of STACK by layer, its endpoints, cost, assumptions, and the next commands."""
    export = cast(Mapping[str, object], _json(source.read(), "the export"))
    counts = cast(Mapping[str, int], _json(changes, "--changes"))
    resources = from_export(export)
    protected = any(each.protect and each.custom for each in resources)
    on_sandbox = where == SANDBOX
    found = summaries.summarise(
        resources,
        price_list(),
        stack=stack,
        where=where,
        assumed=assumed,
        next_steps=_next_steps(stack, NEXT_STEPS if on_sandbox else REAL_NEXT_STEPS, protected=protected),
        changes=counts,
        engine=f"{bin_folder()}sandbox" if on_sandbox else "pulumi",
    )
    if json_output:
        click.echo(as_json(summaries.as_json(found)))
    else:
        summaries.show(found)


def _next_steps(stack: str, steps: Mapping[str, str], *, protected: bool) -> list[tuple[str, str]]:
    words = {
        "stack": stack,
        "bin": bin_folder(),
        "unprotect": " UNPROTECT=1" if protected else "",
    }
    return list({command.format(**words): what.format(**words) for command, what in steps.items()}.items())


def _json(text: str, what: str) -> object:
    try:
        found: object = read_json(text)
    except ValueError as error:
        raise click.UsageError(f"{what} must be JSON: {error}") from error
    if not isinstance(found, dict):
        raise click.UsageError(f"{what} must be a JSON object")
    return cast(object, found)
