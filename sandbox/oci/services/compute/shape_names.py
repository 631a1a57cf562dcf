"""Which shapes there are. Registers no rule, so that whoever imports it leaves their order alone."""

import re

from facts.shapes import find_shape

_OTHER_SHAPES = re.compile(
    r"VM\.Standard(2\.(1|2|4|8|16|24)|\.E2\.(1|2|4|8|1\.Micro)|\.E3\.Flex|\.A1\.Flex|\.A2\.Flex)"
    r"|VM\.Optimized3\.Flex|VM\.DenseIO2\.(8|16|24)|VM\.DenseIO\.E[45]\.Flex"
    r"|VM\.GPU(2\.1|3\.[124]|\.A10\.[12])"
    r"|BM\.Standard(2\.52|3\.64|\.E[2-6]\.\d+|\.A1\.160|\.A4\.48)|BM\.(DenseIO2\.52|DenseIO\.E[45]\.128|HPC2\.36)"
    r"|BM\.(Optimized3\.36|HPC\.E5\.144)"
    r"|BM\.GPU(2\.2|3\.8|4\.8|\.A10\.4|\.A100-v2\.8|\.L40S\.4|\.H100\.8|\.H100T\.8|\.H200\.8|\.B200\.8|\.B300\.8"
    r"|\.GB200\.4|\.GB300\.4|\.RTXPRO\.8)"
)
"""Shapes of OCI that this toolkit has no figures of, so that limits do not count them."""


def shape_exists(name: str) -> bool:
    """Whether OCI has a shape of this name (Oracle's compute shapes page)."""
    return find_shape(name) is not None or _OTHER_SHAPES.fullmatch(name) is not None
