"""The commands of `playground`, one topic a file."""
