"""The translator for `make prove` is the one of the Envoy Gateway that the toolkit deploys."""

import re

from tools.egctl.build import MODULE, VERSION


def test_the_build_pins_the_version_of_the_chart() -> None:
    text = (MODULE / "go.mod").read_text(encoding="utf-8")
    assert re.findall(r"^\s*github\.com/envoyproxy/gateway (\S+)", text, re.MULTILINE) == [VERSION]
