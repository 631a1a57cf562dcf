"""Tables of the terminal: costs, and the forms that the summary is put together from. Prints; gathers nothing."""

import re
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
    "ecpu-hour": "ECPU-hour",
    "node-hour": "node-hour",
    "gib-hour": "GB-hour",
    "low-memory-gib-hour": "GB-hour",
    "high-memory-gib-hour": "GB-hour",
    "gib-month": "GB-month",
    "transaction-gib-month": "GB-month",
    "performance-gib-month": "PU-GB-month",
    "vpu-gib-month": "VPU-GB-month",
    "mbps-hour": "Mbps-hour",
    "base-hour": "hour",
    "enhanced-cluster-hour": "hour",
    "private-vault-hour": "hour",
}
_NAME_WIDTH = 20
"""The widest name before it goes on below, so that a line holds 80 columns."""


def show_cost(report: CostReport, console: Console | None = None, *, most: int | None = None) -> None:
    """Prints the monthly cost alone; `playground report` and the wait for the engine use it too.

    What is billed and unknown stands first and in full: a total that leaves it out says "at least". With `most` only
    so many lines of what is known are shown, the dearest ones, and of what hangs on use the count.
    """
    out = console or Console()
    if report.unpriced:
        entries = (f"{part.name}: {part.reason}" for part in report.unpriced)
        out.print(bullets("Billed every month, at a price that is not known here", entries))
    out.print(_costs(report, most))
    if report.by_use and most is None:
        reasons: dict[str, list[str]] = {}
        for part in report.by_use:
            reasons.setdefault(part.reason, []).append(part.name)
        out.print()
        out.print(
            bullets("Billed by use, on top", (f"{some(names)}: {why}" for why, names in reasons.items()))
        )


def over_budget(report: CostReport) -> Panel:
    """What comes before all else when a month costs more than its budget."""
    budget = report.budget.amount if report.budget else 0.0
    least = "at least " if report.at_least else ""
    text = Text.assemble(
        ("OVER BUDGET ", "bold red"),
        f"by {least}{money(report.over_by, report.currency)} a month:"
        f" {least}{money(report.monthly_total, report.currency)}"
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


def _costs(report: CostReport, most: int | None) -> Table:
    table = headed(f"Cost a month, list prices of {report.price_date}")
    table.caption = _caption(report, most)
    table.caption_justify = "left"
    table.add_column("resource", style="cyan", overflow="fold")
    table.add_column("what", overflow="fold")
    table.add_column("each", justify="right", no_wrap=True)
    table.add_column(report.currency, justify="right", no_wrap=True)
    shared = _shared_prefix([line.name for line in report.lines])
    for line in report.lines[:most]:
        unit = _UNITS.get(line.price.unit, line.price.unit)
        each = f"{line.price.amount:g}/{unit}"
        name = at_hyphens(line.name[shared:], _NAME_WIDTH)
        row(table, name, line.what, each, _amount(line.monthly, line.assumed))
    rest = report.lines[most:] if most is not None else ()
    if rest:
        amount = _amount(sum(line.monthly for line in rest), any(line.assumed for line in rest))
        row(table, plural("line", len(rest)) + " more", "", "", amount)
    table.add_section()
    if report.assumed:
        row(table, "priced", "", "", _amount(report.priced_total))
        row(table, "assumed", "", "", _amount(report.assumed_total, assumed=True))
    total = "at least" if report.at_least else "together"
    table.add_row(Text(total), "", "", Text(_amount(report.monthly_total)), style="bold")
    return table


def _amount(monthly: float, assumed: bool = False) -> str:
    return f"{monthly:,.2f}" + ("*" if assumed else " ")


def _caption(report: CostReport, most: int | None) -> Text:
    parts = ["* assumed"] if report.assumed else []
    if report.unpriced:
        parts.append(f"{plural('part', len(report.unpriced))} of unknown price on top, above")
    if report.by_use:
        below = "" if most is not None else ", below"
        parts.append(f"{plural('part', len(report.by_use))} billed by use on top{below}")
    if report.budget is None:
        parts.append("no budget is set")
    else:
        share = 100 * report.monthly_total / report.budget.amount if report.budget.amount else 0.0
        parts.append(f"{share:,.0f} % of the budget of {money(report.budget.amount, report.currency)}")
    return Text("; ".join(parts))


def at_hyphens(name: str, width: int) -> str:
    """A name on as many lines as it takes, broken after a hyphen, for a table would break it anywhere."""
    lines = [""]
    for part in re.findall(r"[^-]*-|[^-]+$", name):
        if lines[-1] and len(lines[-1] + part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


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
