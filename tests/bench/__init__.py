"""The project's figures: what is measured, against what, and how far it is from the bound."""
