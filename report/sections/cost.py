"""What the stack costs a month at least and at most, what the change adds, and what nothing uses."""

from dataclasses import asdict

from report.cost import CostReport, as_json, estimate
from report.costs.bounds import Bounds, bounds_of
from report.costs.gpu_hours import gpu_hours
from report.costs.idle import idle_money
from report.costs.shares import by_environment, by_tag, changes, sums
from report.document.model import Section
from report.layers import by_layer
from report.sections.cost_blocks import blocks_of
from report.sections.cost_usage import usage_data
from report.view import View


def cost(view: View) -> Section:
    """The section `cost`."""
    found = estimate(view.after, view.prices)
    before = estimate(view.before, view.prices) if view.before is not None else None
    bounds = bounds_of(view.after, view.prices, view.pool_limits)
    data: dict[str, object] = {
        **as_json(found),
        "lines": [
            {"name": line.name, "layer": line.layer, "what": line.what, "monthly": _cents(line.monthly)}
            for line in found.lines
        ],
        **_bounds(bounds, found),
        "byLayer": _layers(view, found, before),
        "byResource": _resources(found, bounds),
        "byTag": [
            {"tag": tag, "values": _named(amounts)} for tag, amounts in by_tag(found, view.after).items()
        ],
        "byEnvironment": _named(by_environment(found, view.after, view.stack)),
        **_changes(found, before),
        "gpuHours": gpu_hours(view.after, view.prices, view.pool_limits),
        **_idle(view, found),
        **usage_data(view),
    }
    over = f"{found.over_by:,.2f} {found.currency} a month over the budget"
    return Section(
        key="cost",
        title="Cost",
        data=data,
        blocks=blocks_of(data),
        failures={"over-budget": [over] if found.over_budget else []},
    )


def _cents(amount: float) -> float:
    return round(amount, 2)


def _named(amounts: dict[str, float]) -> list[dict[str, object]]:
    return [{"name": name, "monthly": _cents(amount)} for name, amount in amounts.items()]


def _bounds(bounds: Bounds, found: CostReport) -> dict[str, object]:
    budget = found.budget.amount if found.budget else None
    ends = {"least": bounds.least, "most": bounds.most}
    return {
        "bounds": {
            **{end: _cents(amount) for end, amount in ends.items()},
            "differ": _cents(bounds.most - bounds.least) > 0,
            "overBudgetBy": {
                end: _cents(max(0.0, amount - budget)) for end, amount in ends.items() if budget is not None
            },
            "reasons": [
                {**asdict(each), "least": _cents(each.least), "most": _cents(each.most)}
                for each in bounds.reasons
            ],
            "unbounded": [
                {
                    "urn": part.urn,
                    "name": part.name,
                    "type": part.type,
                    "reason": part.reason if part.by_use else f"the price is unknown: {part.reason}",
                }
                for part in bounds.unbounded
            ],
            "unboundedParts": len(bounds.unbounded),
        }
    }


def _layers(view: View, found: CostReport, before: CostReport | None) -> list[dict[str, object]]:
    now = sums(found, lambda line: line.layer)
    then = sums(before, lambda line: line.layer) if before else {}
    unknown = [part.layer for part in found.unpriced]
    used = [part.layer for part in found.by_use]
    order = [
        noun
        for noun in by_layer([*view.after, *(view.before or ())])
        if noun in {*now, *then, *unknown, *used}
    ]
    return [
        {
            "layer": noun,
            "monthly": _cents(now.get(noun, 0.0)),
            "change": _cents(now.get(noun, 0.0) - then.get(noun, 0.0)) if before else None,
            "unpriced": unknown.count(noun),
            "byUse": used.count(noun),
        }
        for noun in order
    ]


def _resources(found: CostReport, bounds: Bounds) -> list[dict[str, object]]:
    first = {line.urn: line for line in reversed(found.lines)}
    now = sums(found, lambda line: line.urn)
    listed: list[dict[str, object]] = []
    for urn, amount in now.items():
        least, most = bounds.by_resource.get(urn, (amount, amount))
        listed.append(
            {
                "urn": urn,
                "name": first[urn].name,
                "layer": first[urn].layer,
                "what": first[urn].what,
                "monthly": _cents(amount),
                "least": _cents(least),
                "most": _cents(most),
            }
        )
    return listed


def _changes(found: CostReport, before: CostReport | None) -> dict[str, object]:
    if before is None:
        return {"change": None, "movers": []}
    moved = changes(sums(found, lambda line: line.urn), sums(before, lambda line: line.urn))
    names = {line.urn: line for report in (before, found) for line in report.lines}
    return {
        "change": _cents(found.monthly_total - before.monthly_total),
        "movers": [
            {"urn": urn, "name": names[urn].name, "layer": names[urn].layer, "change": _cents(change)}
            for urn, change in moved.items()
        ],
    }


def _idle(view: View, found: CostReport) -> dict[str, object]:
    idle = idle_money(view.after, found, view.prices)
    known = [each.monthly for each in idle if each.monthly is not None]
    return {
        "idleTotal": _cents(sum(known)),
        "idle": [
            {**asdict(each), "monthly": None if each.monthly is None else _cents(each.monthly)}
            for each in idle
        ],
    }
