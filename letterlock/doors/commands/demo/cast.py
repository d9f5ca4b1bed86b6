"""What `bin/demo` prints: who can sign in where, and with what."""

from letterlock.doors.commands.demo import acme, globex

password = "correct horse battery"  # noqa: S105 -- printed by the demo for everybody to read
platforms = (acme.story, globex.story)
