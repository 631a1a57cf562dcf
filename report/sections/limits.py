"""Each service limit and quota that the stack needs, against what is there."""

from collections.abc import Iterator, Mapping, Sequence

from facts.quotas import service_of, unit_of
from report.document.model import Block, Column, Part, Section, Sentence, Table, Value
from report.limits.needs import UNNAMED
from report.limits.rows import Given, Limits, Row, limits_of
from report.resources import as_mapping, as_number, as_sequence
from report.view import View

_SHOWN = 12


def limits(view: View) -> Section:
    """The section `limits`."""
    account = view.account_limits
    given = Given(account=account, settings=view.own_quotas, pool_limits=view.pool_limits)
    found = limits_of(view.after, view.before, given)
    data = _data(view, found)
    return Section(key="limits", title="Limits", data=data, blocks=[*_blocks(view, data)])


def _data(view: View, found: Limits) -> dict[str, object]:
    account = view.account_limits
    types = {each.type for each in view.after}
    return {
        "region": found.region,
        "origin": account.origin if account else None,
        "at": account.at.isoformat() if account and account.at else None,
        "rows": [_row(each, found.region) for each in found.rows],
        "notCounted": [{"name": each.name, "reason": each.reason} for each in found.counted.unknown],
        "unnamed": [word for token, word in UNNAMED.items() if token in types],
        "unknownQuotas": [*found.quotas.unknown],
        "quotasElsewhere": [*found.quotas.elsewhere],
    }


def _row(row: Row, region: str | None) -> dict[str, object]:
    least, most = row.left
    unit = unit_of(row.name)
    lowest = row.lowest
    return {
        "service": service_of(row.name),
        "limit": row.name,
        "where": _where(row.domains, region),
        "domains": [*row.domains],
        "unit": unit,
        "needs": row.needs,
        "why": row.why,
        "serviceLimit": row.there.limit,
        "quota": row.there.quota,
        "there": lowest,
        "thereBy": None if lowest is None else "quota" if lowest == row.there.quota else "limit",
        "used": row.there.used,
        "leftLeast": least,
        "leftMost": most,
        "verdict": row.verdict,
    }


def _where(domains: Sequence[str], region: str | None) -> str:
    """`region`, or `AD 1, 2` for domains of the stack's region."""
    if not domains:
        return "region"
    own = f"{(region or '').rpartition('-')[0]}-AD-".upper()
    names = [each.rpartition(":")[2].upper() for each in domains]
    if all(each.startswith(own) for each in names):
        return f"AD {', '.join(each.removeprefix(own) for each in names)}"
    return ", ".join(names).strip() or "an AD"


def _blocks(view: View, data: Mapping[str, object]) -> Iterator[Block]:
    rows = [as_mapping(each) for each in as_sequence(data["rows"])]
    for index, row in enumerate(rows):
        if row["verdict"] == "does not fit":
            yield Sentence(level="alarm", parts=["DOES NOT FIT: ", *_shortage(index, row)])
    if not rows:
        yield Sentence(parts=["The stack needs no limit that the report knows."])
    else:
        yield from _verdict(view, data, rows)
        yield _table(rows)
    yield from _not_judged(data)


def _shortage(index: int, row: Mapping[str, object]) -> list[Part]:
    at = f"rows[{index}]"
    by = "quota allows" if row["thereBy"] == "quota" else "service limit is"
    # What is in use is the reason only where the need alone would fit.
    alone = row["used"] is None or (as_number(row["needs"]) or 0) > (as_number(row["there"]) or 0)
    return [
        *(Value(path=f"{at}.limit"), " (", Value(path=f"{at}.where"), "): the stack needs "),
        *(Value(path=f"{at}.needs", form="count"), _unit(row), f", and the {by} "),
        Value(path=f"{at}.there", form="count"),
        *([] if alone else [", of which are in use ", Value(path=f"{at}.used", form="count")]),
    ]


def _verdict(view: View, data: Mapping[str, object], rows: Sequence[Mapping[str, object]]) -> Iterator[Block]:
    for index, row in enumerate(rows):
        if row["verdict"] == "may not fit":
            why = (
                "" if view.before is not None else ". With --state the report knows what of it is the stack's"
            )
            yield Sentence(level="warning", parts=["May not fit: ", *_shortage(index, row), why])
    if view.account_limits is None:
        command = f"`playground preflight {view.stack} --json`"
        yield Sentence(
            parts=[
                f"The service limits are unknown. --limits FILE reads them from {command}, or from the sandbox"
            ]
        )
    elif data["at"]:
        yield Sentence(parts=["The service limits are those of ", Value(path="at")])
    else:
        unknown = "; what is in use is unknown" if all(row["used"] is None for row in rows) else ""
        yield Sentence(parts=[f"The service limits are those of the sandbox{unknown}"])
    if all(row["verdict"] == "fits" for row in rows):
        known = "Of what is counted, all" if data["notCounted"] else "All"
        yield Sentence(parts=[f"{known} of it fits."])


def _unit(row: Mapping[str, object]) -> str:
    return "" if row["unit"] == "count" else f" {row['unit']}"


def _table(rows: Sequence[Mapping[str, object]]) -> Table:
    columns = [
        *(Column(name=name) for name in ("service and limit", "where")),
        *(Column(name=name, numeric=True) for name in ("needs", "there", "used", "left")),
    ]
    return Table(title="", columns=columns, rows=[[*_cells(*each)] for each in enumerate(rows)], most=_SHOWN)


def _cells(index: int, row: Mapping[str, object]) -> Iterator[Part | Sequence[Part]]:
    at = f"rows[{index}]"
    yield [Value(path=f"{at}.service"), " ", Value(path=f"{at}.limit")]
    yield Value(path=f"{at}.where")
    yield [Value(path=f"{at}.needs", form="count"), _unit(row)]
    if row["there"] is None:
        yield "unknown"
    else:
        yield [Value(path=f"{at}.there", form="count"), " quota" if row["thereBy"] == "quota" else ""]
    yield "unknown" if row["used"] is None else Value(path=f"{at}.used", form="count")
    least, most = (Value(path=f"{at}.left{end}", form="count") for end in ("Least", "Most"))
    if row["leftMost"] is None:
        yield "unknown"
    elif row["leftLeast"] is None:
        yield ["up to ", most]
    else:
        yield most if row["leftLeast"] == row["leftMost"] else [least, " to ", most]


def _not_judged(data: Mapping[str, object]) -> Iterator[Block]:
    for index in range(len(as_sequence(data["notCounted"]))):
        at = f"notCounted[{index}]"
        name, reason = Value(path=f"{at}.name"), Value(path=f"{at}.reason")
        yield Sentence(level="warning", parts=["Not counted: ", name, ": ", reason])
    if data["unknownQuotas"]:
        said = [". The settings' own limits count, where they have any."]
        yield Sentence(parts=["Quotas whose statements are not known: ", Value(path="unknownQuotas"), *said])
    if data["quotasElsewhere"]:
        yield Sentence(
            parts=[
                "Quotas about compartments that the report cannot tell from the stack's: ",
                Value(path="quotasElsewhere"),
            ]
        )
    if data["unnamed"]:
        unnamed = Value(path="unnamed")
        yield Sentence(
            parts=["No source names the limits of ", unnamed, ": see `oci limits definition list`"]
        )
