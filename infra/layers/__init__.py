"""One layer a noun: the components of a stack, from settings. No layer imports another."""
