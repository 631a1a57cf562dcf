"""The services of OCI: one module each, or a folder if a module would be too long.

A module contains everything about its service: how its types of resources differ (`describe`, `refers`, `waits`,
`keep_while_used`), what it refuses (`@rule`), what it computes (`@computed`) and which functions it answers
(`@function`, `finds`, `lists`). Modules in this folder are found without a list. `facts/data/oci-sentences.yaml` names
the rules that follow a sentence of the SDK's own text.
"""
