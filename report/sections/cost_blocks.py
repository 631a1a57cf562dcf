"""How the section on cost shows its data."""

from collections.abc import Iterator, Mapping, Sequence

from report.document.model import Block, Column, Part, Sentence, Table, Value
from report.resources import as_mapping, as_sequence
from report.sections.cost_usage import usage_blocks

_SHOWN = 6
"""Rows of the tables of resources, movers and idle money without `--verbose`."""

_FEW = 3
"""Rows of the tables that say more about an amount."""


def blocks_of(data: Mapping[str, object]) -> list[Block]:
    """The blocks, the budget first."""
    return [
        *_budget(data),
        *_total(data),
        *_reasons(data),
        *_layers(data),
        *_resources(data),
        *_movers(data),
        *_gpu_hours(data),
        *_idle(data),
        *usage_blocks(data),
        *_unpriced(data),
        *_tags(data),
    ]


def _money(path: str) -> Value:
    return Value(path=path, form="money")


def _budget(data: Mapping[str, object]) -> Iterator[Block]:
    over = as_mapping(as_mapping(data["bounds"]).get("overBudgetBy"))
    budget = _money("budget.amount")
    if data["overBudget"]:
        least = "at least " if data["atLeast"] else ""
        parts: list[Part] = [
            f"OVER BUDGET: {least}",
            _money("overBy"),
            " a month over the budget of ",
            budget,
        ]
        if as_mapping(data["bounds"])["differ"]:
            parts += ["; the settings allow ", _money("bounds.overBudgetBy.most"), " over it"]
        yield Sentence(parts=parts, level="alarm")
    elif over.get("most"):
        yield Sentence(
            parts=[
                *("The settings allow ", _money("bounds.overBudgetBy.most")),
                *(" a month over the budget of ", budget),
            ],
            level="warning",
        )


def _total(data: Mapping[str, object]) -> Iterator[Block]:
    least = "At least " if data["atLeast"] else ""
    change: list[Part] = []
    if data["change"] is not None:
        by = " by this change" if data["change"] else ""
        change = [" (", Value(path="change", form="money change"), f"{by})"]
    yield Sentence(parts=[least, _money("monthlyTotal"), " a month", *change])
    if as_mapping(data["bounds"])["differ"]:
        yield Sentence(
            parts=["The settings allow ", _money("bounds.least"), " to ", _money("bounds.most"), " a month"]
        )
    if parts := as_mapping(data["bounds"])["unboundedParts"]:
        count = Value(path="bounds.unboundedParts", form="count")
        why = " part that is billed by use or has" if parts == 1 else " parts that are billed by use or have"
        yield Sentence(parts=["Not in these amounts, and without a bound: ", count, f"{why} no price"])
    yield Sentence(parts=["At the prices of ", Value(path="priceOrigin"), ", without free allowances"])
    if data["assumptions"]:
        yield Sentence(parts=[_money("assumedTotal"), " of it is assumed: ", Value(path="assumptions")])


def _reasons(data: Mapping[str, object]) -> Iterator[Block]:
    rows = [
        [
            Value(path=f"bounds.reasons[{index}].name"),
            _money(f"bounds.reasons[{index}].least"),
            _money(f"bounds.reasons[{index}].most"),
            Value(path=f"bounds.reasons[{index}].because"),
        ]
        for index in range(len(as_sequence(as_mapping(data["bounds"])["reasons"])))
    ]
    columns = [
        Column(name="resource"),
        Column(name="lowest", numeric=True),
        Column(name="highest", numeric=True),
        Column(name="because"),
    ]
    if rows:
        yield Table(title="Lowest and highest", columns=columns, rows=rows, most=_FEW)


def _layers(data: Mapping[str, object]) -> Iterator[Block]:
    columns = [Column(name="layer"), Column(name="a month", numeric=True, bars=True)]
    changed = data["change"] is not None
    if changed:
        columns.append(Column(name="change", numeric=True))
    rows: list[Sequence[Part | Sequence[Part]]] = []
    for index, each in enumerate(map(as_mapping, as_sequence(data["byLayer"]))):
        at = f"byLayer[{index}]"
        row: list[Part | Sequence[Part]] = [Value(path=f"{at}.layer"), _money(f"{at}.monthly")]
        if changed:
            row.append(Value(path=f"{at}.change", form="money change"))
        row.append(_besides(each, at))
        rows.append(row)
    if rows:
        yield Table(title="By layer", columns=[*columns, Column(name="parts not in it")], rows=rows)


def _besides(layer: Mapping[str, object], at: str) -> list[Part]:
    parts: list[Part] = []
    if layer["byUse"]:
        parts += [Value(path=f"{at}.byUse", form="count"), " by use"]
    if layer["unpriced"]:
        parts += [", " if parts else "", Value(path=f"{at}.unpriced", form="count"), " at an unknown price"]
    return parts


def _resources(data: Mapping[str, object]) -> Iterator[Block]:
    rows = [
        [
            Value(path=f"byResource[{index}].name"),
            Value(path=f"byResource[{index}].what"),
            _money(f"byResource[{index}].monthly"),
        ]
        for index in range(len(as_sequence(data["byResource"])))
    ]
    columns = [Column(name="resource"), Column(name="what"), Column(name="a month", numeric=True)]
    if rows:
        yield Table(title="Most expensive", columns=columns, rows=rows, most=_SHOWN)


def _movers(data: Mapping[str, object]) -> Iterator[Block]:
    rows = [
        [
            Value(path=f"movers[{index}].name"),
            Value(path=f"movers[{index}].layer"),
            Value(path=f"movers[{index}].change", form="money change"),
        ]
        for index in range(len(as_sequence(data["movers"])))
    ]
    columns = [Column(name="resource"), Column(name="layer"), Column(name="change", numeric=True)]
    if rows:
        yield Table(title="What moves the cost", columns=columns, rows=rows, most=_SHOWN)


def _gpu_hours(data: Mapping[str, object]) -> Iterator[Block]:
    for index, each in enumerate(map(as_mapping, as_sequence(data["gpuHours"]))):
        at = f"gpuHours[{index}]"
        least, most = (Value(path=f"{at}.{end}", form="count") for end in ("least", "most"))
        parts: list[Part] = [Value(path=f"{at}.pool"), ": "]
        if each["hours"] is None:
            parts.append("the number of nodes is not known yet")
        else:
            hours = Value(path=f"{at}.hours", form="gpu-hours")
            parts += [Value(path=f"{at}.gpus", form="count"), " GPUs, ", hours, " a month"]
        if each["least"] != each["most"]:
            parts += [" (", least, " to ", most, " GPU-hours a month)" if each["hours"] is None else ")"]
        yield Sentence(parts=parts)


def _idle(data: Mapping[str, object]) -> Iterator[Block]:
    rows: list[Sequence[Part | Sequence[Part]]] = []
    for index, each in enumerate(map(as_mapping, as_sequence(data["idle"]))):
        at = f"idle[{index}]"
        amount = "unknown" if each["monthly"] is None else _money(f"{at}.monthly")
        rows.append(
            [[Value(path=f"{at}.name"), ": ", Value(path=f"{at}.what")], amount, Value(path=f"{at}.ends")]
        )
    columns = [Column(name="what"), Column(name="a month", numeric=True), Column(name="what ends it")]
    if rows:
        yield Sentence(parts=["Idle: ", _money("idleTotal"), " a month for what nothing in the stack uses"])
        yield Table(title="", columns=columns, rows=rows, most=_FEW)


def _unpriced(data: Mapping[str, object]) -> Iterator[Block]:
    for index in range(len(as_sequence(data["unpriced"]))):
        at = f"unpriced[{index}]"
        yield Sentence(
            parts=["Unknown price: ", Value(path=f"{at}.name"), ": ", Value(path=f"{at}.reason")],
            level="warning",
        )


def _tags(data: Mapping[str, object]) -> Iterator[Block]:
    """Only tags that divide the cost. What they all have in common says nothing."""
    rows: list[Sequence[Part | Sequence[Part]]] = []
    for index, tag in enumerate(map(as_mapping, as_sequence(data["byTag"]))):
        values = as_sequence(tag["values"])
        if len(values) > 1:
            at = f"byTag[{index}]"
            rows += [
                [
                    Value(path=f"{at}.tag"),
                    Value(path=f"{at}.values[{place}].name"),
                    _money(f"{at}.values[{place}].monthly"),
                ]
                for place in range(len(values))
            ]
    columns = [Column(name="tag"), Column(name="value"), Column(name="a month", numeric=True)]
    if rows:
        yield Table(title="By tag", columns=columns, rows=rows, most=_FEW)
