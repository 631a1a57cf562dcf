"""From the text of a stack file to settings, or to every problem in it."""
