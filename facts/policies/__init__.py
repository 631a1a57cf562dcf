"""OCI's policy language: its words as data, statements as values, and the checks of a statement."""

from .checks import statement_problems as statement_problems
from .conditions import All as All
from .conditions import Any as Any
from .conditions import Condition as Condition
from .conditions import Test as Test
from .grammar import Unreadable as Unreadable
from .grammar import parse_condition as parse_condition
from .grammar import parse_statement as parse_statement
from .statement import Anyone as Anyone
from .statement import DynamicGroup as DynamicGroup
from .statement import Group as Group
from .statement import Named as Named
from .statement import Place as Place
from .statement import Service as Service
from .statement import Statement as Statement
from .statement import Subject as Subject
