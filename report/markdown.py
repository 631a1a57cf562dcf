"""The comment on a pull request, from `pulumi preview --json`: first what is lost, then the cost, then the changes."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from facts.prices import PriceList
from facts.wording import plural
from report.changes import WORDS, Change, changes_of
from report.cost import CostReport, estimate
from report.danger import FORESEEN, dangers_of, heading
from report.document.markdown import alarms, cell, sections, table, truncated
from report.document.model import Document
from report.engine_json import errors_of
from report.gpu_pools import gpu_pools
from report.layers import by_layer
from report.resources import Resource, as_mapping, as_number, as_sequence
from report.sections.cost import cost
from report.sections.moved import reach_moved, rights_moved
from report.view import View
from report.wording import kinds, signed, some, words

MARKER = "<!-- genai-playground preview of {stack} -->"
"""First line of the comment, with which the next run finds the comment and replaces it."""

MAX_ERROR_CHARACTERS = 8_000


def comment(
    digest: Mapping[str, object],
    prices: PriceList,
    *,
    stack: str,
    before: Sequence[Resource] | None = None,
    referred: Callable[[View], View] = lambda view: view,
) -> str:
    """The comment. `before` are the stack's existing resources, from its export. With them the comment gives the cost
    of the whole stack; without them it gives only the difference. `referred` adds what new resources refer to.
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
        *([] if errors else _report(changes, prices, before, stack, referred)),
        *([] if errors else _gpu_use(changes, before)),
        *_lost(changes),
        *_updated(changes),
        *_created(changes),
    ]
    return truncated("\n\n".join(parts))


def _dangers_table(changes: Sequence[Change]) -> list[str]:
    """What the change puts at risk."""
    dangers = dangers_of(changes)
    if not dangers:
        return []
    rows = [
        (
            f"**{danger.kind}**",
            cell(danger.resource.name),
            cell(words(danger.resource.type)),
            cell(danger.what),
            cell(danger.because),
        )
        for danger in dangers
    ]
    head = ("", "resource", "type", "what happens", "because of")
    return [f"> [!CAUTION]\n> **Danger:** {heading(dangers)}", table(head, rows)]


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


def _report(
    changes: Sequence[Change],
    prices: PriceList,
    before: Sequence[Resource] | None,
    stack: str,
    referred: Callable[[View], View],
) -> list[str]:
    """The report's sections on cost, and on the ways and rights that change, if the whole stack is known. Otherwise
    what the change adds to the cost: from a part of the stack nobody could tell more."""
    whole = before is not None or all(change.operation == "create" for change in changes)
    if not changes and before is None:
        return []
    if not whole:
        old, new = cost_change(changes, prices, before)
        delta = signed(new.monthly_total - old.monthly_total, new.currency)
        return [f"**Monthly cost:** {delta} (list prices of {new.price_date})"]
    standing = {each.urn: each for each in before or ()}
    view = View(
        stack=stack,
        prices=prices,
        after=[*_resources_after(changes, standing).values()],
        before=[*standing.values()],
        changes=changes,
    )
    if before:
        view = referred(view)
    document = Document(
        stack=stack,
        origin="",
        currency=prices.currency,
        sections=[cost(view), *([reach_moved(view), rights_moved(view)] if before else [])],
    )
    return [*alarms(document), *sections(document)]


def _gpu_use(changes: Sequence[Change], before: Sequence[Resource] | None) -> list[str]:
    """GPU pools with engines that do not fit, and pools whose use changes."""
    standing = [*(before or ()), *(change.before for change in changes if change.before)]
    held = {use.name: str(use) for use in gpu_pools(standing)}
    pools = gpu_pools(_resources_after(changes, {each.urn: each for each in standing}).values())
    waiting = [f"> **No room**: {cell(str(use))}." for use in pools if not use.placement.fits]
    other = [
        f"**GPUs**: {cell(str(use))}."
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
            cell(change.resource.name),
            cell(words(change.resource.type)),
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
            cell(plural(words(token), len(found))),
            cell(some([change.resource.name for change in found])),
            (_paths(properties) or "refers to a replaced resource")
            + (" **protected**" if any(change.protected for change in found) else ""),
        )
        for (token, properties), found in sorted(kinds_following.items(), key=lambda entry: len(entry[1]))
    ]
    return [
        *(["### Replaced or deleted", table(("", "resource", "type", "because of"), own)] if own else []),
        *(
            ["### Replaced as a consequence", table(("what", "resources", "because of"), following)]
            if following
            else []
        ),
    ]


def _updated(changes: Iterable[Change]) -> list[str]:
    rows = [
        (
            cell(change.resource.name),
            cell(words(change.resource.type)),
            _paths(change.values),
        )
        for change in changes
        if change.operation == "update"
    ]
    return ["### Updated in place", table(("resource", "type", "properties"), rows)] if rows else []


def _created(changes: Iterable[Change]) -> list[str]:
    new = [change.resource for change in changes if change.operation in ("create", "import")]
    rows = [(noun, str(len(found)), cell(kinds(found))) for noun, found in by_layer(new).items()]
    return ["### Created", table(("layer", "count", "what"), rows)] if rows else []


def _errors(digest: Mapping[str, object]) -> list[str]:
    errors = errors_of(digest)
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
        f"> - **{cell(some(names))}**: {cell(text)}" if names else f"> - {cell(text)}"
        for text, names in foreseen.items()
    ]
    return ["\n".join(["> [!CAUTION]", *lines])] if lines else []


def _paths(paths: Iterable[str]) -> str:
    return ", ".join(f"`{cell(path)}`" for path in paths)
