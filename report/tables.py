"""Tables for the terminal: the cost table, and the parts of the summary. It only prints; it collects nothing."""

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from facts.wording import plural
from report.cost import CostReport
from report.wording import money, some

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
    "basic-endpoint-month": "endpoint-month",
    "premium-endpoint-month": "endpoint-month",
}
_NAME_WIDTH = 20
"""The width at which a name is broken, so that a line fits 80 columns."""


def show_cost(report: CostReport, console: Console | None = None, *, most: int | None = None) -> None:
    """Print the monthly cost. `playground report` and the wait for the engine use it too.

    Parts at an unknown price come first, all of them; the total then says "at least". With `most`, only that many lines
    of known cost are shown, the most expensive first, and only the count of the parts that are billed by use.
    """
    out = console or Console()
    if report.unpriced:
        entries = (f"{part.name}: {part.reason}" for part in report.unpriced)
        out.print(bullets("Billed every month at an unknown price", entries))
    out.print(_costs(report, most))
    if report.by_use and most is None:
        reasons: dict[str, list[str]] = {}
        for part in report.by_use:
            reasons.setdefault(part.reason, []).append(part.name)
        out.print()
        out.print(
            bullets("Billed by use, in addition", (f"{some(names)}: {why}" for why, names in reasons.items()))
        )


def over_budget(report: CostReport) -> Panel:
    """The warning at the top if the monthly cost is over budget."""
    budget = report.budget.amount if report.budget else 0.0
    least = "at least " if report.at_least else ""
    text = Text.assemble(
        ("OVER BUDGET ", "bold red"),
        f"by {least}{money(report.over_by, report.currency)} a month:"
        f" {least}{money(report.monthly_total, report.currency)}"
        f", and the budget is {money(budget, report.currency)}.",
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
    """A row of plain text: brackets in names and addresses must not be read as markup."""
    table.add_row(*map(Text, cells))


def _costs(report: CostReport, most: int | None) -> Table:
    table = headed(f"Monthly cost, list prices of {report.price_date}")
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
    total = "total, at least" if report.at_least else "total"
    table.add_row(Text(total), "", "", Text(_amount(report.monthly_total)), style="bold")
    return table


def _amount(monthly: float, assumed: bool = False) -> str:
    return f"{monthly:,.2f}" + ("*" if assumed else " ")


def _caption(report: CostReport, most: int | None) -> Text:
    parts = ["* assumed"] if report.assumed else []
    if report.unpriced:
        parts.append(f"plus {plural('part', len(report.unpriced))} at an unknown price (above)")
    if report.by_use:
        below = "" if most is not None else " (below)"
        parts.append(f"plus {plural('part', len(report.by_use))} billed by use{below}")
    if report.budget is None:
        parts.append("no budget is set")
    else:
        share = 100 * report.monthly_total / report.budget.amount if report.budget.amount else 0.0
        parts.append(f"{share:,.0f} % of the budget of {money(report.budget.amount, report.currency)}")
    return Text("; ".join(parts))


def at_hyphens(name: str, width: int) -> str:
    """A name or a path broken into lines after hyphens, and before dots, slashes and brackets. A table would break it
    anywhere."""
    lines = [""]
    for part in re.findall(r"[./\[]?[^-./\[]*(?:-|(?=[./\[])|$)", name):
        if lines[-1] and len(lines[-1] + part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def _shared_prefix(names: Sequence[str]) -> int:
    """Length of the prefix, up to a hyphen, that all names share. In one stack this is the stack's name."""
    first, last = min(names, default=""), max(names, default="")
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(pair[0] for pair in same).rfind("-") + 1 if first != last else 0


def pairs(title: str, entries: Iterable[tuple[str, str]], style: str = "cyan") -> Table:
    """A table of labels and values."""
    table = _bare(title)
    table.add_column(style=style, no_wrap=True)
    table.add_column(overflow="fold")
    for left, right in entries:
        row(table, f"  {left}", right)
    table.add_row("", "")
    return table


def bullets(title: str, entries: Iterable[str]) -> Table:
    """A list in which the lines of a long entry keep their indent."""
    table = _bare(title)
    table.add_column(width=3)
    table.add_column(overflow="fold")
    for entry in entries:
        row(table, "  -", entry)
    table.add_row("", "")
    return table
