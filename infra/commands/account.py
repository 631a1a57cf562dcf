"""`playground tunnel` and `playground preflight`: the commands that use a real account."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO, cast

import click
import oci  # pyright: ignore[reportMissingTypeStubs]

from facts.json_output import as_json, problem_rows
from infra.account.login import ACCOUNT_ERRORS, log_in
from infra.account.oracle import OracleAccount
from infra.account.preflight import Check
from infra.account.preflight import preflight as run_preflight
from infra.account.stack_outputs import NoOutputsError, read_outputs
from infra.account.tunnel import (
    Bastions,
    TunnelError,
    open_session,
    public_key,
    ssh_command,
    target_from_outputs,
)
from report.limits.account import answer_json

from .common import file_option, json_option, say, stack_argument
from .refusal import PROBLEMS, fail
from .settings import settings_or_exit


@click.command()
@stack_argument
@file_option
@click.option(
    "--outputs", type=click.File(), help="`pulumi stack output --json` as a file, or - for standard input."
)
@click.option(
    "--public-key",
    "key",
    type=click.Path(exists=True, path_type=Path),
    help="SSH public key. Default: one in ~/.ssh.",
)
@click.option("--print", "print_only", is_flag=True, help="Open the session and only print the ssh command.")
@json_option
def tunnel(
    *,
    stack: str,
    config_file: Path | None,
    outputs: TextIO | None,
    key: Path | None,
    print_only: bool,
    json_output: bool,
) -> None:
    """Open a bastion session to the private API endpoint of STACK and keep a tunnel open.

    The tunnel listens on tenancy.deployer.tunnelPort for up to three hours. Run `pulumi up` in another terminal. The
    stack must already have its bastion and its cluster.
    """
    settings = settings_or_exit(stack, config_file)
    try:
        target = target_from_outputs(read_outputs(stack, outputs))
        public = public_key(key)
        bastions = cast(Bastions, log_in(settings.tenancy).client(oci.bastion.BastionClient))
        session = open_session(bastions, target, public.read_text(encoding="utf-8").strip(), f"{stack}-api")
        command = ssh_command(session, public.with_suffix(""), settings.tenancy.deployer.tunnel_port)
    except (*ACCOUNT_ERRORS, NoOutputsError, TunnelError) as error:
        fail(f"no tunnel: {error}")
    if json_output:
        click.echo(as_json({"sessionId": session.id, "command": command}))
    elif print_only:
        click.echo(" ".join(command))
    if not (json_output or print_only):
        click.echo(
            f"127.0.0.1:{settings.tenancy.deployer.tunnel_port} forwards to {target.address}:{target.port}"
        )
        raise SystemExit(subprocess.run(command, check=False).returncode)


@click.command()
@stack_argument
@file_option
@json_option
def preflight(stack: str, config_file: Path | None, json_output: bool) -> None:
    """Check that the real account supports STACK: shapes, limits, capacity, images, versions.

    It creates nothing. `playground report STACK --limits FILE` reads what --json prints. Exit code 1: a check failed,
    or there are no credentials.
    """
    settings = settings_or_exit(stack, config_file)
    try:
        account = OracleAccount(log_in(settings.tenancy), settings.tenancy)
        checks = list(run_preflight(settings, account))
    except ACCOUNT_ERRORS as error:
        fail(f"preflight failed: {error}")
    wrong = [check.problem for check in checks if check.problem]
    if json_output:
        rows = [
            {"question": each.question, "answer": each.answer, "ok": each.problem is None} for each in checks
        ]
        limits = answer_json([each.limit for each in checks if each.limit], datetime.now(UTC))
        click.echo(
            as_json(
                {"stack": stack, "ok": not wrong, "checks": rows, "problems": problem_rows(wrong), **limits}
            )
        )
    else:
        for check in checks:
            _show(check)
    raise SystemExit(PROBLEMS if wrong else 0)


def _show(check: Check) -> None:
    mark = click.style("no", fg="red", bold=True) if check.problem else click.style("ok", fg="green")
    say(f"{mark}  {check.question}: {check.answer}")
    if check.problem:
        say(str(check.problem), 4)
