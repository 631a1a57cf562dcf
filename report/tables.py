"""Tables of the terminal: costs, and the forms that the summary is put together from. Prints; gathers nothing."""

from collections.abc import Iterable, Sequence
from itertools import takewhile

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from report.cost import CostReport
from report.wording import money, plural, some

_UNITS = {
    "gpu-hour": "GPU-hour",
    "ocpu-hour": "OCPU-hour",
    "gib-hour": "GB-hour",
    "gib-month": "GB-month",
    "vpu-gib-month": "VPU-GB-month",
    "mbps-hour": "Mbps-hour",
    "base-hour": "hour",
    "enhanced-cluster-hour": "hour",
}


def show_cost(report: CostReport, console: Console | None = None) -> None:
    """Prints the monthly cost alone; `playground report` and the wait for the engine use it too."""
    out = console or Console()
    out.print(_costs(report))
    if report.unpriced:
        reasons: dict[str, list[str]] = {}
        for part in report.unpriced:
            reasons.setdefault(part.reason, []).append(part.name)
        out.print()
        out.print(bullets("Not priced", (f"{some(names)}: {why}" for why, names in reasons.items())))


def over_budget(report: CostReport) -> Panel:
    """What comes before all else when a month costs more than its budget."""
    budget = report.budget.amount if report.budget else 0.0
    text = Text.assemble(
        ("OVER BUDGET ", "bold red"),
        f"by {money(report.over_by, report.currency)} a month: {money(report.monthly_total, report.currency)}"
        f" against a budget of {money(budget, report.currency)}.",
    )
    return Panel(text, box=box.HEAVY, border_style="red", expand=False)


def headed(title: str) -> Table:
    """An empty table with a title and column heads."""
    return Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)


def _bare(title: str) -> Table:
    return Table(
        title=title, title_justify="left", title_style="bold", box=None, show_header=False, pad_edge=False
    )


def row(table: Table, *cells: str) -> None:
    """A row of plain text: names and addresses may hold brackets, which are no markup."""
    table.add_row(*map(Text, cells))


def _costs(report: CostReport) -> Table:
    table = headed(f"Cost a month, list prices of {report.price_date}")
    table.caption = _caption(report)
    table.caption_justify = "left"
    table.add_column("resource", style="cyan", overflow="fold")
    table.add_column("what", overflow="fold")
    table.add_column("each", justify="right", no_wrap=True)
    table.add_column(report.currency, justify="right", no_wrap=True)
    shared = _shared_prefix([line.name for line in report.lines])
    for line in report.lines:
        unit = _UNITS.get(line.price.unit, line.price.unit)
        each = f"{line.price.amount:g}/{unit}"
        row(table, line.name[shared:], line.what, each, _amount(line.monthly, line.assumed))
    table.add_section()
    row(table, "priced", "", "", _amount(report.priced_total))
    row(table, "assumed", "", "", _amount(report.assumed_total, assumed=True))
    table.add_row(Text("together"), "", "", Text(_amount(report.monthly_total)), style="bold")
    return table


def _amount(monthly: float, assumed: bool = False) -> str:
    return f"{monthly:,.2f}" + ("*" if assumed else " ")


def _caption(report: CostReport) -> Text:
    parts = ["* assumed"] if report.assumed else []
    if report.unpriced:
        parts.append(f"{plural('part', len(report.unpriced))} without a price on top")
    if report.budget is None:
        parts.append("no budget is set")
    else:
        share = 100 * report.monthly_total / report.budget.amount if report.budget.amount else 0.0
        parts.append(f"{share:,.0f} % of the budget of {money(report.budget.amount, report.currency)}")
    return Text("; ".join(parts))


def _shared_prefix(names: Sequence[str]) -> int:
    """Length of the prefix, up to a hyphen, that all names share: in one stack it is the stack's name."""
    first, last = min(names, default=""), max(names, default="")
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(pair[0] for pair in same).rfind("-") + 1 if first != last else 0


def pairs(title: str, entries: Iterable[tuple[str, str]], style: str = "cyan") -> Table:
    """Labels and what they stand for, side by side."""
    table = _bare(title)
    table.add_column(style=style, no_wrap=True)
    table.add_column(overflow="fold")
    for left, right in entries:
        row(table, f"  {left}", right)
    table.add_row("", "")
    return table


def bullets(title: str, entries: Iterable[str]) -> Table:
    """A list whose long entries keep their indent."""
    table = _bare(title)
    table.add_column(width=3)
    table.add_column(overflow="fold")
    for entry in entries:
        row(table, "  -", entry)
    table.add_row("", "")
    return table
