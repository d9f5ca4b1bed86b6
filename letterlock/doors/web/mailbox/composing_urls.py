"""Addresses of writing; `urls` includes them in the namespace `mailbox`."""

from django.urls import path

from letterlock.doors.web.mailbox import drafts, people, pictures, sendings

urlpatterns = [
    path("drafts/", drafts.start, name="drafts"),
    path("drafts/<uuid:draft_id>/", drafts.draft, name="draft"),
    path("drafts/<uuid:draft_id>/copy/", drafts.copy, name="copy"),
    path("drafts/<uuid:draft_id>/discard/", drafts.discard, name="discard"),
    path("drafts/<uuid:draft_id>/recipients/", people.check, name="recipients"),
    path("drafts/<uuid:draft_id>/pictures/", pictures.add, name="pictures"),
    path("drafts/<uuid:draft_id>/pictures/<uuid:reference>/", pictures.show, name="picture"),
    path("drafts/<uuid:draft_id>/sending/", sendings.send, name="sending"),
    path("people/", people.complete, name="people"),
]
