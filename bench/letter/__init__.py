"""How fast a letter is sent, listed, read and recalled, in small and in large mailboxes, on both databases."""
