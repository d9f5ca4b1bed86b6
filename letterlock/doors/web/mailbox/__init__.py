"""Pages of the mailbox: folders, messages with their slips, drafts."""
