"""Each field of each component's arguments, spoilt with values of wrong types: InvalidInput, and no traceback."""

import asyncio
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin
from unittest.mock import patch

import pulumi
import pytest
from pydantic.alias_generators import to_camel

from components.governance.budget import Budget, BudgetArgs
from facts.checked_args import CheckedArgs, args_class, field_types, wrong_types
from facts.problem import InvalidInput
from infra.package.classes import components

WRONG: tuple[Any, ...] = (
    None, True, 7, 0.5, float("nan"), "", "80", b"x", [], ["x"], [None], [7], {}, {"x": "y"}, {"x": None}, {7: "x"},
    object(),
)  # fmt: skip

COMPONENTS = components()


def optional(annotation: Any) -> bool:
    return NoneType in get_args(annotation)


def plain(annotation: Any) -> Any:
    """The first type of a union that is a value, not an output."""
    if get_origin(annotation) not in (Union, UnionType):
        return annotation
    return next(
        each for each in get_args(annotation) if each is not NoneType and not isinstance(each, ForwardRef)
    )


def sample(annotation: Any) -> Any:
    """A value of a type."""
    kind = plain(annotation)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return kind(**{name: sample(each) for name, each in field_types(kind).items() if not optional(each)})
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is Mapping:
        return {"one": sample(get_args(kind)[1])}
    if get_origin(kind) is Sequence:
        return [sample(get_args(kind)[0])]
    return {bool: False, int: 1, float: 0.5, str: "x"}.get(kind, "x")


def judged(kind: Any, value: object) -> bool:
    """Whether a value has a type, by a rule of its own: the exact class of a simple value, and the parts of others."""
    if kind in (Any, object):
        return True
    if get_origin(kind) in (Union, UnionType):
        options = [each for each in get_args(kind) if not isinstance(each, ForwardRef)]
        return any(
            judged(each, value) for each in options if getattr(each, "__origin__", None) is not Awaiting
        )
    if get_origin(kind) is Mapping:
        return isinstance(value, dict) and all(
            type(key) is str and judged(get_args(kind)[1], each) for key, each in value.items()
        )
    if get_origin(kind) is Sequence:
        return type(value) is list and all(judged(get_args(kind)[0], each) for each in value)
    if kind is float:
        return value == 0.5 or (type(value) is int)
    return type(value) is kind


Awaiting = get_origin(
    next(each for each in get_args(pulumi.Input[str]) if get_origin(each) not in (None, str))
)


def spoilt(args: Any) -> Iterator[tuple[str, Any]]:
    """The path of each field, in those of other dataclasses too, and the arguments with a wrong value there."""
    for name, annotation in field_types(type(args)).items():
        for wrong in WRONG:
            if not judged(annotation, wrong):
                yield to_camel(name), dataclasses.replace(args, **{name: wrong})
        kind = plain(annotation)
        inner = get_args(kind)[-1] if get_origin(kind) in (Mapping, Sequence) else kind
        if isinstance(inner, type) and dataclasses.is_dataclass(inner):
            for below, part in spoilt(sample(inner)):
                held: Any = part
                at = f"{to_camel(name)}.{below}"
                if get_origin(kind) is Mapping:
                    held, at = {"one": part}, f"{to_camel(name)}.one.{below}"
                elif get_origin(kind) is Sequence:
                    held, at = [part], f"{to_camel(name)}[0].{below}"
                yield at, dataclasses.replace(args, **{name: held})


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda each: each.__name__)
def test_a_value_of_a_wrong_type_is_named(component: Any):
    args = sample(args_class(component))
    assert not [*wrong_types(type(args), args, path="it")]
    cases = [*spoilt(args)]
    assert len(cases) > len(field_types(type(args)))
    for at, wrong in cases:
        with pytest.raises(InvalidInput) as refused:
            component("it", wrong)
        (path,) = {each.path.split("[")[0] if "[" not in at else each.path for each in refused.value.problems}
        assert f"it.{at}" == path or path.startswith((f"it.{at}.", f"it.{at}[")), (at, path)


class _Passed(Exception):  # noqa: N818  it is none
    """The component refused nothing."""


def odd(kind: Any) -> Sequence[Any]:
    """Values of a type that a rule may not expect."""
    if get_origin(kind) is Sequence:
        item = sample(get_args(kind)[0])
        return ([], [item, item], *([each] for each in odd(plain(get_args(kind)[0]))))
    if get_origin(kind) is Mapping:
        return ({}, *({"": each} for each in odd(plain(get_args(kind)[1]))))
    whole = (-1, 0, 10**30)
    return {
        int: whole,
        float: (*whole, -0.5, 1e300),
        str: ("", " ", "\n", "x.y", "Ü" * 5000),
        bool: (True,),
    }.get(kind, ())


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda each: each.__name__)
def test_an_odd_value_of_the_right_type_ends_without_a_traceback(component: Any):
    kind = args_class(component)
    given = {name: sample(each) for name, each in field_types(kind).items()}
    required = {name: each for name, each in given.items() if not optional(field_types(kind)[name])}
    cases = [given, required]
    for name, annotation in field_types(kind).items():
        cases += [{**required, name: each} for each in odd(plain(annotation))]
    with patch.object(pulumi.ComponentResource, "__init__", side_effect=_Passed):
        for case in cases:
            with pytest.raises((InvalidInput, _Passed)):
                component("it", kind(**case))


@pytest.mark.parametrize("args", [None, {}, {"tenancy_id": "t"}, "x", BudgetArgs])
def test_other_things_than_arguments_are_named(args: Any):
    with pytest.raises(InvalidInput, match=r"1 problem in Budget it:\n  it: .*; must be BudgetArgs"):
        Budget("it", args)


def test_every_component_checks_its_arguments():
    assert not [each.__name__ for each in COMPONENTS if not issubclass(each, CheckedArgs)]


def test_an_output_is_only_accepted_where_an_input_may_be_one():
    async def found() -> list[str]:
        later: Any = pulumi.Output.from_input("x")
        args = BudgetArgs(
            tenancy_id=later,
            target_compartment_id="c",
            budget_name="b",
            monthly_amount=later,
            tags={"a": later},
        )
        return [str(each) for each in wrong_types(BudgetArgs, args, path="it")]

    # Outputs need an event loop.
    assert asyncio.run(found()) == [
        "it.monthlyAmount: an output; must be a whole number. It decides what is created, so it must be known before"
        " the run"
    ]
