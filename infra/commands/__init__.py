"""The commands of `playground`, one file for each topic."""
