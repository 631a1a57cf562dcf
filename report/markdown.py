"""The comment on a pull request, from `pulumi preview --json`: first what is lost, then the cost, then the changes."""

from collections.abc import Iterable, Mapping, Sequence

from facts.prices import PriceList
from facts.wording import plural
from report.changes import WORDS, Change, changes_of
from report.cluster_networks import as_node_pools
from report.cost import CostReport, estimate
from report.danger import FORESEEN, dangers_of, heading
from report.gpu_pools import gpu_pools
from report.layers import by_layer
from report.reach_endpoints import blocked_connections
from report.resources import Resource, as_mapping, as_number, as_sequence
from report.wording import kinds, money, signed, some, words

MARKER = "<!-- genai-playground preview of {stack} -->"
"""First line of the comment, with which the next run finds the comment and replaces it."""

MAX_CHARACTERS = 60_000
"""The most characters of a comment. GitHub refuses more than 65,536."""

MAX_ERROR_CHARACTERS = 8_000

MAX_ROWS = 40
"""The most rows of one table."""


def comment(
    digest: Mapping[str, object],
    prices: PriceList,
    *,
    stack: str,
    before: Sequence[Resource] | None = None,
) -> str:
    """The comment. `before` are the stack's existing resources, from its export. With them the comment gives the cost
    of the whole stack; without them it gives only the difference.
    """
    changes = changes_of(digest)
    errors = _errors(digest)
    # A failed preview lists only a part of the stack, so its cost would be wrong.
    parts = [
        MARKER.format(stack=stack),
        f"## Preview of `{stack}`: {'failed' if errors else _counts(changes, digest)}",
        *_warned(digest),
        *errors,
        *_dangers_table(changes),
        *([] if errors else _cost(changes, prices, before)),
        *([] if errors else _blocked(changes, before)),
        *([] if errors else _gpu_use(changes, before)),
        *_lost(changes),
        *_updated(changes),
        *_created(changes),
    ]
    return _truncated("\n\n".join(parts))


def _dangers_table(changes: Sequence[Change]) -> list[str]:
    """What the change puts at risk."""
    dangers = dangers_of(changes)
    if not dangers:
        return []
    rows = [
        (
            f"**{danger.kind}**",
            _cell(danger.resource.name),
            _cell(words(danger.resource.type)),
            _cell(danger.what),
            _cell(danger.because),
        )
        for danger in dangers
    ]
    table = _table(("", "resource", "type", "what happens", "because of"), rows)
    return [f"> [!CAUTION]\n> **Danger:** {heading(dangers)}", table]


def _counts(changes: Iterable[Change], digest: Mapping[str, object]) -> str:
    listed = list(changes)
    counts = [(word, sum(change.operation == op for change in listed)) for op, word in WORDS.items()]
    said = ", ".join(f"{count} {word}" for word, count in counts if count)
    same = as_number(as_mapping(digest.get("changeSummary")).get("same"))
    rest = f", {same:g} unchanged" if same else ""
    return (said or "no changes") + rest


def cost_change(
    changes: Sequence[Change], prices: PriceList, before: Sequence[Resource] | None = None
) -> tuple[CostReport, CostReport]:
    """The monthly cost before and after; only of the changed resources, unless `before` has all existing ones."""
    standing = {r.urn: r for r in before or ()} or {c.before.urn: c.before for c in changes if c.before}
    return estimate(standing.values(), prices), estimate(_resources_after(changes, standing).values(), prices)


def _resources_after(changes: Sequence[Change], standing: Mapping[str, Resource]) -> dict[str, Resource]:
    coming = dict(standing)
    for change in changes:
        coming.pop(change.resource.urn, None)
        if change.after:
            coming[change.after.urn] = change.after
    return coming


def _blocked(changes: Sequence[Change], before: Sequence[Resource] | None) -> list[str]:
    """Connections that are no longer possible. Empty without `before`: from a part of the stack nobody could tell."""
    if not before:
        return []
    after = _resources_after(changes, {each.urn: each for each in before}).values()
    ways = blocked_connections(as_node_pools(after))
    return ["\n".join(["### Cannot reach each other", *(f"- {way}" for way in ways)])] if ways else []


def _cost(changes: Sequence[Change], prices: PriceList, before: Sequence[Resource] | None) -> list[str]:
    if not changes and before is None:
        return []
    old, new = cost_change(changes, prices, before)
    delta = signed(new.monthly_total - old.monthly_total, new.currency)
    whole = before is not None or all(change.operation == "create" for change in changes)
    text = f"**Monthly cost:** {delta}"
    if whole:
        least = "at least " if new.at_least else ""
        text += f", {least}{money(new.monthly_total, new.currency)} in total"
    text += f" (list prices of {new.price_date}; {money(new.assumed_total, new.currency)} of it assumed"
    text += f"; {len(new.unpriced)} unpriced)" if new.unpriced else ")"
    if not new.over_budget or new.budget is None:
        return [text]
    over = f"by {money(new.over_by, new.currency)} a month: the budget is"
    return [f"> [!WARNING]\n> **Over budget** {over} {money(new.budget.amount, new.currency)}.", text]


def _gpu_use(changes: Sequence[Change], before: Sequence[Resource] | None) -> list[str]:
    """GPU pools with engines that do not fit, and pools whose use changes."""
    standing = [*(before or ()), *(change.before for change in changes if change.before)]
    held = {use.name: str(use) for use in gpu_pools(standing)}
    pools = gpu_pools(_resources_after(changes, {each.urn: each for each in standing}).values())
    waiting = [f"> **No room**: {_cell(str(use))}." for use in pools if not use.placement.fits]
    other = [
        f"**GPUs**: {_cell(str(use))}."
        for use in pools
        if use.placement.fits and held.get(use.name) != str(use)
    ]
    return [*(["\n".join(["> [!WARNING]", *waiting])] if waiting else []), *other]


def _lost(changes: Sequence[Change]) -> list[str]:
    """Resources that are deleted or replaced for their own values, one per row; then those that follow, by kind."""
    lost = [change for change in changes if change.operation in ("replace", "delete")]
    own = [
        (
            f"**{change.operation}**",
            _cell(change.resource.name),
            _cell(words(change.resource.type)),
            _paths(change.values) + (" **protected**" if change.protected else ""),
        )
        for change in lost
        if not change.follows
    ]
    kinds_following: dict[tuple[str, tuple[str, ...]], list[Change]] = {}
    for change in lost:
        if change.follows:
            kinds_following.setdefault((change.resource.type, change.properties), []).append(change)
    following = [
        (
            _cell(plural(words(token), len(found))),
            _cell(some([change.resource.name for change in found])),
            (_paths(properties) or "refers to a replaced resource")
            + (" **protected**" if any(change.protected for change in found) else ""),
        )
        for (token, properties), found in sorted(kinds_following.items(), key=lambda entry: len(entry[1]))
    ]
    return [
        *(["### Replaced or deleted", _table(("", "resource", "type", "because of"), own)] if own else []),
        *(
            ["### Replaced as a consequence", _table(("what", "resources", "because of"), following)]
            if following
            else []
        ),
    ]


def _updated(changes: Iterable[Change]) -> list[str]:
    rows = [
        (
            _cell(change.resource.name),
            _cell(words(change.resource.type)),
            _paths(change.values),
        )
        for change in changes
        if change.operation == "update"
    ]
    return ["### Updated in place", _table(("resource", "type", "properties"), rows)] if rows else []


def _created(changes: Iterable[Change]) -> list[str]:
    new = [change.resource for change in changes if change.operation in ("create", "import")]
    rows = [(noun, str(len(found)), _cell(kinds(found))) for noun, found in by_layer(new).items()]
    return ["### Created", _table(("layer", "count", "what"), rows)] if rows else []


def _errors(digest: Mapping[str, object]) -> list[str]:
    diagnostics = (as_mapping(entry) for entry in as_sequence(digest.get("diagnostics")))
    errors = [str(d.get("message", "")).strip() for d in diagnostics if d.get("severity") == "error"]
    if not errors:
        return []
    text = "\n".join(errors)[:MAX_ERROR_CHARACTERS].replace("`", "'")
    return ["### Errors", f"```text\n{text}\n```"]


def _warned(digest: Mapping[str, object]) -> list[str]:
    """The refusals of the cloud that the sandbox predicts."""
    diagnostics = (as_mapping(entry) for entry in as_sequence(digest.get("diagnostics")))
    foreseen: dict[str, list[str]] = {}
    for each in diagnostics:
        text = str(each.get("message", "")).strip().removeprefix("warning: ")
        if each.get("severity") == "warning" and FORESEEN in text:
            names = foreseen.setdefault(text, [])
            if each.get("urn"):
                names.append(str(each["urn"]).rsplit("::", 1)[-1])
    lines = [
        f"> - **{_cell(some(names))}**: {_cell(text)}" if names else f"> - {_cell(text)}"
        for text, names in foreseen.items()
    ]
    return ["\n".join(["> [!CAUTION]", *lines])] if lines else []


def _paths(paths: Iterable[str]) -> str:
    return ", ".join(f"`{_cell(path)}`" for path in paths)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + " --- |" * len(head)]
    lines += [f"| {' | '.join(row)} |" for row in rows[:MAX_ROWS]]
    text = "\n".join(lines)
    return text if len(rows) <= MAX_ROWS else f"{text}\n\nand {len(rows) - MAX_ROWS} more"


def _cell(text: str) -> str:
    """Text from a program, escaped so that it is harmless in a table of another repository."""
    for bad, good in (("\\", "\\\\"), ("|", "\\|"), ("`", "'"), ("<", "&lt;"), ("@", "@\u200b"), ("\n", " ")):
        text = text.replace(bad, good)
    return text


def _truncated(text: str) -> str:
    if len(text) <= MAX_CHARACTERS:
        return text + "\n"
    kept = text[:MAX_CHARACTERS].rsplit("\n", 1)[0]
    return f"{kept}\n\nThe rest is left out: the comment would be too long.\n"
