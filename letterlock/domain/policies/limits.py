"""Every number the product promises or refuses by, with its unit in its name.

The browser's own pace (saving drafts, asking what is new, scaling pictures) stands with its islands.
"""

from datetime import timedelta

from letterlock.domain.policies.throttling import Limit

_mib = 1024 * 1024

# Messages and drafts
recipients_per_message = 500
subject_characters = 255
text_bytes = 2 * _mib
pictures_per_message = 25
picture_bytes = 10 * _mib  # as chosen; the browser scales what it sends
recall_reason_characters = 1_000
pasted_addresses_characters = 100_000
suggestions_shown = 8
rows_per_page = 50

# Addresses and names (RFC 5321, section 4.5.3.1)
address_octets = 254
local_part_octets = 64
name_characters = 64

# Invitations and codes
invitation_lifetime = timedelta(days=30)
set_up_lifetime = timedelta(hours=24)
invitations_per_day = 50
code_lifetime = timedelta(minutes=10)
code_tries = 5
code_digits = 8
codes_per_question = 3
question_lifetime = timedelta(hours=1)

# Passwords
password_most_characters = 1024
hashes_at_once = 2
hash_waiting = timedelta(seconds=20)

# Sessions
session_seen_every = timedelta(minutes=1)  # how exactly "last seen" is kept
known_browsers_per_account = 20
ended_rows_kept = timedelta(days=30)

# Notices
mails_retried_for = timedelta(days=2)
recipients_told_one_by_one = 20  # above, one digest an hour
digest_every = timedelta(hours=1)

# Throttles. A successful sign-in gives back what it spent, so only failures add up.
sign_ins_for_an_address = Limit(name="address", burst=10, count=1, period=timedelta(minutes=5))
sign_ins_from_a_known_browser = Limit(name="browser", burst=10, count=1, period=timedelta(minutes=2))
sign_ins_for_an_address_from_a_network = Limit(name="address-network", burst=5, count=1, period=timedelta(minutes=1))
sign_ins_from_a_network = Limit(name="network", burst=60, count=1, period=timedelta(seconds=10))
codes_for_an_address = Limit(name="codes", burst=5, count=1, period=timedelta(minutes=10))
resets_for_an_address = Limit(name="resets", burst=10, count=1, period=timedelta(minutes=10))
resets_for_an_address_from_a_network = Limit(name="resets-both", burst=3, count=1, period=timedelta(minutes=10))
resets_from_a_known_browser = Limit(name="resets-browser", burst=3, count=1, period=timedelta(minutes=10))
codes_from_a_network = Limit(name="codes-network", burst=20, count=1, period=timedelta(minutes=2))
passwords_tried_in_a_session = Limit(name="old-password", burst=5, count=1, period=timedelta(minutes=5))
facts_of_one_reader = Limit(name="facts", burst=300, count=1, period=timedelta(seconds=30))
invitations_sent_again = Limit(name="again", burst=3, count=1, period=timedelta(hours=1))
