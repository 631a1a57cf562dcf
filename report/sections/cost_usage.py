"""The part of the section on cost that a usage file gives: tokens and cost by tenant, and smaller sizes."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime

from report.costs.right_size import ROOM, proposals
from report.costs.tenants import Division, divided
from report.document.model import Block, Column, Sentence, Table, Value
from report.resources import as_mapping, as_sequence
from report.view import View

_SHOWN = 6
_MILLION = 1_000_000


def usage_data(view: View) -> dict[str, object]:
    """The data, under keys of its own. Without a usage file: None."""
    usage = view.usage
    if usage is None:
        return {"usage": None}
    division = divided(view.after, view.prices, usage)
    sizes = proposals(view.after, view.prices, usage.busy)
    return {
        "usage": {
            "since": _utc(usage.since),
            "until": _utc(usage.until),
            "hours": round(usage.hours, 2),
            "answerWeight": usage.answer_weight,
            "gpuCost": round(division.gpu_cost, 2),
            "unused": round(division.unused, 2),
            "asked": [
                {
                    "tenant": each.tenant,
                    "model": each.model,
                    "promptTokens": each.prompt_tokens,
                    "answerTokens": each.answer_tokens,
                    "tokens": each.prompt_tokens + each.answer_tokens,
                    "requests": each.requests,
                    "cost": None if each.cost is None else round(each.cost, 2),
                    "perMillionTokens": _per_million(each.cost, each.prompt_tokens + each.answer_tokens),
                }
                for each in division.shares
            ],
            "tenants": _tenants(division),
            "room": ROOM,
            "smaller": [asdict(each) | {"saves": round(each.saves, 2)} for each in sizes],
            "saves": round(sum(each.saves for each in sizes), 2),
        }
    }


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _tenants(division: Division) -> list[dict[str, object]]:
    names = dict.fromkeys(each.tenant for each in division.shares)
    found: list[dict[str, object]] = []
    for name in names:
        own = [each for each in division.shares if each.tenant == name]
        cost = sum(each.cost or 0.0 for each in own)
        tokens = sum(each.prompt_tokens + each.answer_tokens for each in own)
        found.append({"tenant": name, "tokens": tokens, "cost": round(cost, 2)})
    return sorted(found, key=lambda each: -float(str(each["cost"])))


def _per_million(cost: float | None, tokens: float) -> float | None:
    return None if cost is None or not tokens else round(_MILLION * cost / tokens, 4)


def usage_blocks(data: Mapping[str, object]) -> Iterator[Block]:
    """The blocks. Without a usage file there are none."""
    usage = as_mapping(data["usage"])
    if not usage:
        return
    if usage["asked"]:
        yield _asked(usage)
        yield Sentence(
            parts=[
                "The GPUs cost ",
                Value(path="usage.gpuCost", form="money"),
                " from ",
                Value(path="usage.since"),
                " to ",
                Value(path="usage.until"),
                "; no tenant pays for ",
                Value(path="usage.unused", form="money"),
                " of it",
            ]
        )
    rows = [
        [
            Value(path=f"usage.smaller[{index}].name"),
            Value(path=f"usage.smaller[{index}].peak", form="percent"),
            Value(path=f"usage.smaller[{index}].change"),
            Value(path=f"usage.smaller[{index}].saves", form="money"),
        ]
        for index in range(len(as_sequence(usage["smaller"])))
    ]
    columns = [
        Column(name="resource"),
        Column(name="peak", numeric=True),
        Column(name="enough would be"),
        Column(name="saves a month", numeric=True),
    ]
    if rows:
        yield Table(title="Smaller sizes", columns=columns, rows=rows, most=_SHOWN)


def _asked(usage: Mapping[str, object]) -> Table:
    columns = [
        Column(name="tenant"),
        Column(name="model"),
        Column(name="tokens", numeric=True),
        Column(name="cost", numeric=True),
        Column(name="a million", numeric=True),
    ]
    rows = [
        [
            Value(path=f"usage.asked[{index}].tenant"),
            Value(path=f"usage.asked[{index}].model"),
            Value(path=f"usage.asked[{index}].tokens", form="count"),
            *(
                "unknown" if asked[key] is None else Value(path=f"usage.asked[{index}].{key}", form="money")
                for key in ("cost", "perMillionTokens")
            ),
        ]
        for index, asked in enumerate(map(as_mapping, as_sequence(usage["asked"])))
    ]
    return Table(title="By tenant", columns=columns, rows=rows, most=_SHOWN)
