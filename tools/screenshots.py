"""`make screenshots`: docs/pictures/report-*.png, the top of prod's report on a desktop and a phone, light and dark.

They are not part of `make docs`, because another version of the browser or other fonts draw other pixels.
"""

import subprocess
import tempfile
from pathlib import Path

from tools.browser import LOOKS, Look, browser
from tools.entry import start
from tools.pictures import FOLDER
from tools.system_tools import BIN, CHROMIUM, ROOT, ensure, find, report_left_out

STACK = "prod"


def file_of(look: Look) -> Path:
    """The picture of a look."""
    return FOLDER / f"report-{look.name}.png"


def main() -> int:
    """Write the pictures. Returns 1 without a browser."""
    missing = ensure([CHROMIUM])
    program = find(CHROMIUM)
    if program is None:
        report_left_out(missing)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        command = [str(BIN / "playground"), "report", STACK, "--html", str(page)]
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        with browser(program) as tab:
            for look in LOOKS:
                tab.open(page, look)
                file_of(look).write_bytes(tab.picture(look))
    return 0


if __name__ == "__main__":
    start(main)
