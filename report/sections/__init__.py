"""The sections of a report, in their order. Each is a pure function from a view to a section."""

from collections.abc import Callable, Mapping

from report.document.model import Section
from report.sections.architecture import architecture
from report.sections.cost import cost
from report.sections.data_at_risk import data_at_risk
from report.sections.limits import limits
from report.sections.models import models
from report.sections.reach import reach
from report.sections.rights import rights
from report.view import View

SECTIONS: Mapping[str, Callable[[View], Section]] = {
    "dataAtRisk": data_at_risk,
    "cost": cost,
    "limits": limits,
    "models": models,
    "reach": reach,
    "rights": rights,
    "architecture": architecture,
}
"""By the key of the section."""
