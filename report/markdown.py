"""A pull request's comment from `pulumi preview --json`: what is lost first, then what changes, then the cost."""

from collections.abc import Iterable, Mapping, Sequence

from facts.prices import PriceList
from report.changes import WORDS, Change, changes_of
from report.cost import CostReport, estimate
from report.danger import FORESEEN, dangers_of, heading
from report.gpu_pools import gpu_pools
from report.layers import by_layer
from report.reach_places import closed_ways
from report.resources import Resource, as_mapping, as_number, as_sequence
from report.wording import kinds, money, plural, signed, some, words

MARKER = "<!-- genai-playground preview of {stack} -->"
"""First line of the comment, so that the next run finds it and replaces it."""

LONGEST = 60_000
"""Characters; GitHub refuses a comment of more than 65,536."""

LONGEST_ERRORS = 8_000

ROWS = 40
"""Of one table."""


def comment(
    digest: Mapping[str, object],
    prices: PriceList,
    *,
    stack: str,
    before: Sequence[Resource] | None = None,
) -> str:
    """The comment. `before` are the stack's resources as they stand, from its export: with them the cost is the
    whole stack's; without them only the difference can be told.
    """
    changes = changes_of(digest)
    errors = _errors(digest)
    # What a failed preview lists is as far as it came: its cost would be told of a part.
    parts = [
        MARKER.format(stack=stack),
        f"## Preview of `{stack}`: {'failed' if errors else _counts(changes, digest)}",
        *_warned(digest),
        *errors,
        *_endangered(changes),
        *([] if errors else _over(changes, prices, before)),
        *([] if errors else _closed(changes, before)),
        *([] if errors else _rooms(changes, before)),
        *_lost(changes),
        *_updated(changes),
        *_created(changes),
    ]
    return _fit("\n\n".join(parts))


def _endangered(changes: Sequence[Change]) -> list[str]:
    """What the change loses, before all else."""
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
    """The month before and after; of the changed resources only, unless all that stand now are given."""
    standing = {r.urn: r for r in before or ()} or {c.before.urn: c.before for c in changes if c.before}
    return estimate(standing.values(), prices), estimate(_coming(changes, standing).values(), prices)


def _coming(changes: Sequence[Change], standing: Mapping[str, Resource]) -> dict[str, Resource]:
    coming = dict(standing)
    for change in changes:
        coming.pop(change.resource.urn, None)
        if change.after:
            coming[change.after.urn] = change.after
    return coming


def _closed(changes: Sequence[Change], before: Sequence[Resource] | None) -> list[str]:
    """Who can no longer talk to whom, where all that stands is given: of a part nobody could say."""
    if not before:
        return []
    ways = closed_ways([*_coming(changes, {each.urn: each for each in before}).values()])
    return ["\n".join(["### Cannot reach each other", *(f"- {way}" for way in ways)])] if ways else []


def _over(changes: Sequence[Change], prices: PriceList, before: Sequence[Resource] | None) -> list[str]:
    if not changes and before is None:
        return []
    old, new = cost_change(changes, prices, before)
    delta = signed(new.monthly_total - old.monthly_total, new.currency)
    whole = before is not None or all(change.operation == "create" for change in changes)
    text = f"**Cost a month:** {delta}"
    if whole:
        least = "at least " if new.at_least else ""
        text += f", {least}{money(new.monthly_total, new.currency)} in all"
    text += f" (list prices of {new.price_date}; {money(new.assumed_total, new.currency)} of it assumed"
    text += f"; {len(new.unpriced)} unpriced)" if new.unpriced else ")"
    if not new.over_budget or new.budget is None:
        return [text]
    over = f"by {money(new.over_by, new.currency)} a month: the budget is"
    return [f"> [!WARNING]\n> **Over budget** {over} {money(new.budget.amount, new.currency)}.", text]


def _rooms(changes: Sequence[Change], before: Sequence[Resource] | None) -> list[str]:
    """GPU pools with engines that will find no place, and those whose use the changes touch."""
    standing = [*(before or ()), *(change.before for change in changes if change.before)]
    held = {use.name: str(use) for use in gpu_pools(standing)}
    pools = gpu_pools(_coming(changes, {each.urn: each for each in standing}).values())
    waiting = [f"> **No room**: {_cell(str(use))}." for use in pools if not use.placement.fits]
    other = [
        f"**GPUs**: {_cell(str(use))}."
        for use in pools
        if use.placement.fits and held.get(use.name) != str(use)
    ]
    return [*(["\n".join(["> [!WARNING]", *waiting])] if waiting else []), *other]


def _lost(changes: Sequence[Change]) -> list[str]:
    """What is deleted or replaced on its own account, one a row; then what has to follow, one kind a row."""
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
            (_paths(properties) or "stands on what is replaced")
            + (" **protected**" if any(change.protected for change in found) else ""),
        )
        for (token, properties), found in sorted(kinds_following.items(), key=lambda entry: len(entry[1]))
    ]
    return [
        *(["### Replaced or deleted", _table(("", "resource", "type", "because of"), own)] if own else []),
        *(
            ["### Replaced in consequence", _table(("what", "resources", "because of"), following)]
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
    text = "\n".join(errors)[:LONGEST_ERRORS].replace("`", "'")
    return ["### Errors", f"```text\n{text}\n```"]


def _warned(digest: Mapping[str, object]) -> list[str]:
    """What the sandbox knows that the cloud would refuse."""
    diagnostics = (as_mapping(entry) for entry in as_sequence(digest.get("diagnostics")))
    said = [str(d.get("message", "")).strip() for d in diagnostics if d.get("severity") == "warning"]
    foreseen = [_cell(text) for text in dict.fromkeys(said) if FORESEEN in text]
    return ["> [!CAUTION]\n" + "\n".join(f"> {text}" for text in foreseen)] if foreseen else []


def _paths(paths: Iterable[str]) -> str:
    return ", ".join(f"`{_cell(path)}`" for path in paths)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + " --- |" * len(head)]
    lines += [f"| {' | '.join(row)} |" for row in rows[:ROWS]]
    text = "\n".join(lines)
    return text if len(rows) <= ROWS else f"{text}\n\nand {len(rows) - ROWS} more"


def _cell(text: str) -> str:
    """Text from a program, made harmless in a table of somebody else's repository."""
    for bad, good in (("\\", "\\\\"), ("|", "\\|"), ("`", "'"), ("<", "&lt;"), ("@", "@\u200b"), ("\n", " ")):
        text = text.replace(bad, good)
    return text


def _fit(text: str) -> str:
    if len(text) <= LONGEST:
        return text + "\n"
    kept = text[:LONGEST].rsplit("\n", 1)[0]
    return f"{kept}\n\nThe rest is left out: the comment would be too long.\n"
