"""A mail catcher for the demo: takes every mail, delivers none, and shows them in the browser.

Owns: the caught mails, the SMTP server that takes them, the pages that show them.
Knows nothing of: what the mails mean.
Start reading at: `keeping`, then `pages`.
"""
