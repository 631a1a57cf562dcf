"""What every run of the program shares: its settings, its context, and the outputs between layers."""
