"""`playground release`: the next change of a model's release, and whether its candidate is good. It changes nothing."""

from pathlib import Path

import click

from facts.json_output import as_json
from facts.problem import InvalidInput, Problem
from infra.project.stackfile import project_folder
from infra.releasing.checks import ReleaseCheck, release_checks
from infra.releasing.prometheus import NoPrometheusError, Prometheus
from infra.releasing.stack_text import NotEditableError
from infra.releasing.steps import (
    Change,
    Stack,
    abortion,
    check_change,
    difference,
    promotion,
)
from infra.settings import Settings
from infra.settings.traffic.candidate_rules import STEPS

from .common import file_option, json_option, say, stack_argument, stack_file
from .refusal import PROBLEMS, fail
from .settings import settings_or_exit

ACTIONS = ("status", "promote", "abort")
MARKS = {"ok": "ok", "failed": "no", "not checked": "? "}


@click.command()
@stack_argument
@click.argument("model")
@click.argument("action", type=click.Choice(ACTIONS))
@click.option("--prometheus", "url", help="Address of the stack's Prometheus, as in http://127.0.0.1:9090.")
@click.option(
    "--weight",
    type=click.Choice([str(step) for step in STEPS[1:]]),
    help="With promote: this step instead of the next one.",
)
@file_option
@json_option
def release(
    *,
    stack: str,
    model: str,
    action: str,
    url: str | None,
    weight: str | None,
    config_file: Path | None,
    json_output: bool,
) -> None:
    """Show how the release of MODEL of STACK goes on. It changes nothing.

    `status` checks the candidate: its alerts, its smoke test, its errors. `promote` checks it too, and prints the
    change of the stack file for the next step as a diff; after 100 %, the change with which the model becomes what the
    candidate is. `abort` prints the change that sends all requests back, then the one that ends the candidate. Exit
    code 1: a check failed.
    """
    if weight is not None and action != "promote":
        raise click.UsageError("--weight is for promote: `abort` sends all requests back")
    settings = settings_or_exit(stack, config_file)
    _refuse_unknown(settings, model)
    checks = [] if action == "abort" else _checks(settings, model, url)
    failed = any(each.verdict == "failed" for each in checks)
    old = _stack(stack, config_file, settings)
    change = None if action == "status" or failed else _change(old, model, action, weight)
    diff = difference(old.text, change.text, _path_of(old.file)) if change else None
    now = settings.traffic.candidates[model].weight
    if json_output:
        rows = [{"question": each.question, "verdict": each.verdict, "said": each.said} for each in checks]
        report = {
            "model": model,
            "weight": now,
            "checks": rows,
            "change": change and change.what,
            "diff": diff,
        }
        click.echo(as_json(report))
    else:
        _show(model, now, checks, change, diff)
    raise SystemExit(PROBLEMS if failed else 0)


def _stack(name: str, config_file: Path | None, settings: Settings) -> Stack:
    file = config_file or project_folder() / f"Pulumi.{name}.yaml"
    # With its own line ends: otherwise the diff would not match the file.
    text, sections = file.read_bytes().decode(), stack_file(name, config_file).sections
    return Stack(file=file, text=text, sections=sections, settings=settings)


def _path_of(file: Path) -> str:
    """Its path in the diff: from the current folder, where the diff is applied, or its name if it is not below it."""
    here = Path.cwd().resolve()
    found = file.resolve()
    return found.relative_to(here).as_posix() if found.is_relative_to(here) else file.name


def _refuse_unknown(settings: Settings, model: str) -> None:
    known = list(settings.traffic.candidates)
    if model not in known:
        allowed = f"has no candidate: {', '.join(known) or 'traffic.candidates is empty'}"
        raise InvalidInput([Problem.not_one_of("MODEL", model, known, allowed)])


def _checks(settings: Settings, model: str, url: str | None) -> list[ReleaseCheck]:
    try:
        return [*release_checks(settings, model, Prometheus(url) if url is not None else None)]
    except NoPrometheusError as error:
        fail(str(error))


def _change(old: Stack, model: str, action: str, weight: str | None) -> Change:
    try:
        change = (
            abortion(old, model)
            if action == "abort"
            else promotion(old, model, int(weight) if weight else None)
        )
        check_change(change, old)
    except NotEditableError as error:
        fail(f"change {old.file.name} by hand: {error}")
    return change


def _show(
    model: str, weight: int, checks: list[ReleaseCheck], change: Change | None, diff: str | None
) -> None:
    click.secho(f"{model}: {weight} % of the requests go to its candidate", bold=True)
    for each in checks:
        colour = {"ok": "green", "failed": "red"}.get(each.verdict)
        mark = click.style(MARKS[each.verdict], fg=colour)
        verdict = "not checked: " if each.verdict == "not checked" else ""
        say(f"{mark}  {each.question}: {verdict}{each.said}")
    if change is not None and diff is not None:
        click.echo(f"The next change: {change.what}.")
        click.echo(diff, nl=False)
