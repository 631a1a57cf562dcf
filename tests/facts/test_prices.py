from pathlib import Path

import pytest

from facts.prices import FOLDER, load_prices, newest
from facts.problem import InvalidInput
from facts.provider_fields import resource_tokens


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_price_file_is_named_by_its_date() -> None:
    assert load_prices().date == newest().stem
    assert newest() == max(FOLDER.glob("2026-*.yaml"))


def test_the_gpu_price_is_secondary_and_says_where_it_comes_from() -> None:
    price = load_prices().items["compute/BM.GPU.MI300X.8/gpu-hour"]
    assert (price.amount, price.unit, price.confidence) == (6.0, "gpu-hour", "secondary")
    assert "2026-07-07" in price.source


def test_no_price_claims_oracle_as_its_direct_source() -> None:
    assert {price.confidence for price in load_prices().items.values()} == {"secondary", "assumed"}


def test_every_type_in_the_file_exists_in_the_provider() -> None:
    prices = load_prices()
    tokens = resource_tokens()
    assert set(prices.by_usage) <= tokens
    for pattern in prices.free:
        assert any(prices.is_free(token) and token.startswith(pattern.rstrip("*")) for token in tokens), (
            pattern
        )


def test_an_override_replaces_single_items_and_the_date(tmp_path: Path) -> None:
    mine = write(
        tmp_path,
        "date: 2026-11-20\ncurrency: USD\nitems:\n"
        "  compute/BM.GPU.MI300X.8/gpu-hour: {amount: 4.5, source: our contract}\n",
    )
    prices = load_prices(mine)
    gpu = prices.items["compute/BM.GPU.MI300X.8/gpu-hour"]
    assert (prices.date, gpu.amount, gpu.confidence, gpu.source) == (
        "2026-11-20",
        4.5,
        "primary",
        "our contract",
    )
    assert prices.items["oke/enhanced-cluster-hour"].amount == 0.10, "what the override leaves out stays"
    assert prices.origin.startswith("mine.yaml over ")


def test_an_override_in_another_currency_replaces_all_prices(tmp_path: Path) -> None:
    mine = write(
        tmp_path, "date: 2026-11-20\ncurrency: EUR\nitems:\n  oke/enhanced-cluster-hour: {amount: 0.09}\n"
    )
    prices = load_prices(mine)
    assert prices.currency == "EUR"
    assert list(prices.items) == ["oke/enhanced-cluster-hour"], "euros and dollars can't be added"
    assert prices.is_free("oci:Core/vcn:Vcn")


def test_all_mistakes_of_an_override_are_reported_at_once_with_its_file(tmp_path: Path) -> None:
    mine = write(
        tmp_path,
        "currency: DOLLARS\nhoursPerMonth: 9000\nitem: {}\nfree: [oci:Core/vnc:Vnc]\nitems:\n"
        "  oke/enhanced-cluster-hour: {amount: cheap}\n"
        "  block-volume/gib-month: {amount: 1, confidence: sure, prize: 2}\n"
        "  block-volume/gb-month: {amount: 1}\n",
    )
    with pytest.raises(InvalidInput) as refused:
        load_prices(mine)
    assert {problem.path for problem in refused.value.problems} == {
        "date",
        "currency",
        "hoursPerMonth",
        "item",
        "free.oci:Core/vnc:Vnc",
        "items.oke/enhanced-cluster-hour.amount",
        "items.block-volume/gib-month.confidence",
        "items.block-volume/gib-month.prize",
        "items.block-volume/gb-month",
    }
    assert str(mine) in str(refused.value)
    assert "Did you mean `block-volume/gib-month`?" in str(refused.value)


@pytest.mark.parametrize(
    "amount", [".nan", ".inf", "-.inf", "-1", "true", "'6'", "null", "[6]", "1.0e308", "9e9"]
)
def test_an_invalid_amount_is_refused(tmp_path: Path, amount: str) -> None:
    item = f"items: {{oke/enhanced-cluster-hour: {{amount: {amount}}}}}"
    with pytest.raises(
        InvalidInput,
        match=r"enhanced-cluster-hour\.amount.*finite number|line 3: .*is a number that the engine cannot",
    ):
        load_prices(write(tmp_path, f"date: 2026-11-20\ncurrency: USD\n{item}\n"))


@pytest.mark.parametrize(
    "date",
    ["2999-01-01", "'2999-01-01'", "soon", "2026-02-30", "2026", "12.11.2026", "20261120", "2026-W01-1"],
)
def test_an_invalid_or_future_date_is_refused(tmp_path: Path, date: str) -> None:
    with pytest.raises(
        InvalidInput, match=r"  date: .*; must (not be in the future|be the day of the prices)"
    ):
        load_prices(write(tmp_path, f"date: {date}\ncurrency: USD\n"))


@pytest.mark.parametrize("currency", ["XXX", "usd", "BTC", "5", "no", "[USD]", "{USD: 1}"])
def test_an_unknown_currency_is_refused(tmp_path: Path, currency: str) -> None:
    with pytest.raises(InvalidInput, match=r"  currency: .*; must be an ISO 4217 code"):
        load_prices(write(tmp_path, f"date: 2026-11-20\ncurrency: {currency}\n"))


def test_every_price_has_a_date_and_none_is_newer_than_its_list() -> None:
    prices = load_prices()
    assert all("2025" < price.date <= prices.date for price in prices.items.values())
    assert all(price.source for price in prices.items.values())


def test_an_override_that_is_missing_or_not_yaml_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="does not exist"):
        load_prices(tmp_path / "none.yaml")
    with pytest.raises(InvalidInput, match="is not closed"):
        load_prices(write(tmp_path, "a: [1"))
    with pytest.raises(InvalidInput, match="date: missing"):
        load_prices(write(tmp_path, "# nothing"))


@pytest.mark.parametrize("text", ["just text", "- item", "3"])
def test_an_override_without_keys_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput, match=r"the file: .*; must be keys and values"):
        load_prices(write(tmp_path, text))
