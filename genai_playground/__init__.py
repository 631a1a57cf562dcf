"""The only top-level package of an installation. It has nothing to import.

A wheel contains the program's own folders (`facts`, `components`, …) in `genai_playground/_program`. Only this
product's own processes have that folder on their path, in first place. So folders with the same names in other programs
do not conflict with them. Other programs use the component package: docs/component-package.md.
"""
