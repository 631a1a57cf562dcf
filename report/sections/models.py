"""Where the models run, what keeps them from it, and how fast they will be for how much."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import cast

from facts.wording import plural
from report.cluster_networks import as_node_pools
from report.costs.bounds import PoolRange, pool_ranges
from report.document.model import Block, Column, Part, Section, Sentence, Table, Value
from report.gpu_pools import GpuPoolUse, engines_elsewhere, gpu_pools
from report.model_speeds import Between, ModelSpeed, per_million
from report.placement import place
from report.placement_questions import OrderEffect, order_effect, waiting_after_a_failure
from report.view import View

_SHOWN = 12


def models(view: View) -> Section:
    """The section `models`."""
    listed = gpu_pools(view.after)
    ranges = pool_ranges(as_node_pools(view.after), view.pool_limits)
    pools = [_pool(each, ranges.get(each.urn)) for each in listed if each.known]
    speeds = [_speed(view, each) for each in view.speeds or ()]
    elsewhere = [
        {"model": each.name, "pool": pool, "engines": each.replicas, "gpus": each.pod.gpus * each.pods}
        for pool, each in engines_elsewhere(view.after)
    ]
    data = {
        "pools": pools,
        "unknownSizes": [each.name for each in listed if not each.known],
        "elsewhere": elsewhere,
        "speedKnown": view.speeds is not None,
        "speeds": speeds,
        "loads": sorted({str(each["load"]) for each in speeds}),
    }
    return Section(
        key="models",
        title="Models",
        data=data,
        blocks=[*_pool_blocks(data, pools), *_elsewhere_blocks(len(elsewhere)), *_speed_blocks(view, speeds)],
    )


def _pool(pool: GpuPoolUse, sizes: PoolRange | None) -> dict[str, object]:
    # Waiting engines get the most nodes: an autoscaler adds nodes until all of them run.
    engines, free, most = pool.engines, pool.free, sizes.most if sizes else pool.nodes
    failing = waiting_after_a_failure(engines, pool.node, most)
    return {
        "name": pool.name,
        "shape": pool.shape,
        "nodes": pool.nodes,
        "mostNodes": most,
        "gpus": pool.nodes * pool.gpus,
        "requested": pool.requested,
        "free": sum(free),
        "freeByNode": free,
        "waiting": [
            {"model": each.name, "engines": each.missing, "reason": each.reason}
            for each in place(engines, pool.node, most).misfits
        ],
        "order": _order(order_effect(engines, pool.node, most)),
        "afterOneNodeFails": [{"model": name, "engines": count} for name, count in sorted(failing.items())],
        "waitAfterFailure": _waits(failing),
    }


def _order(effect: OrderEffect) -> dict[str, object]:
    return {
        "matters": effect.matters,
        "tried": effect.tried,
        "every": effect.every,
        "best": {"models": list(effect.best.models), "waiting": dict(effect.best.waiting)},
        "worst": {"models": list(effect.worst.models), "waiting": dict(effect.worst.waiting)},
        "bestWaits": _waits(effect.best.waiting),
        "worstWaits": _waits(effect.worst.waiting),
    }


def _waits(waiting: Mapping[str, int]) -> str:
    listed = [f"{plural('engine', count)} of {name}" for name, count in sorted(waiting.items())]
    return ", ".join(listed) or "none"


def _pool_blocks(data: Mapping[str, object], pools: Sequence[Mapping[str, object]]) -> Iterator[Block]:
    if data["unknownSizes"]:
        said = ", so the room for models there is unknown too."
        yield Sentence(
            level="warning",
            parts=["The number of nodes is not known: ", Value(path="unknownSizes"), said],
        )
    if not pools:
        if data["unknownSizes"]:
            return
        yield Sentence(parts=["The stack has no pool of GPU nodes."])
        return
    for index, pool in enumerate(pools):
        name = Value(path=f"pools[{index}].name")
        for number, _ in enumerate(cast("Sequence[object]", pool["waiting"])):
            place = f"pools[{index}].waiting[{number}]"
            yield Sentence(
                level="alarm",
                parts=[
                    *("NO ROOM: ", Value(path=f"{place}.engines", form="count"), " of the engines of "),
                    *(Value(path=f"{place}.model"), " would wait forever in pool ", name, ", because "),
                    Value(path=f"{place}.reason"),
                ],
            )
    yield _pool_table(len(pools))
    for index, pool in enumerate(pools):
        order = cast("Mapping[str, object]", pool["order"])
        if order["matters"]:
            yield _order_sentence(index, every=bool(order["every"]))


def _pool_table(count: int) -> Table:
    rows = [
        [
            Value(path=f"pools[{index}].name"),
            *(Value(path=f"pools[{index}].{key}", form="count") for key in ("nodes", "gpus", "free")),
            Value(path=f"pools[{index}].waitAfterFailure"),
        ]
        for index in range(count)
    ]
    columns = [
        Column(name="pool"),
        *(Column(name=name, numeric=True) for name in ("nodes", "GPUs", "free")),
        Column(name="would wait if one node failed"),
    ]
    return Table(title="", columns=columns, rows=rows, most=_SHOWN)


def _order_sentence(index: int, *, every: bool) -> Sentence:
    place = f"pools[{index}]"
    of = "" if every else "of those tried, "
    return Sentence(
        level="warning",
        parts=[
            *("Pool ", Value(path=f"{place}.name"), ": the order in which models arrive decides what fits. "),
            *(f"In the worst order {of}wait: ", Value(path=f"{place}.order.worstWaits"), "; in the best: "),
            *(Value(path=f"{place}.order.bestWaits"), ". The best order is "),
            *(Value(path=f"{place}.order.best.models"), "."),
        ],
    )


def _elsewhere_blocks(count: int) -> Iterator[Block]:
    for index in range(count):
        place = f"elsewhere[{index}]"
        yield Sentence(
            parts=[
                *(Value(path=f"{place}.model"), " runs on the pool ", Value(path=f"{place}.pool")),
                ", which is not in this stack, so its room is unknown.",
            ]
        )


def _speed(view: View, each: ModelSpeed) -> dict[str, object]:
    price = per_million(each, view.prices)
    found: dict[str, object] = {
        "name": each.name,
        "model": each.model,
        "pool": each.pool,
        "engines": each.engines,
        "gpus": each.gpus,
        "contextTokens": each.context_tokens,
        "load": each.load,
        "unknown": list(each.unknown),
        "outputTokensPerSecond": None,
        "firstTokenSeconds": None,
        "nextTokenSeconds": None,
        "running": None,
        "perMillionAnswerTokens": _rounded(price, 2) if price else None,
    }
    if each.speed is not None:
        found |= {
            "outputTokensPerSecond": _rounded(each.speed.output_tps, 0),
            "firstTokenSeconds": _rounded(each.speed.ttft_seconds, 2),
            "nextTokenSeconds": _rounded(each.speed.itl_seconds, 4),
            "running": round(each.speed.running, 1),
        }
    return found


def _rounded(between: Between, digits: int) -> dict[str, float]:
    return {name: round(value, digits) for name, value in asdict(between).items()}


def _speed_blocks(view: View, speeds: Sequence[Mapping[str, object]]) -> Iterator[Block]:
    if view.speeds is None:
        yield Sentence(
            parts=["The speed is unknown: the stack has no output modelSpeeds, and no stack file says it."]
        )
        return
    known = [index for index, each in enumerate(speeds) if not each["unknown"]]
    if known:
        yield Sentence(parts=["Speed of one engine with ", Value(path="loads"), ":"])
        yield _speed_table(speeds, known, view.prices.currency)
        yield Sentence(
            parts=[
                "Predicted from published measurements, with the range that the predictor believes. A price is that of "
                "GPUs that are always busy with this load: docs/throughput.md."
            ]
        )
    for index, each in enumerate(speeds):
        if each["unknown"]:
            name, why = Value(path=f"speeds[{index}].name"), Value(path=f"speeds[{index}].unknown")
            yield Sentence(parts=["The speed of ", name, " is unknown: ", why, "."])


def _speed_table(speeds: Sequence[Mapping[str, object]], known: Sequence[int], currency: str) -> Table:
    rows = [
        [
            [Value(path=f"speeds[{index}].name")],
            [
                Value(path=f"speeds[{index}].engines", form="count"),
                " x ",
                Value(path=f"speeds[{index}].gpus"),
            ],
            _span(f"speeds[{index}].outputTokensPerSecond"),
            _span(f"speeds[{index}].firstTokenSeconds"),
            _span(f"speeds[{index}].perMillionAnswerTokens")
            if speeds[index]["perMillionAnswerTokens"]
            else ["no price"],
        ]
        for index in known
    ]
    columns = [
        Column(name="model"),
        Column(name="engines x GPUs"),
        Column(name="answer tokens a second"),
        Column(name="first token, s"),
        Column(name=f"{currency} for a million"),
    ]
    return Table(title="", columns=columns, rows=rows, most=_SHOWN)


def _span(place: str) -> list[Part]:
    form = "count" if place.endswith("PerSecond") else "text"
    low, value, high = (Value(path=f"{place}.{each}", form=form) for each in ("low", "value", "high"))
    return [value, " (", low, " to ", high, ")"]
