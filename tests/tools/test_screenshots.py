"""The pictures of the report's page in its documentation."""

import struct

import pytest

from tools.browser import LOOKS, Look
from tools.screenshots import file_of
from tools.system_tools import ROOT

MOST = 600_000
"""Bytes of all pictures together: every clone has them."""


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_the_page_about_the_report_shows_each_look(look: Look) -> None:
    file = file_of(look)
    shown = (ROOT / "docs" / "report.md").read_text("utf-8")
    assert f"]({file.relative_to(ROOT / 'docs')})" in shown
    assert struct.unpack(">II", file.read_bytes()[16:24]) == (look.width, look.height), "make screenshots"


def test_the_pictures_are_small() -> None:
    assert sum(file_of(look).stat().st_size for look in LOOKS) < MOST
