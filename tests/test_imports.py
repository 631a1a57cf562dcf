"""Imports between modules."""

from graphlib import TopologicalSorter

import grimp

PACKAGES = ("facts", "components", "serving", "report", "infra", "sandbox", "policies", "tools")


def test_there_are_no_import_cycles() -> None:
    graph = grimp.build_graph(PACKAGES[0], *PACKAGES[1:], exclude_type_checking_imports=False, cache_dir=None)
    imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imported).prepare()  # raises CycleError with the cycle
