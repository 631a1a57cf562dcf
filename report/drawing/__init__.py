"""Pictures of a report as SVG. Layouts are deterministic: the same data gives the same picture."""
