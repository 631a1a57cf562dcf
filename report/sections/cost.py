"""What the stack costs a month, and what the change adds."""

from report.cost import CostReport, as_json, estimate
from report.document.model import Block, Column, Section, Sentence, Table, Value
from report.view import View

_SHOWN = 8


def cost(view: View) -> Section:
    """The section `cost`."""
    found = estimate(view.after, view.prices)
    before = estimate(view.before, view.prices) if view.before is not None else None
    data = as_json(found) | {
        "lines": [
            {"name": line.name, "layer": line.layer, "what": line.what, "monthly": round(line.monthly, 2)}
            for line in found.lines
        ],
        "change": round(found.monthly_total - before.monthly_total, 2) if before else None,
    }
    over = f"{found.over_by:,.2f} {found.currency} a month over the budget"
    return Section(
        key="cost",
        title="Cost",
        data=data,
        blocks=_blocks(found, changed=before is not None),
        failures={"over-budget": [over] if found.over_budget else []},
    )


def _blocks(found: CostReport, *, changed: bool) -> list[Block]:
    total = Value(path="monthlyTotal", form="money")
    least = "at least " if found.at_least else ""
    blocks: list[Block] = []
    if found.over_budget:
        over = [Value(path="overBy", form="money"), " a month over the budget of "]
        blocks.append(
            Sentence(
                parts=["OVER BUDGET: ", least, *over, Value(path="budget.amount", form="money")],
                level="alarm",
            )
        )
    change = [" (", Value(path="change", form="money change"), " by this change)"] if changed else []
    blocks.append(Sentence(parts=[least, total, " a month", *change]))
    rows = [
        [
            Value(path=f"lines[{index}].name"),
            Value(path=f"lines[{index}].what"),
            Value(path=f"lines[{index}].monthly", form="money"),
        ]
        for index in range(len(found.lines))
    ]
    columns = [Column(name="resource"), Column(name="what"), Column(name="a month", numeric=True)]
    return [*blocks, Table(title="", columns=columns, rows=rows, most=_SHOWN)]
