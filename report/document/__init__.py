"""The report as data: its model, and how it is shown as text, Markdown, JSON and a page."""
