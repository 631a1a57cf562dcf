"""The list of names that vulture ignores contains only names that vulture would report."""

import re
import subprocess
import tomllib

from tools.system_tools import BIN, ROOT


def test_no_ignored_name_is_used_again():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["vulture"]
    command = [str(BIN / "vulture"), "--ignore-names", "nothing"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    reported = set(re.findall(r"unused \w+ '(\w+)'", done.stdout))
    assert reported
    assert set(settings["ignore_names"]) <= reported
