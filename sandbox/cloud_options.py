"""What the words of `sandbox cloud` share: where the store is, common options, how they end."""

from pathlib import Path

import click

from sandbox import cloud_view as view
from sandbox.home import Home
from sandbox.store import Store, open_store

as_json = click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
resource_type = click.option(
    "--type",
    "type_",
    default="*",
    metavar="TYPE",
    help="A class name, a token or a pattern: Subnet, Core/*, Deployment, kubernetes:*.",
)


def sandbox_home() -> Home:
    """The sandbox of the project here."""
    return Home.of(Path.cwd())


def sandbox_store() -> Store:
    """The stand-ins' database, made if it is not there yet."""
    return open_store(sandbox_home().cloud)


def done(value: object, line: str, json_wanted: bool) -> None:
    """Say what was done, to a program or to a person."""
    if json_wanted:
        view.emit(value)
    else:
        click.echo(line)
