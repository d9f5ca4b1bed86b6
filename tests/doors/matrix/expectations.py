"""The table: what each person gets of each address. Whoever is in no row finds nothing, or is asked to sign in.

A GET row speaks for HEAD as well. Every method that has no row is refused to everybody with 405, and a form without
its token with 403. See `rows` for the words, `world` for the things.
"""

from tests.doors.matrix.rows import Row, inside, on_acme, private, professionals, public, signed_in, signed_out

throttle = "default.accounts_throttle"
challenge = "default.accounts_challenge"
letters = ("a message", "a recalled message", "an expired message")
purged = "a message To deleted for good"
in_trash, unopened = "a message in everybody's Trash", "a message nobody has opened"
without_to = ("sender", "cc", "bcc")
#: Pages that answer no HEAD: asked by our own scripts alone.
without_head = {"mailbox:changes"}

#: Wrong on purpose: these tries must fail, and be counted.
wrong_code, wrong_password = "0000", "not the password of anybody"
draft_form = {"version": "$version", "subject": "Changed", "to": "carol@acme.example"}

frame = [
    public("brand", "-", "GET", shows=(*signed_in, *signed_out)),
    public("favicon", "-", "GET", shows=(*signed_in, *signed_out)),
    private("home", "-", "GET", leads=signed_in),
]

coming_in = [
    public("accounts:sign-in", "-", "GET", shows=(*signed_in, *signed_out)),
    public(
        "accounts:sign-in", "-", "POST", given={"address": "bob@client.example", "password": wrong_password},
        invalid=(*signed_in, *signed_out), costs=(throttle,),
    ),
    private("accounts:sign-out", "-", "POST", does=signed_in),
    public("accounts:reset", "-", "GET", shows=(*signed_in, *signed_out)),
    public(
        "accounts:reset", "-", "POST", given={"address": "nobody.at.all@client.example"},
        does=(*signed_in, *signed_out),
    ),
    public("accounts:reset-code", "a reset code of To's browser", "GET", shows=(*signed_in, *signed_out)),
    public(
        "accounts:reset-code", "a reset code of To's browser", "POST",
        given={"code": "$code", "password": "another goose on granite"},
        gone=(*signed_in, *signed_out), does=("to",),
    ),
    public(
        "accounts:another-code", "a reset code of To's browser", "POST", gone=(*signed_in, *signed_out), does=("to",)
    ),
]  # fmt: skip

invitations = [
    public("accounts:invitation", "an invitation", "GET", conflict=on_acme, shows=signed_out),
    public("accounts:invitation", "a lapsed invitation", "GET", conflict=on_acme, gone=signed_out),
    public("accounts:invitation", "a used invitation", "GET", conflict=on_acme),
    public("accounts:invitation", "a set-up link", "GET"),
    public(
        "accounts:invitation", "an invitation", "POST", conflict=on_acme, does=signed_out,
        given={"name": "Gil", "password": "a few plain words", "terms": "on"},
    ),
    public("accounts:invitation-code", "an invitation", "GET", conflict=on_acme, shows=signed_out),
    public(
        "accounts:invitation-code", "an invitation", "POST", given={"code": "$code"},
        conflict=on_acme, gone=("nobody",), does=("invited",),
    ),
    public("accounts:set-up", "a set-up link", "GET", conflict=on_acme, shows=signed_out),
    public("accounts:set-up", "an invitation", "GET"),
    public(
        "accounts:set-up", "a set-up link", "POST", conflict=(*on_acme, "nobody"), does=("invited",), once=True,
        given={"name": "Sven", "password": "a few plain words"},
    ),
]  # fmt: skip

account = [
    private("accounts:account", "-", "GET", shows=signed_in),
    private(
        "accounts:account", "-", "POST", does=signed_in,
        given={"name": "Somebody Else", "time_zone": "UTC", "retrieval": "on request"},
    ),
    private(
        "accounts:password", "-", "POST", given={"old": wrong_password, "new": "a few plain words"},
        invalid=signed_in, costs=(throttle,),
    ),
    private("accounts:end-session", "another session of the sender", "POST", does=("sender",)),
    private("accounts:end-other-sessions", "-", "POST", does=("sender",), leads=signed_in[1:]),
]  # fmt: skip

folders = [
    private("mailbox:counts", "-", "GET", shows=signed_in),
    private("mailbox:folder", "the Inbox", "GET", shows=signed_in),
    private("mailbox:changes", "-", "GET", shows=signed_in),
    private("mailbox:notices", "-", "GET", shows=signed_in),
    private("mailbox:notices", "-", "POST", shows=signed_in),
    private("mailbox:code", "a message", "GET", leads=inside),
    private("mailbox:code", purged, "GET", leads=without_to),
    private("mailbox:people", "-", "GET", shows=signed_in),
]

reading = [
    *(private("mailbox:message", thing, "GET", shows=inside) for thing in letters),
    private("mailbox:message", purged, "GET", shows=without_to),
    private("mailbox:openings", "a message", "POST", given={"view": "letter"}, does=inside),
    private(
        "mailbox:openings", "a recalled message", "POST", given={"view": "letter"},
        does=("sender",), gone=("to", "cc", "bcc"),
    ),
    private("mailbox:openings", "an expired message", "POST", given={"view": "letter"}, gone=inside),
    private("mailbox:openings", purged, "POST", given={"view": "letter"}, does=without_to),
    private("mailbox:printings", "a message", "POST", does=("sender",), conflict=("to", "cc", "bcc")),
    private("mailbox:printings", "a recalled message", "POST", does=("sender",), gone=("to", "cc", "bcc")),
    private("mailbox:printings", "an expired message", "POST", gone=inside),
    private("mailbox:printings", purged, "POST", does=("sender",), conflict=("cc", "bcc")),
    private("mailbox:slip", "a message", "GET", shows=inside),
    private("mailbox:slip", "a recalled message", "GET", shows=inside),
    private("mailbox:slip", purged, "GET", shows=without_to),
    private("mailbox:slip", unopened, "GET", shows=("sender",), conflict=("to", "cc", "bcc")),
    private("mailbox:history", "a message", "GET", shows=inside),
    private("mailbox:history", unopened, "GET", shows=("sender",), conflict=("to", "cc", "bcc")),
    private("mailbox:history", purged, "GET", shows=without_to),
    *(private("mailbox:export", thing, "GET", shows=("sender",)) for thing in (*letters, purged)),
]  # fmt: skip

ordering = [
    private("mailbox:moves", "a message", "POST", given={"folder": "archive"}, does=inside),
    private("mailbox:moves", purged, "POST", given={"folder": "archive"}, does=without_to),
    private("mailbox:marks", "a message", "POST", does=inside, invalid=("sender",)),
    private("mailbox:marks", purged, "POST", does=("cc", "bcc"), invalid=("sender",)),
    private("mailbox:deletion", "a message", "GET", shows=inside),
    private("mailbox:deletion", "a message", "POST", conflict=inside),
    private("mailbox:deletion", in_trash, "POST", does=inside),
    private("mailbox:deletion", purged, "POST", conflict=without_to),
]

taking_back = [
    private("mailbox:recall", "a message", "GET", shows=("sender",)),
    private("mailbox:recall", unopened, "GET", shows=("sender",)),
    private("mailbox:recall", "a message", "POST", does=("sender",)),
    private("mailbox:recall", "a recalled message", "POST", conflict=("sender",)),
    private("mailbox:recall", "an expired message", "POST", conflict=("sender",)),
    private("mailbox:resend", "a message", "POST", does=("sender",)),
    private("mailbox:correct", "a message", "GET", shows=("sender",)),
    private("mailbox:correct", "a message", "POST", given={"address": "ivy@client.example"}, does=("sender",)),
]

answering = [
    private("mailbox:replies", "a message", "POST", does=inside),
    private("mailbox:replies", "a recalled message", "POST", gone=inside),
    private("mailbox:replies", "an expired message", "POST", gone=inside),
    private("mailbox:replies", purged, "POST", does=without_to),
]

writing = [
    private(
        "mailbox:drafts", "-", "POST", does=professionals, forbidden=("to", "cc", "removed", "namesake")
    ),
    private("mailbox:draft", "a draft", "GET", shows=("sender",)),
    private("mailbox:draft", "a draft", "POST", given=draft_form, does=("sender",)),
    private("mailbox:copy", "a draft", "POST", given=draft_form, does=("sender",)),
    private("mailbox:discard", "a draft", "GET", shows=("sender",)),
    private("mailbox:discard", "a draft", "POST", does=("sender",)),
    private("mailbox:recipients", "a draft", "POST", given={"to": "bob@client.example"}, shows=("sender",)),
    private("mailbox:pictures", "a draft", "POST", given={"picture": "$file"}, does=("sender",)),
    private("mailbox:picture", "a draft", "GET", shows=("sender",)),
    private(
        "mailbox:sending", "a draft", "POST", does=("sender",),
        given={"version": "$version", "idempotency_key": "$key"},
    ),
    private(
        "mailbox:sending", "a draft to somebody new", "POST", shows=("sender",),
        given={"version": "$version", "idempotency_key": "$key"},
    ),
]  # fmt: skip

table: list[Row] = [
    *frame, *coming_in, *invitations, *account, *folders, *reading, *ordering, *taking_back, *answering, *writing,
]  # fmt: skip
