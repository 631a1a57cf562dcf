"""Every kind of page: each number is that of the JSON at its path, in all sections of all kinds of input."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from facts.prices import load_prices
from report.changes import Change, at
from report.costs.tenants import tenants_of
from report.costs.usage_file import Asked, Usage
from report.differences.sides import Side, Sides
from report.document.model import Document
from report.document.page import page
from report.document.values import formatted
from report.resources import UNKNOWN, Resource, from_recording
from report.sections import SECTIONS
from report.sections.differences import DIFFERENCES
from report.view import View
from tests.infra.snapshots import run
from tests.report.sections.test_limits import gpu_limit
from tests.support.report_page import read_page

STACK = "staging"
PRICES = load_prices()
POOL, BUCKET = "oci:ContainerEngine/nodePool:NodePool", "oci:ObjectStorage/bucket:Bucket"


def stack() -> list[Resource]:
    return from_recording(run(STACK).resources)


def unknown(value: object, known: set[str]) -> object:
    """A value as in a first preview: an OCID that will come is not known."""
    if isinstance(value, Mapping):
        return {key: unknown(each, known) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [unknown(each, known) for each in value]
    return UNKNOWN if isinstance(value, str) and value in known else value


def program() -> View:
    return View(stack=STACK, prices=PRICES, after=stack())


def first_preview() -> View:
    known = {each.id for each in stack() if each.id}
    after = [
        replace(each, id=None, inputs=unknown(each.inputs, known), outputs=unknown(each.outputs, known))
        for each in stack()
    ]
    changes = [Change(operation="create", before=None, after=each) for each in after]
    return View(stack=STACK, prices=PRICES, after=after, before=[], changes=changes)


def unchanged() -> View:
    return View(stack=STACK, prices=PRICES, after=stack(), before=stack(), changes=[])


def change() -> View:
    """A GPU pool is replaced, and the buckets go."""
    before = stack()
    gone = [each for each in before if each.type == BUCKET]
    changes = [
        *(Change(operation="delete", before=each, after=None) for each in gone),
        *(
            Change(operation="replace", before=each, after=each, properties=("nodeShape",))
            for each in before
            if each.type == POOL
        ),
    ]
    return View(
        stack=STACK,
        prices=PRICES,
        after=[each for each in before if each not in gone],
        before=before,
        changes=changes,
    )


def used() -> View:
    """With a usage file and an answer about limits."""
    asked = {
        (tenant, model): Asked(prompt_tokens=9e8, answer_tokens=7e7, requests=4e5)
        for tenant, models in tenants_of(stack()).items()
        for model in models
    }
    since = datetime(2026, 11, 1, tzinfo=UTC)
    usage = Usage(since=since, until=since + timedelta(days=7), asked=asked, busy={}, answer_weight=1)
    return replace(program(), usage=usage, account_limits=gpu_limit(8, used=4))


VIEWS: Sequence[Callable[[], View]] = (program, first_preview, unchanged, change, used)


def judge(document: Document) -> None:
    """Fails for a value that differs from the JSON at its path, and for a number without a path."""
    found = read_page(page(document))
    for each in found.values:
        assert each.text == formatted(at(found.json, each.path), each.form, document.currency), each  # pyright: ignore[reportArgumentType]
    assert [each for each in found.loose if not each.startswith("and ")] == []
    assert {*found.json} >= {section.key for section in document.sections}


@pytest.mark.parametrize("view", VIEWS, ids=lambda each: each.__name__)
def test_each_number_of_a_stack_s_page_is_that_of_the_json(view: Callable[[], View]) -> None:
    given = view()
    made = [section(given) for section in SECTIONS.values()]
    judge(Document(stack=STACK, origin="a test", currency=PRICES.currency, sections=made))


def test_each_number_of_a_comparison_s_page_is_that_of_the_json() -> None:
    resources = stack()
    first, second = (
        Side(label=label, stack=STACK, settings={"gpu": {"nodes": nodes}}, hidden="", resources=some)
        for label, nodes, some in (("before", 1, resources), ("now", 2, resources[::2]))
    )
    sides = Sides(first=first, second=second, prices=PRICES)
    made = [section(sides) for section in DIFFERENCES.values()]
    judge(Document(stack=STACK, origin="a test", currency=PRICES.currency, sections=made))
