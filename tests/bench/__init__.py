"""The project's performance figures. Each is measured, compared with something, and may have a bound."""
