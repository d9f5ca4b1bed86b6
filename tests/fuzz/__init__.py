"""Every parser that a stranger can reach, and whatever a stranger may hand to it. `bin/fuzz` runs it for long."""
