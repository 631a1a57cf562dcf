"""`sandbox serve` and `sandbox env`: the cloud on OCI's REST API, and the variables that point clients at it."""

import json
import os

import click

from facts.loopback import direct
from facts.own_commands import as_run_here
from sandbox.cloud_options import as_json, known_region, sandbox_home
from sandbox.wire.profile import Profile, profile
from sandbox.wire.record import LOOPBACK, Serving, WireError, require_loopback, running
from sandbox.wire.variables import exports, variables

DEFAULT_REGION = "us-ashburn-1"


def _known_regions(
    context: click.Context, option: click.Parameter, names: tuple[str, ...]
) -> tuple[str, ...]:
    for name in names:
        known_region(context, option, name)
    if len(set(names)) != len(names):
        raise click.BadParameter("a region is named twice", param=option)
    return names


@click.command("serve")
@click.option(
    "--region",
    "regions",
    multiple=True,
    callback=_known_regions,
    help=f"A region to serve. Repeat it for more regions; each has its own port. Default: {DEFAULT_REGION}.",
)
@click.option("--host", default=LOOPBACK, show_default=True, help="The address to listen on.")
@click.option("--allow-other-machines", is_flag=True, help="Required if other machines can reach --host.")
@click.option(
    "--port",
    default=0,
    type=click.IntRange(0, 65535),
    help="The port of the first region; the others use the next ones. Default: free ports.",
)
@click.option(
    "--verify", "verified", is_flag=True, help="Refuse requests without a signature by the profile's key."
)
@as_json
def serve(  # noqa: PLR0917 - click passes them by name
    regions: tuple[str, ...],
    host: str,
    allow_other_machines: bool,
    port: int,
    verified: bool,
    json_wanted: bool,
) -> None:
    """Serve the cloud on OCI's REST API until Ctrl-C.

    To use it with the OCI CLI, the SDKs or Terraform, run `eval "$(sandbox env)"` in another terminal. They and
    `sandbox up` use the same cloud.
    """
    from sandbox.wire.server import serve as run_server  # noqa: PLC0415 - the server takes a second to load

    require_loopback(host, allowed=allow_other_machines)

    def ready(serving: Serving, own: Profile) -> None:
        if json_wanted:
            click.echo(serving.as_json())
            return
        for name, endpoint in serving.endpoints.items():
            click.echo(f"{name}  {endpoint}")
        told = f"the profile is in {own.config_file}; `sandbox env` prints the variables for clients"
        click.echo(as_run_here(told), err=True)

    run_server(
        sandbox_home(), regions or (DEFAULT_REGION,), host=host, port=port, verified=verified, ready=ready
    )


@click.command("env")
@click.option("--region", default="", help="The region of the endpoint. Default: the first served region.")
@as_json
def env(region: str, json_wanted: bool) -> None:
    """Print variables for clients of `sandbox serve`.

    Run it as `eval "$(sandbox env)"` while the server is running.
    """
    home = sandbox_home()
    serving = running(home)
    if serving is None:
        raise WireError(f"no server runs on {home.folder}: start `sandbox serve` in another terminal first")
    name = region or next(iter(serving.endpoints))
    if name not in serving.endpoints:
        raise WireError(f"--region: {name!r}; must be one of {', '.join(serving.endpoints)}")
    own = variables(serving.endpoints[name], serving.others, profile(home, name), name)
    found = own | direct(os.environ)
    if json_wanted:
        click.echo(json.dumps(found, indent=2))
        return
    for line in exports(found):
        click.echo(line)
