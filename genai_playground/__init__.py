"""The one top-level package that an installation brings. There is nothing in it to import.

A wheel puts the program's own folders (`facts`, `components`, …) into `genai_playground/_program`. They are on the path
of this product's own processes only, first, so that folders of the same names elsewhere neither hide them nor are
hidden by them. Other programs use the component package: docs/component-package.md.
"""
