"""`playground import`: the file with which the engine imports existing resources."""

from collections.abc import Mapping, Sequence

import click

from facts.json_output import as_json, problem_rows
from facts.ocids import is_placeholder
from facts.problem import InvalidInput, Problem, refuse
from infra.account.estate import Estate
from infra.account.login import ACCOUNT_ERRORS, on_sandbox_endpoint
from infra.importing.file import import_file
from infra.importing.match import Matcher, Matches
from infra.offline.recording import Registered
from infra.offline.run import run_offline
from infra.settings import Settings

from .common import json_option, stack_argument, stack_file
from .refusal import PROBLEMS, fail
from .settings import settings_or_exit


@click.command("import")
@stack_argument
@click.option(
    "--use", "chosen", multiple=True, metavar="NAME=ID", help="Import this id for the resource NAME."
)
@json_option
def import_command(stack: str, chosen: tuple[str, ...], json_output: bool) -> None:
    """Print the file for `pulumi import --file`, with the existing resources that STACK would create.

    A resource matches if its type, compartment, name and parents are those of the program. It changes nothing. Two
    matches for one name are refused: choose one with --use.
    """
    settings = settings_or_exit(stack)
    wanted = _chosen(chosen)
    _refuse_placeholders(settings)
    try:
        resources = run_offline(stack_file(stack), stack).resources
        matches = _matches(settings, resources, wanted)
    except ACCOUNT_ERRORS as error:
        fail(f"the account could not be read: {error}")
    content = import_file(resources, matches.found)
    if json_output:
        click.echo(as_json(_report(content, matches)))
    elif not matches.problems:
        click.echo(as_json(content))
        _say(stack, matches)
    if matches.problems and not json_output:
        raise InvalidInput(matches.problems, f"the import of {stack}")
    raise SystemExit(PROBLEMS if matches.problems else 0)


def _matches(settings: Settings, resources: Sequence[Registered], chosen: Mapping[str, str]) -> Matches:
    estate = Estate(settings.tenancy)
    return Matcher(resources, estate.rows, estate.namespace, chosen).run()


def _chosen(words: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        name, equals, chosen = word.partition("=")
        if not (name and equals and chosen):
            raise click.UsageError(
                str(Problem("--use", word, "must be NAME=ID, e.g. qa-network-vcn=ocid1.vcn.…"))
            )
        if name in found:
            raise click.UsageError(str(Problem("--use", word, f"names {name} a second time")))
        found[name] = chosen
    return found


def _refuse_placeholders(settings: Settings) -> None:
    """Without its compartment, no resource can be found. The sandbox knows placeholders."""
    tenancy = settings.tenancy
    if not on_sandbox_endpoint():
        places = {"tenancy.tenancyId": tenancy.tenancy_id, "tenancy.compartmentId": tenancy.compartment_id}
        refuse(
            Problem(path, value, "is a placeholder, where nothing can exist", "Set the account's own value")
            for path, value in places.items()
            if is_placeholder(value)
        )


def _report(content: Mapping[str, object], matches: Matches) -> dict[str, object]:
    return {
        "file": content,
        "missing": [_named(each) for each in matches.missing],
        "notLookedUp": [_named(each) for each in matches.not_looked_up],
        "problems": problem_rows(matches.problems),
    }


def _named(resource: Registered) -> dict[str, str]:
    return {"type": resource.type, "name": resource.name, "urn": resource.urn}


def _say(stack: str, matches: Matches) -> None:
    """What is not in the file, on standard error, so that the file can be redirected."""
    click.echo(f"{len(matches.found)} existing resources are in the file", err=True)
    for title, resources in (
        ("do not exist: `up` creates them", matches.missing),
        ("were not looked up: import them by hand, or `up` creates them", matches.not_looked_up),
    ):
        click.echo(f"{len(resources)} {title}", err=True)
        for each in resources:
            click.echo(f"  {each.type.rpartition(':')[2]} {each.name}", err=True)
    line = f"pulumi import --file FILE --protect=false --generate-code=false --stack {stack}"
    click.echo(f"Next: `{line}`, then a preview", err=True)
