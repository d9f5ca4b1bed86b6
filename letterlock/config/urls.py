"""Every address of the service."""

from django.urls import URLPattern, URLResolver, include, path

from letterlock.doors.frame import branding
from letterlock.doors.web.mailbox import folders

urlpatterns: list[URLPattern | URLResolver] = [
    path("brand.css", branding.stylesheet, name="brand"),
    path("brand.svg", branding.favicon, name="favicon"),
    path("", folders.home, name="home"),
    path("", include("letterlock.doors.web.accounts.urls")),
    path("", include("letterlock.doors.web.mailbox.urls")),
]

handler400 = "letterlock.doors.frame.refusing.bad_request"
handler403 = "letterlock.doors.frame.refusing.forbidden"
handler404 = "letterlock.doors.frame.refusing.not_found"
handler500 = "letterlock.doors.frame.refusing.broken"
