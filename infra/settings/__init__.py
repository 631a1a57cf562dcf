"""The settings of an environment: one module for each section. All sections are read and checked together."""

from .reading.loader import Findings as Findings
from .reading.loader import examine as examine
from .reading.loader import load as load
from .sections import SECTIONS as SECTIONS
from .sections import Settings as Settings
