"""How an act on a message ends: back in the folder, or on the message, with one sentence that says it is done."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import push_url, trigger_client_event

from letterlock.domain.mailbox.models import Folder
from letterlock.doors.frame.requests import SignedInRequest


def for_folder(request: SignedInRequest, folder: Folder, *, sentence: str) -> HttpResponse:
    """The folder the message was in, with nothing open."""
    if request.htmx:
        response = push_url(
            render(request, "mailbox/_nothing_open.html", {"folder_label": folder.label}),
            reverse("mailbox:folder", args=[folder.value]),
        )
        return trigger_client_event(response, "letterlock:left", {"sentence": sentence})
    messages.success(request, sentence)
    return redirect("mailbox:folder", folder.value)


def for_message(request: SignedInRequest, message_id: UUID, *, sentence: str) -> HttpResponse:
    """The message itself, as it now is."""
    messages.success(request, sentence)
    return redirect("mailbox:message", message_id)
