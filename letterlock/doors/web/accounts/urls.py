"""Addresses of the account pages."""

from django.urls import path

from letterlock.doors.web.accounts import challenges, invitations, preferences, resets, sessions, setups

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sessions.sign_in, name="sign-in"),
    path("sign-out/", sessions.sign_out, name="sign-out"),
    path("password/reset/", resets.ask, name="reset"),
    path("password/reset/code/", resets.prove, name="reset-code"),
    path("codes/<uuid:challenge_id>/again/", challenges.send_another, name="another-code"),
    path("invitations/<uuid:invitation_id>/<str:token>/", invitations.register, name="invitation"),
    path("invitations/<uuid:invitation_id>/<str:token>/code/", invitations.prove, name="invitation-code"),
    path("set-up/<uuid:invitation_id>/<str:token>/", setups.set_up, name="set-up"),
    path("account/", preferences.show, name="account"),
    path("account/password/", preferences.change_password, name="password"),
    path("account/sessions/<uuid:session_id>/end/", sessions.end, name="end-session"),
    path("account/sessions/end-others/", sessions.end_others, name="end-other-sessions"),
]
