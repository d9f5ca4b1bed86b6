"""What people type on the account pages: checked here, saved elsewhere.

Passwords and names are judged by the verbs, which refuse with a sentence; `answers` puts it beside the field.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Retrieval

address_needed = _("Please enter your e-mail address.")
name_needed = _("Please enter your name, so that people know who writes.")


def _password(needed: Any) -> forms.CharField:
    return forms.CharField(max_length=2_000, strip=False, error_messages={"required": needed})


class SignInForm(forms.Form):
    """An address is not judged here: whether it is well formed must not change the answer."""

    address = forms.CharField(max_length=400, error_messages={"required": address_needed})
    password = _password(_("Please enter your password."))


class ForgottenForm(forms.Form):
    """Whose password is forgotten."""

    address = forms.CharField(max_length=400, error_messages={"required": address_needed})


class CodeForm(forms.Form):
    """Eight digits as people type them: spaces and dashes are forgiven."""

    code = forms.CharField(max_length=40, error_messages={"required": _("Please enter the code from the mail.")})

    def clean_code(self) -> str:
        digits = re.sub(r"[\s\-–]", "", self.cleaned_data["code"])
        if not re.fullmatch(r"[0-9]{8}", digits):
            raise ValidationError(_("The code has eight digits. Please look into the mail again."))
        return digits


class ResetForm(CodeForm):
    """The code, and the password it buys."""

    password = _password(_("Please choose a new password of at least 12 characters."))


class SetUpForm(forms.Form):
    """Who somebody is, and the password they will sign in with."""

    name = forms.CharField(max_length=200, error_messages={"required": name_needed})
    password = _password(_("Please choose a password of at least 12 characters."))


class RegistrationForm(SetUpForm):
    """The same for a guest, who agrees to the terms."""

    terms = forms.BooleanField(error_messages={"required": _("Please agree to the terms to register.")})


class PreferencesForm(forms.Form):
    """How somebody is named, and how the pages behave for them."""

    name = forms.CharField(max_length=200, error_messages={"required": name_needed})
    time_zone = forms.CharField(max_length=64, required=False)
    retrieval = forms.ChoiceField(choices=Retrieval.choices)
    wants_first_access_mail = forms.BooleanField(required=False)


class PasswordForm(forms.Form):
    """The password in use, and the one to come."""

    old = _password(_("Please enter the password you use now."))
    new = _password(_("Please choose a new password of at least 12 characters."))
