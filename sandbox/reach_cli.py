"""`sandbox cloud reach`: by which rules one endpoint reaches another, or which rule is missing."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from facts.terminal import wrapped
from sandbox import cloud_view as view
from sandbox.cloud_options import HELP_OPTIONS, as_json, sandbox_store
from sandbox.oci.cloud import Cloud

if TYPE_CHECKING:
    from report.reach_path import Step
    from sandbox.reaching import Answer

_PORTS = {"tcp": (1, 65_535), "udp": (1, 65_535), "icmp": (0, 255)}


@click.command(context_settings=HELP_OPTIONS)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.argument("port", type=int)
@click.option(
    "--protocol",
    type=click.Choice([*_PORTS]),
    default="tcp",
    show_default=True,
    help="With icmp, PORT is the type of the message, for example 8 for a ping.",
)
@as_json
def reach(source: str, target: str, port: int, protocol: str, json_wanted: bool) -> None:
    """Say by which rules FROM reaches TO, or which rule is missing.

    FROM and TO are names, OCIDs or URNs: of clusters (the API endpoint), node pools (the nodes), instances, bastions,
    load balancers, databases, mount targets, and of Kubernetes' workloads and balancers as namespace/name. pods:NAME
    means the pods of a node pool. Or an address, `internet`, or `services` for Oracle's services.

    Not known: the pods of controllers, such as the gateways' Envoys; Services without a balancer (ClusterIP); and the
    way through a load balancer to what is behind it. Ask for each part.

    Routes, security lists, security groups and network policies are checked, for the packet and its answer. The exit
    status is 0 if FROM reaches TO, 1 if not, and 2 if the words mean nothing.
    """
    # The objects of clusters take a moment to load, which other commands need not wait for.
    from sandbox.reaching import Reaching, UnknownPlaceError  # noqa: PLC0415

    first, last = _PORTS[protocol]
    if not first <= port <= last:
        raise click.UsageError(f"{port} is not a port of {protocol}; must be {first} to {last}")
    with sandbox_store() as store:
        try:
            answer = Reaching(store).answer(source, target, protocol, port)
        except UnknownPlaceError as unknown:
            raise click.UsageError(str(unknown)) from unknown
        cloud = Cloud(store)
        if json_wanted:
            view.emit({"protocol": protocol, "port": port, **_as_json(answer)})
        else:
            for line in _lines(answer, protocol, port, cloud):
                click.echo(wrapped(line, sys.stdout))
    click.get_current_context().exit(0 if answer.path.open else 1)


def _as_json(answer: "Answer") -> dict[str, object]:
    return {
        "from": answer.source,
        "to": answer.target,
        "reaches": answer.path.open,
        "pairs": answer.pairs,
        "steps": [asdict(each) for each in answer.path.steps],
        "missing": answer.path.missing,
        "why": answer.path.blocked_by,
        "notes": [*answer.notes],
    }


def _lines(answer: "Answer", protocol: str, port: int, cloud: Cloud) -> Iterator[str]:
    says = "reaches" if answer.path.open else "does not reach"
    what = f"type {port} of ICMP" if protocol == "icmp" else f"{protocol.upper()} {port}"
    yield f"{answer.source} {says} {answer.target} with {what}"
    for each in answer.path.steps:
        yield f"  {each.kind}: {each.at}: {each.by}{_where(each, cloud)}{' (for the answer)' if each.answer else ''}"
    if not answer.path.open:
        yield f"  missing {answer.path.missing}: {answer.path.blocked_by}"
    for note in answer.notes:
        yield f"  note: {note}"


def _where(step: "Step", cloud: Cloud) -> str:
    """The name of the list or group that has the rule."""
    found = cloud.find(step.holder) if step.holder.startswith("ocid1.") else None
    return f", in {found.name}" if found else ""
