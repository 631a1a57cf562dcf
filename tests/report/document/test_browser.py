"""The page of a report in a real browser: no error, no request, no sideways scrolling, no overlap, readable colours."""

import re
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from report.document.page import page
from tests.infra.commands.test_cli import invoke
from tests.report.document.test_page import HOSTILE, document
from tests.support.rendered_page import faults
from tests.support.system_tools import tool
from tools.browser import LOOKS, Look, Tab, browser
from tools.system_tools import CHROMIUM

pytestmark = pytest.mark.prove

DESKTOP, *_, PHONE = LOOKS


@pytest.fixture(scope="module")
def tab() -> Generator[Tab]:
    with browser(tool(CHROMIUM.name)) as opened:
        yield opened


@pytest.fixture(scope="module")
def prod(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("page") / "report.html"
    assert invoke("report", "prod", "--html", str(file)).exit_code == 0
    return file.read_text("utf-8")


def in_browser(tab: Tab, text: str, folder: Path, look: Look) -> list[str]:
    file = folder / "report.html"
    file.write_text(text, "utf-8")
    return faults(tab, file, look)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_the_page_of_prod_has_no_fault(tab: Tab, prod: str, look: Look, tmp_path: Path) -> None:
    assert in_browser(tab, prod, tmp_path, look) == []


@pytest.mark.parametrize("look", [DESKTOP, PHONE], ids=lambda look: look.name)
def test_a_page_with_long_and_hostile_names_has_no_fault(tab: Tab, look: Look, tmp_path: Path) -> None:
    assert in_browser(tab, page(document(name=HOSTILE + "x" * 300)), tmp_path, look) == []


def added(text: str) -> Callable[[str], str]:
    return lambda page: page.replace("</main>", f"{text}</main>")


def unguarded(text: str) -> Callable[[str], str]:
    """Added to a page without its Content-Security-Policy."""
    return lambda page: re.sub(r"<meta http-equiv[^>]*>", "", added(text)(page))


def recoloured(page: str) -> str:
    return re.sub(r"--soft: #[0-9a-f]+", "--soft: #b5bcc4", re.sub("<meta http-equiv[^>]*>", "", page))


def drawn(*labels: str) -> Callable[[str], str]:
    """With labels in the picture."""
    texts = "".join(labels)
    return lambda page: re.sub(
        r"(<svg class=\"picture\".*?)</svg>", rf"\1{texts}</svg>", page, flags=re.DOTALL
    )


@pytest.mark.parametrize(
    ("look", "change", "fault"),
    [
        (DESKTOP, added('<img src="http://127.0.0.1:9/a.png" alt="">'), "log: .*violates"),
        (DESKTOP, unguarded('<img src="http://127.0.0.1:9/a.png" alt="">'), r"request: http://127\.0\.0\.1:9/a\.png"),
        (DESKTOP, added("<script>1</script>"), "log: .*violates"),
        (DESKTOP, unguarded("<script>nothing()</script>"), "exception: ReferenceError: nothing"),
        (DESKTOP, unguarded("<script>console.error(1)</script>"), "console: "),
        (DESKTOP, drawn('<text x="30" y="30">one</text>', '<text x="34" y="33">two</text>'), "'one' overlaps 'two'"),
        (DESKTOP, drawn('<text x="1220" y="300">a long name</text>'), "'a long name' leaves its box"),
        (DESKTOP, recoloured, r"contrast 1\.\d of rgb\(181, 188, 196\) on"),
        (PHONE, added('<svg width="400" height="9"></svg>'), "4.. pixels wide in 390"),
    ],
)  # fmt: skip
def test_each_fault_is_found(
    tab: Tab, prod: str, look: Look, change: Callable[[str], str], fault: str, *, tmp_path: Path
) -> None:
    found = in_browser(tab, change(prod), tmp_path, look)
    assert any(re.match(fault, each) for each in found), found
