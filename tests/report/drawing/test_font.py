"""Widths of texts, from the metrics of a real font."""

import pytest

from report.drawing.font import fitted, width


def test_the_width_grows_with_the_size_and_with_bold_letters() -> None:
    assert width("pods", 12) == pytest.approx(2 * width("pods", 6))
    assert width("pods", 12, bold=True) > width("pods", 12)


def test_a_character_without_an_entry_counts_as_the_widest() -> None:
    assert width("漢", 10) > width("W", 10)


@pytest.mark.parametrize("room", [5, 20, 40, 60])
def test_a_cut_text_fits_and_says_that_it_is_cut(room: float) -> None:
    found = fitted("prod-network-loadbalancers", 12, room)
    assert found.endswith("…")
    assert width(found, 12) <= max(room, width("…", 12))


def test_a_text_that_fits_is_whole() -> None:
    assert fitted("pods", 12, width("pods", 12)) == "pods"
