"""`playground new`: writes the stack file of a new environment from that of an existing one."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network

import click

from facts.cidrs import parse_network
from facts.json_output import as_json
from facts.problem import InvalidInput, Problem
from infra.account.for_new_stack import OracleAnswers
from infra.account.profile import Profile, profile_of_this_machine
from infra.new_stack.account import Wanted, account_of, refuse_options
from infra.new_stack.by_hand import to_create
from infra.new_stack.draft import (
    Draft,
    Source,
    draft,
    move_of,
    read_source,
    refuse_encrypted,
    refuse_name,
    used_networks,
)
from infra.new_stack.shared_tags import note_for_source
from infra.project.stackfile import NoStackFileError
from infra.settings.tenancy import protects

from .common import complete_stack, json_option, say
from .refusal import fail
from .steps import Steps


@click.command()
@click.argument("name")
@click.option("--from", "source", required=True, shell_complete=complete_stack, help="Stack to copy from.")
@click.option(
    "--profile", help="Profile of ~/.oci/config. Default: the OCI CLI's own, for placeholders only."
)
@click.option("--region", help="OCI region. Default: the profile's or the source's.")
@click.option("--compartment", help="OCID of the compartment.")
@click.option("--cidr", help="Range of the network. Default: the first that no other stack uses.")
@click.option("--offline", is_flag=True, help="Do not ask the account.")
@click.option("--dry-run", is_flag=True, help="Write nothing.")
@json_option
def new(
    *,
    name: str,
    source: str,
    profile: str | None,
    region: str | None,
    compartment: str | None,
    cidr: str | None,
    offline: bool,
    dry_run: bool,
    json_output: bool,
) -> None:
    """Write Pulumi.NAME.yaml from the file of an existing stack.

    It keeps the comments and the settings. It changes the name of the environment, the range of the network, and the
    values of another account. It prints what is left to find, with a command or a page for each value.
    """
    wanted = Wanted(profile=profile, region=region, compartment=compartment)
    asked = _asked(name, source, wanted, cidr)
    original = asked.source
    account = account_of(name, original, asked.profile, wanted, None if offline else OracleAnswers)
    move = move_of(original, [*used_networks(), *account.networks], asked.cidr)
    drafted = draft(name, original, account.values, move, additions=account.additions)
    if not dry_run:
        _write(drafted)
    shared = note_for_source(original.name, original.settings, account.values, name)
    notes = [*account.notes, *_notes(original, name), *shared]
    if json_output:
        click.echo(as_json(_report(drafted, notes, written=not dry_run)))
    else:
        _show(drafted, notes, written=not dry_run)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What the words of the command name."""

    source: Source
    profile: Profile | None
    cidr: IPv4Network | None


def _asked(name: str, source: str, wanted: Wanted, cidr: str | None) -> _Asked:
    """The source, the profile and the range. Refuses all wrong words at once, and what they say about each other."""
    steps = Steps()
    steps.run(lambda: refuse_name(name))
    steps.run(lambda: refuse_options(wanted))
    found = steps.run(lambda: profile_of_this_machine(wanted.profile))
    network = steps.run(lambda: _network(cidr))
    original = steps.run(lambda: _source(source))
    if original is not None:
        steps.run(lambda: refuse_encrypted(original, os.environ))
        steps.run(lambda: move_of(original, used_networks(), network))
    _refuse(steps.errors)
    assert original is not None  # noqa: S101  only an error leaves it out
    return _Asked(source=original, profile=found, cidr=network)


def _source(name: str) -> Source:
    try:
        return read_source(name)
    except NoStackFileError as error:
        raise NoStackFileError(
            (replace(each, path="--from") for each in error.problems), "the command"
        ) from None


def _refuse(errors: Sequence[InvalidInput]) -> None:
    """A source that does not exist is a usage error if nothing else is wrong."""
    if len(errors) == 1 and isinstance(errors[0], NoStackFileError):
        raise click.UsageError("; ".join(map(str, errors[0].problems)))
    if errors:
        fail("\n".join(map(str, errors)), [each for error in errors for each in error.problems])


def _network(text: str | None) -> IPv4Network | None:
    if text is None:
        return None
    found = parse_network(text)
    if not isinstance(found, IPv4Network):
        raise InvalidInput(
            [Problem("--cidr", text, "must be an IPv4 network, e.g. 10.1.0.0/16")], "the command"
        )
    return found


def _write(drafted: Draft) -> None:
    try:
        with drafted.file.open("x", encoding="utf-8") as file:
            file.write(drafted.text)
    except OSError as error:
        fail(f"{drafted.file} cannot be written: {error.strerror}")


def _notes(source: Source, name: str) -> list[str]:
    tenancy, existing = source.settings.tenancy, source.settings.network.existing
    added = existing.subnets.added if existing else {}
    paths = ", ".join(f"network.existing.subnets.{role}.cidr" for role in added)
    notes = [f"choose ranges that {source.name} does not use in the same VCN: {paths}"] if added else []
    if protects(tenancy, source.name) and not protects(tenancy, name):
        notes.append(
            f"data of {source.name} is protected by default, data of {name} is not: set tenancy.protect"
        )
    return [*notes, *to_create(source, name)]


def _report(drafted: Draft, notes: list[str], *, written: bool) -> dict[str, object]:
    return {
        "stack": drafted.name,
        "from": drafted.source,
        "file": str(drafted.file),
        "written": written,
        "changes": [
            {"path": each.path, "before": each.before, "after": each.after} for each in drafted.changes
        ],
        "placeholders": [
            {"path": each.path, "value": each.value, "find": each.fix} for each in drafted.placeholders
        ],
        "same": list(drafted.same),
        "notes": notes,
        "text": drafted.text,
    }


def _show(drafted: Draft, notes: list[str], *, written: bool) -> None:
    verb = "is written" if written else "would be written"
    click.secho(f"{drafted.file.name} {verb}, from Pulumi.{drafted.source}.yaml", fg="green")
    for note in notes:
        say(note, 2)
    if drafted.changes:
        say("Changed:")
        for each in drafted.changes:
            say(f"{each.path}: {each.before or 'not set'} -> {each.after or 'not set'}", 2)
    if drafted.placeholders:
        say("Find these values and set them:")
        for each in drafted.placeholders:
            say(f"{each.path}: {each.fix}", 2)
    if drafted.same:
        say(f"The same as in {drafted.source}: check that both stacks may use them:")
        for path in drafted.same:
            say(path, 2)
    say(f"Next: `playground check {drafted.name}`, then `sandbox up --stack {drafted.name}` to try it")
