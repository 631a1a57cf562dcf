"""What differs between two stacks, or between two moments of one: pure functions of two sides."""
