"""Addresses of the mailbox: nouns, and verbs that became nouns."""

from django.urls import URLPattern, URLResolver, include, path

from letterlock.doors.web.mailbox import (
    changes,
    codes,
    folders,
    helping,
    messages,
    moves,
    notices,
    openings,
    printings,
    recalls,
    replies,
    slips,
)

app_name = "mailbox"

of_a_message: list[URLPattern | URLResolver] = [
    path("", messages.message, name="message"),
    path("openings/", openings.openings, name="openings"),
    path("printings/", printings.printings, name="printings"),
    path("slip/", slips.slip, name="slip"),
    path("slip/file/", slips.file, name="export"),
    path("history/", slips.history, name="history"),
    path("moves/", moves.moves, name="moves"),
    path("marks/", moves.marks, name="marks"),
    path("deletion/", moves.deletion, name="deletion"),
    path("recall/", recalls.recall, name="recall"),
    path("replies/", replies.replies, name="replies"),
    path("people/<uuid:participation_id>/invitation/", helping.invitation, name="resend"),
    path("people/<uuid:participation_id>/address/", helping.address, name="correct"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("folders/", folders.counts, name="counts"),
    path("folders/<str:folder>/", folders.folder, name="folder"),
    path("messages/<uuid:message_id>/", include(of_a_message)),
    path("changes/", changes.changes, name="changes"),
    path("notices/", notices.notices, name="notices"),
    path("codes/", codes.code, name="code"),
    path("", include("letterlock.doors.web.mailbox.composing_urls")),
]
