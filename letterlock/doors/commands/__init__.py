"""What operators type: each command translates its words into one domain call."""
