"""What the commands of `sandbox cloud` share: the store, common options, and their output."""

from pathlib import Path

import click

from facts.json_output import remember
from facts.problem import did_you_mean
from facts.provider_fields import resource_tokens
from facts.regions import REGIONS
from sandbox.faults import CLOUD_ONLY, Fault, Kind
from sandbox.home import Home
from sandbox.store import Store, open_store

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}
"""Context settings of the groups; their commands inherit them."""

as_json = click.option(
    "--json", "json_wanted", is_flag=True, is_eager=True, callback=remember, help="Print JSON."
)
resource_type = click.option(
    "--type",
    "type_",
    default="*",
    metavar="TYPE",
    help="A class name, a type token or a pattern: Subnet, Core/*, Deployment, kubernetes:*.",
)


def sandbox_home() -> Home:
    """The sandbox of the project in the current folder."""
    return Home.of(Path.cwd())


def sandbox_store() -> Store:
    """The stand-ins' database; it is created if it does not exist."""
    return open_store(sandbox_home().cloud)


def require_type(type_: str, there: frozenset[str] | set[str] = frozenset(), *, kind: Kind = "error") -> None:
    """Refuse a TYPE that matches no OCI type, no Kubernetes kind and no type of `there`."""
    probe = Fault(id="", kind=kind, type=type_)
    tokens = resource_tokens() | there
    if any(probe.matches(token, "create", connected=True) for token in tokens):
        return
    if kind not in CLOUD_ONLY:
        # The schemas of all kinds take a quarter of a second to load.
        from sandbox.kubernetes.api.faults import kind_tokens  # noqa: PLC0415

        tokens = tokens | kind_tokens()
        if any(probe.matches(token, "create") for token in tokens):
            return
    hint = did_you_mean(type_, {token.rsplit(":", 1)[-1] for token in tokens})
    raise click.ClickException(f"no resource type matches {type_}. {hint}".rstrip())


def known_region(_context: click.Context, option: click.Parameter, name: str) -> str:
    """Callback of an option that names a region, or none."""
    if name and name not in REGIONS:
        text = f"{name!r} is not a region of OCI. {did_you_mean(name, REGIONS)}".rstrip()
        raise click.BadParameter(text, param=option)
    return name


def done(value: object, line: str, json_wanted: bool) -> None:
    """Print the result: as JSON for a program, as a line for a person."""
    if json_wanted:
        from sandbox.cloud_view import emit  # noqa: PLC0415 - the tables of `rich` take long to load

        emit(value)
    else:
        click.echo(line)
