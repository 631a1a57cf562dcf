"""The summary after `up`: the amount over budget first, then resources, endpoints, cost, assumptions, next commands,
and how to call a model.

`summarise` collects the data. `as_json` and `show` present it. Only `show` prints.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from rich.console import Console
from rich.table import Table
from rich.text import Text

from facts.prices import PriceList
from facts.wording import plural
from report import cost
from report.calling import GatewayCall, ModelCall, credentials, database_addresses, gateway_call, model_calls
from report.cost import CostReport, estimate
from report.layers import by_layer
from report.model_speeds import SPEEDS
from report.receivers import ADVICE, unconfirmed
from report.resources import SECRET, Resource, as_mapping, as_sequence, stack_outputs
from report.staying import staying
from report.tables import bullets, headed, over_budget, pairs, row, show_cost
from report.wording import kinds

_HIDDEN_OUTPUTS = frozenset(
    {
        *(
            "kubeconfig",
            "monthlyBudget",
            "modelEndpoints",
            "modelGateway",
            "modelRoutes",
            "databaseAddresses",
        ),
        SPEEDS,
    }
)
"""Outputs for programs only, or shown elsewhere in the summary. Outputs whose names end in Id or Ids are hidden too."""

_COST_LINES = 6
"""How many cost lines the summary shows, the most expensive first: it must fit on a page."""

_PAST_TENSE = {"create": "created", "update": "updated", "replace": "replaced", "delete": "deleted"}
"""The past tense of the engine's operations."""

_LABELS = {"clusterEndpoint": "Kubernetes API", "buckets": "bucket"}


MOST_KINDS = 8
"""Kinds of resources that a layer's row names, so that the summary of a deployment stays a page."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """The resources of one noun."""

    noun: str
    count: int
    what: str
    """For example `1 VCN, 7 subnets`."""
    monthly: float
    """The known part of its cost."""
    unknown: bool = False
    """Whether a part of it is billed at an unknown price."""
    by_use: bool = False
    """Whether a part of it is billed by use."""

    def amount(self) -> str:
        """The cost as text. Never empty, because an empty field would be ambiguous."""
        if self.unknown or self.by_use:
            rest = "unknown" if self.unknown else "by use"
            return f"{self.monthly:,.0f} + {rest}" if self.monthly else rest
        return f"{self.monthly:,.0f}"


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Everything that the end of an `up` shows."""

    stack: str
    where: str
    layers: tuple[Layer, ...]
    endpoints: tuple[tuple[str, str], ...]
    """Label and address, never a secret."""
    cost: CostReport
    assumptions: tuple[str, ...]
    next_steps: tuple[tuple[str, str], ...]
    """A command and what it does."""
    models: tuple[ModelCall, ...] = ()
    gateway: GatewayCall | None = None
    databases: Mapping[str, str] = field(default_factory=dict[str, str])
    """The address of each database by its name."""
    unconfirmed: tuple[str, ...] = ()
    """Receivers of topics that have not confirmed."""
    staying: tuple[str, ...] = ()
    """What stays in the tenancy after a destroy."""
    engine: str = "pulumi"
    """The command that manages the stack: `pulumi`, or the sandbox's."""
    changes: Mapping[str, int] = field(default_factory=dict[str, int])
    """The engine's counts by operation; empty if the engine did not run."""

    @property
    def total(self) -> int:
        return sum(layer.count for layer in self.layers)

    @property
    def unchanged(self) -> bool:
        """Whether the engine ran and changed nothing."""
        return bool(self.changes) and not any(
            n for op, n in self.changes.items() if op not in ("same", "read")
        )


def summarise(
    resources: Sequence[Resource],
    prices: PriceList,
    *,
    stack: str,
    where: str = "the sandbox",
    outputs: Mapping[str, object] | None = None,
    assumed: Iterable[str] = (),
    next_steps: Iterable[tuple[str, str]] = (),
    changes: Mapping[str, int] | None = None,
    engine: str = "pulumi",
) -> Summary:
    """Collect a summary.

    `outputs` are the stack's outputs, by default those in the resources. `assumed` are assumptions besides those about
    prices, for example OCIDs that the sandbox assumes to exist. `engine` is the command that the instructions for
    calling a model use.
    """
    costs = estimate(resources, prices)
    given = stack_outputs(resources) if outputs is None else outputs
    return Summary(
        stack=stack,
        where=where,
        layers=tuple(layers_of(resources, costs)),
        endpoints=tuple(endpoints(given)),
        cost=costs,
        assumptions=(*assumed, *costs.assumptions),
        next_steps=tuple(next_steps),
        models=tuple(model_calls(given)),
        gateway=gateway_call(given),
        databases=database_addresses(given),
        unconfirmed=tuple(unconfirmed(resources)),
        staying=tuple(staying(resources)),
        engine=engine,
        changes=changes or {},
    )


def layers_of(resources: Iterable[Resource], costs: CostReport) -> Iterable[Layer]:
    """The layers in order, each with its resources and the known part of its cost."""
    monthly: dict[str, float] = {}
    for line in costs.lines:
        monthly[line.layer] = monthly.get(line.layer, 0.0) + line.monthly
    unknown, used = ({part.layer for part in parts} for parts in (costs.unpriced, costs.by_use))
    for noun, found in by_layer(resources).items():
        yield Layer(
            noun=noun,
            count=len(found),
            what=kinds(found, MOST_KINDS),
            monthly=monthly.get(noun, 0.0),
            unknown=noun in unknown,
            by_use=noun in used,
        )


def endpoints(outputs: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    """The addresses in the stack outputs, with labels. Secrets and unknown values are left out."""
    order = {name: place for place, name in enumerate(_LABELS)}
    for name, value in sorted(outputs.items(), key=lambda entry: (order.get(entry[0], len(order)), entry[0])):
        label = _LABELS.get(name, name)
        if name in _HIDDEN_OUTPUTS or name.endswith(("Id", "Ids")):
            continue
        named = as_mapping(value).items()
        for key, address in named or [("", entry) for entry in as_sequence(value) or [value]]:
            if isinstance(address, str | int) and address not in ("", SECRET):
                yield f"{label} {key}".strip(), str(address)


def as_json(summary: Summary) -> dict[str, object]:
    """The summary as JSON values."""
    return {
        "stack": summary.stack,
        "where": summary.where,
        "overBudget": summary.cost.over_budget,
        "resources": summary.total,
        "changes": dict(summary.changes),
        "unchanged": summary.unchanged,
        "layers": [
            {
                "noun": e.noun,
                "count": e.count,
                "what": e.what,
                "monthly": round(e.monthly, 2),
                "unknown": e.unknown,
                "byUse": e.by_use,
            }
            for e in summary.layers
        ],
        "endpoints": dict(summary.endpoints),
        "cost": cost.as_json(summary.cost),
        "assumptions": list(summary.assumptions),
        "unconfirmed": list(summary.unconfirmed),
        "staying": list(summary.staying),
        "next": [{"command": command, "what": what} for command, what in summary.next_steps],
        "call": {
            "credentials": credentials(summary.engine, summary.stack),
            "models": [asdict(call) for call in summary.models],
            "gateway": asdict(summary.gateway) if summary.gateway else None,
            "databases": dict(summary.databases),
        },
    }


def show(summary: Summary, console: Console | None = None) -> None:
    """Print the summary. It is plain text if the output is not a terminal."""
    out = console or Console()
    out.print()
    if summary.cost.over_budget:
        out.print(over_budget(summary.cost))
    out.print(_headline(summary))
    out.print(_layers(summary))
    if summary.endpoints:
        out.print(pairs("Endpoints", summary.endpoints))
    show_cost(summary.cost, out, most=_COST_LINES)
    out.print()
    if summary.assumptions:
        out.print(bullets("Assumed", summary.assumptions))
    if summary.unconfirmed:
        out.print(bullets("Receivers to confirm", [*summary.unconfirmed, ADVICE]))
    if summary.staying:
        out.print(bullets("After a destroy", summary.staying))
    if summary.next_steps:
        out.print(pairs("Next", summary.next_steps, "bold cyan"))
    _show_calls(summary, out)


def _show_calls(summary: Summary, out: Console) -> None:
    """Print the commands. No line is wrapped, so that a shell can run them."""
    if summary.databases:
        _print_addresses(out, "Databases, from inside the VCN", summary.databases.items())
        lines = [f"{summary.engine} stack output databases --show-secrets --stack {summary.stack}"]
        _print_lines(out, "to see the users and where their passwords are", lines)
    if summary.gateway:
        call = summary.gateway
        _print_addresses(out, "Gateway of the models, from inside the cluster", [(call.host, call.address)])
        lines = [credentials(summary.engine, summary.stack), call.kubectl, *call.curl.splitlines()]
        _print_lines(out, "to call it from this machine with the key of a tenant in $KEY", lines)
    if summary.models:
        _print_addresses(out, _models_title(summary), ((e.model, e.address) for e in summary.models))
    if summary.models and not summary.gateway:
        first, *others = summary.models
        same = f" (the same way for {', '.join(e.model for e in others)})" if others else ""
        lines = [credentials(summary.engine, summary.stack), first.kubectl, *first.curl.splitlines()]
        _print_lines(out, f"to call {first.model} from this machine{same}", lines)


def _models_title(summary: Summary) -> str:
    past = ", past the gateway" if summary.gateway else ""
    return f"Models, from inside the cluster{past}"


def _print_addresses(out: Console, title: str, entries: Iterable[tuple[str, str]]) -> None:
    out.print(Text(title, style="bold"))
    for name, address in entries:
        out.print(Text.assemble("  ", (name, "cyan"), f"  {address}"), soft_wrap=True)


def _print_lines(out: Console, title: str, lines: Sequence[str]) -> None:
    out.print(Text(f"  {title}:"))
    for line in lines:
        out.print(Text(f"    {line}", style="bold cyan"), soft_wrap=True)
    out.print()


def _headline(summary: Summary) -> Text:
    if summary.unchanged:
        said = f"nothing changed, {plural('resource', summary.total)} as before"
    else:
        changes = sorted(summary.changes.items())
        changed = ", ".join(f"{n} {_PAST_TENSE.get(op, op)}" for op, n in changes if n and op != "same")
        said = plural("resource", summary.total) + (f" ({changed}, with their components)" if changed else "")
    return Text.assemble((summary.stack, "bold green"), f" is deployed in {summary.where}: {said}\n")


def _layers(summary: Summary) -> Table:
    table = headed("Resources")
    table.add_column("layer", style="cyan", no_wrap=True)
    table.add_column("count", justify="right")
    table.add_column("what")
    table.add_column(f"{summary.cost.currency} a month", justify="right", no_wrap=True)
    for layer in summary.layers:
        row(table, layer.noun, str(layer.count), layer.what, layer.amount())
    return table
