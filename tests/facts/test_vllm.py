import pytest

from facts.vllm import (
    REMOVED_OPTIONS,
    REQUIRED_VARIABLES,
    SERVE_OPTIONS,
    refused_variable,
)
from facts.vllm_values import field_value, wrong_value


def test_the_lists_are_complete() -> None:
    assert len(SERVE_OPTIONS) == 435, "vllm serve 0.33.0 has 435 option strings"
    assert all(option.startswith("-") for option in SERVE_OPTIONS)


def test_a_removed_option_is_not_offered_and_its_successor_is() -> None:
    for option, advice in REMOVED_OPTIONS.items():
        assert option not in SERVE_OPTIONS, option
        named = [word.strip("(),;") for word in advice.split() if word.strip("(),;").startswith("--")]
        assert set(named) <= SERVE_OPTIONS, advice


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HSA_OVERRIDE_GFX_VERSION", "11.0.0"),
        ("HSA_OVERRIDE_GFX_VERSION", "9.4.2"),
        ("VLLM_ROCM_USE_AITER_FP4BMM", "1"),
        ("VLLM_SERVER_DEV_MODE", "1"),
        ("VLLM_USE_V1", "0"),
        ("HIP_VISIBLE_DEVICES", "0"),
    ],
)
def test_a_harmful_variable_is_refused_with_a_reason(name: str, value: str) -> None:
    assert refused_variable(name, value)


@pytest.mark.parametrize(("name", "value"), [("VLLM_SERVER_DEV_MODE", "0"), ("VLLM_ROCM_USE_AITER", "1")])
def test_a_harmless_variable_passes(name: str, value: str) -> None:
    assert refused_variable(name, value) is None


def test_nothing_is_both_required_and_refused() -> None:
    for name, variable in REQUIRED_VARIABLES.items():
        assert refused_variable(name, variable.value or "1") is None


@pytest.mark.parametrize("kind", ["int", "size", "float", "json", "array"])
@pytest.mark.parametrize("value", ["1" * 5_000, "1" * 400 + "k", "[" * 60_000, "\ud800"])
def test_a_value_that_cannot_be_read_is_refused_in_words(kind: str, value: str) -> None:
    assert (wrong_value(kind, value) or "").startswith("must be ")
    assert field_value(value) == value
