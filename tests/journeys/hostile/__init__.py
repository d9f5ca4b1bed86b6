"""What strangers write to break a page: in letters, subjects, names, addresses and reasons."""
