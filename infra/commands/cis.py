"""`playground cis`: the controls of the CIS benchmark that a stack meets."""

from collections.abc import Sequence
from pathlib import Path

import click

from facts.cis import STATUSES
from facts.json_output import as_json
from report.cis import Verdict, figure, verdicts

from .common import file_option, json_option, progress, say, stack_argument, stack_file
from .offline import offline_resources

COLOURS = {"met": "green", "exceptions": "green", "unmet": "red"}


@click.command()
@stack_argument
@file_option
@json_option
def cis(stack: str, config_file: Path | None, json_output: bool) -> None:
    """Show which controls of the CIS OCI Foundations Benchmark 3.0 STACK meets. Needs no engine and no account.

    A control of people's accounts is not judged, and neither is one of a service that the stack does not have.
    """
    with progress(f"running the program of {stack}, without an engine"):
        found = verdicts(offline_resources(stack_file(stack, config_file), stack))
    met, judged = figure(found)
    if json_output:
        click.echo(as_json({"stack": stack, "met": met, "applies": judged, "controls": _rows(found)}))
        return
    for each in found:
        names = ", ".join(sorted({finding.name for finding in each.findings}))
        status = click.style(STATUSES[each.status], fg=COLOURS.get(each.status))
        say(f"{each.control.number:6} {status}: {each.control.wants}{f' ({names})' if names else ''}")
    others = {key: sum(each.status == key for each in found) for key in ("account", "absent")}
    click.echo()
    say(
        f"{stack} meets {met} of the {judged} controls that apply to it. {others['account']} are tasks of people, "
        f"{others['absent']} are of services that it does not have."
    )


def _rows(found: Sequence[Verdict]) -> list[dict[str, object]]:
    return [
        {
            "control": each.control.number,
            "level": each.control.level,
            "wants": each.control.wants,
            "status": each.status,
            "findings": [{"resource": one.name, "reason": one.reason} for one in each.findings],
        }
        for each in found
    ]
