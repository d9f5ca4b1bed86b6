"""People of one platform, and the rows by which they prove who they are."""

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letterlock.domain.platforms.models import Platform
from letterlock.foundation.kernel.identifiers import new_id


class Status(models.TextChoices):
    """What a person may do; shown beside the name on every page."""

    PROFESSIONAL = "professional", _("Professional")
    GUEST = "guest", _("Guest")
    ADMINISTRATOR = "administrator", _("Administrator")


class State(models.TextChoices):
    """How far an account has come. A pending one owns keys, and can be written to, but not signed in to."""

    PENDING = "pending"
    ACTIVE = "active"
    CLOSED = "closed"


class Retrieval(models.TextChoices):
    """Whether selecting a message opens it at once or shows its slip first."""

    AUTOMATIC = "automatic"
    ON_REQUEST = "on request"


class AccountQuerySet(models.QuerySet["Account"]):
    def of(self, platform: Platform) -> Self:
        return self.filter(platform=platform)

    def active(self) -> Self:
        return self.filter(state=State.ACTIVE)

    def locked(self) -> Self:
        """Rows that nobody else may change until the transaction ends; rows that point to them may still be added."""
        return self.select_related("platform").select_for_update(no_key=True, of=("self",))


class AccountManager(BaseUserManager["Account"].from_queryset(AccountQuerySet)):  # type: ignore[misc]  # a class made by a call
    """Django's own manager looks people up by address alone; ours goes through the platform."""


class Account(AbstractBaseUser):
    """One person on one platform. The same address elsewhere is somebody else."""

    id = models.UUIDField(primary_key=True, default=new_id)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="accounts")
    address = models.CharField(max_length=320)
    # As first written: mails go there, since case-folding may name another mailbox (straße, strasse).
    mail_address = models.CharField(max_length=320, default="", blank=True)
    name = models.CharField(max_length=64, default="", blank=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.GUEST)
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    time_zone = models.CharField(max_length=64, default="", blank=True)
    retrieval = models.CharField(max_length=16, choices=Retrieval, default=Retrieval.AUTOMATIC)
    wants_first_access_mail = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)
    renamed_at = models.DateTimeField(null=True)
    renamed_before_at = models.DateTimeField(null=True)

    last_login = None
    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "address"], name="an_address_is_one_account_of_a_platform"),
            models.CheckConstraint(
                condition=Q(state=State.PENDING) | Q(registered_at__isnull=False),
                name="an_account_in_use_was_registered",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def shown_name(self) -> str:
        """The name, or the address of somebody who has not given one."""
        return self.name or self.shown_address

    @property
    def shown_address(self) -> str:
        """The address as people write it; the normal form is for looking up."""
        return self.mail_address or self.address

    @property
    def is_pending(self) -> bool:
        return self.state == State.PENDING

    @property
    def may_write_to_anybody(self) -> bool:
        """Professionals and Administrators start messages and invite; Guests answer."""
        return self.status in {Status.PROFESSIONAL, Status.ADMINISTRATOR}


class InvitationPurpose(models.TextChoices):
    """What a link leads to."""

    REGISTER = "register", "an address proves itself by a typed code"
    SET_UP = "set up", "handed over by the operator; the first password is set without a code"


class Invitation(models.Model):
    """The way into a pending account, one for each purpose. Its token is derived from id and generation."""

    id = models.UUIDField(primary_key=True, default=new_id)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    purpose = models.CharField(max_length=16, choices=InvitationPurpose, default=InvitationPurpose.REGISTER)
    generation = models.PositiveIntegerField(default=1)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "purpose"], name="an_account_has_one_invitation_of_a_purpose"),
        ]
        indexes = [models.Index(fields=["invited_by", "invited_at"], name="invitation_by_inviter")]

    def is_open(self, *, at: datetime) -> bool:
        return self.accepted_at is None and at < self.expires_at


class ChallengePurpose(models.TextChoices):
    """What a typed code proves an address for."""

    REGISTER = "register"
    RESET = "reset"


class Challenge(models.Model):
    """A code that was sent to an address: 8 digits, 10 minutes, 5 tries, one browser. The code is derived."""

    id = models.UUIDField(primary_key=True, default=new_id)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="challenges", null=True)
    purpose = models.CharField(max_length=16, choices=ChallengePurpose)
    browser_hash = models.BinaryField()
    generation = models.PositiveIntegerField(default=1)
    tries_left = models.PositiveIntegerField(default=5)
    proposed_name = models.CharField(max_length=64, default="", blank=True)
    proposed_password = models.CharField(max_length=255, default="", blank=True)
    proposed_time_zone = models.CharField(max_length=64, default="", blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class SessionKind(models.TextChoices):
    """Which door a session belongs to; a web cookie is nothing under `/api/`."""

    WEB = "web"


class Session(models.Model):
    """A signed-in browser. The row knows only SHA-256 of the cookie's value."""

    id = models.UUIDField(primary_key=True, default=new_id)
    key_hash = models.BinaryField(unique=True, max_length=32)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions")
    kind = models.CharField(max_length=16, choices=SessionKind, default=SessionKind.WEB)
    family = models.UUIDField(default=new_id)
    scopes = models.JSONField(default=list)
    auth_methods = models.JSONField(default=list)
    client = models.CharField(max_length=120, default="", blank=True)
    created_at = models.DateTimeField()
    authenticated_at = models.DateTimeField()
    stepped_up_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-last_seen_at"], name="session_by_account")]


class Throttle(models.Model):
    """One bucket of the generic cell rate algorithm: when it will be full again."""

    key = models.CharField(max_length=80, primary_key=True)
    full_at = models.DateTimeField()


class KnownBrowser(models.Model):
    """A browser its owner has signed in with: others' failures do not lock it out."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="known_browsers")
    browser_hash = models.BinaryField(max_length=32)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "browser_hash"], name="a_browser_is_known_once")]
