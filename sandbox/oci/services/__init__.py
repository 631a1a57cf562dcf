"""What is particular to one service of OCI: a module each, or a folder where one would be too long.

A module says all that is known of its service: how its types of resources differ (`describe`, `refers`, `waits`,
`held`), what it refuses (`@rule`), what it computes (`@computed`) and what it answers (`@function`, `finds`, `lists`).
A module in this folder is found without a list. Rules that follow a sentence of the SDK's own text are named in
facts/data/oci-sentences.yaml.
"""
