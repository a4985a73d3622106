"""Tables of people and organisations. docs/data.md says why each is kept, and for how long."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from vdx.accounts.enums import Language, LinkPurpose, OrganisationKind, Role
from vdx.lib import clock

if TYPE_CHECKING:
    from datetime import datetime


class Organisation(models.Model):
    """A node of the tree region -> practice -> unit, known outside by its code.

    Code and name have the limits of the organisation service; the code may hold a slash.
    """

    code = models.CharField(_("kode"), max_length=250, unique=True)
    name = models.CharField(_("navn"), max_length=100)
    kind = models.CharField(_("art"), max_length=20, choices=OrganisationKind, blank=True, default="")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("hører under")
    )
    ydernummer = models.CharField(
        _("ydernummer"), max_length=6, blank=True, default="", validators=[RegexValidator(r"^\d{1,6}$")]
    )
    sor_code = models.CharField(
        _("SOR-kode"), max_length=20, blank=True, default="", validators=[RegexValidator(r"^\d{1,20}$")]
    )
    phone = models.CharField(_("telefon"), max_length=20, blank=True, default="", help_text=_("Vises for patienter."))
    logo = models.ImageField(_("logo"), upload_to="logo/", blank=True)
    pilot_from = models.DateField(_("med i pilot fra"), null=True, blank=True)
    pilot_until = models.DateField(_("med i pilot til og med"), null=True, blank=True)
    is_test = models.BooleanField(_("test"), default=False, help_text=_("Tælles ikke med i statistikken."))
    doctors_need_second_factor = models.BooleanField(_("læger skal bruge totrinslogin"), default=False)

    # The VDX-API's and the organisation service's own members, with their names and limits.
    pool_size = models.PositiveIntegerField(
        _("rum i puljen"), null=True, blank=True, help_text=_("Tomt: organisationen har ingen pulje.")
    )
    allow_custom_uri_without_domain = models.BooleanField(_("må selv vælge videoadresser"), default=False)
    outside_provisioner = models.BooleanField(
        _("rum klargøres udefra"), default=False, help_text=_("Gælder nye rum. Ellers klargør hubben dem selv.")
    )
    sms_sender_name = models.CharField(_("afsender af SMS"), max_length=11, null=True, blank=True)
    sms_callback_url = models.CharField(_("adresse for SMS-status"), max_length=100, null=True, blank=True)
    # The key opens the organisation's place in the tree; only its fingerprint is kept.
    history_key_digest = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    device_webhook_endpoint = models.CharField(max_length=100, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisationer")
        ordering = ["name", "code"]
        constraints = [
            models.CheckConstraint(name="organisation_code_not_empty", condition=~Q(code="")),
            models.CheckConstraint(name="organisation_not_own_parent", condition=~Q(parent=F("id"))),
            models.CheckConstraint(
                name="organisation_pilot_in_order",
                condition=Q(pilot_until__isnull=True)
                | Q(pilot_from__isnull=True)
                | Q(pilot_until__gte=F("pilot_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RegionPeriod(models.Model):
    """Which region an organisation belonged to, by date; both dates included, no date: without end.

    A practice that moves keeps its earlier calls in the earlier region. Without a row the region is the nearest
    one above it in the tree.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="region_periods")
    region = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", limit_choices_to={"kind": OrganisationKind.REGION}
    )
    valid_from = models.DateField(_("fra"), null=True, blank=True)
    valid_until = models.DateField(_("til og med"), null=True, blank=True)

    class Meta:
        verbose_name = _("region i en periode")
        verbose_name_plural = _("regioner i perioder")
        ordering = ["organisation", F("valid_from").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(name="region_period_unique_start", fields=["organisation", "valid_from"]),
            models.UniqueConstraint(
                name="region_period_one_without_start", fields=["organisation"], condition=Q(valid_from__isnull=True)
            ),
            models.CheckConstraint(
                name="region_period_in_order",
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} -> {self.region}"

    def covers(self, day: date) -> bool:
        """Whether the period includes ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class UserManager(BaseUserManager["User"]):
    """Finds users by e-mail, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who logs in. The e-mail is the login. What the person may do stands in the memberships."""

    email = models.EmailField(_("e-mail"), max_length=100, unique=True)
    name = models.CharField(_("navn"), max_length=100)
    language = models.CharField(_("sprog"), max_length=2, choices=Language, default=Language.DANISH)
    usual_minutes = models.PositiveSmallIntegerField(
        _("sædvanlig længde i minutter"), default=15, validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    phone = models.CharField(
        _("telefon"),
        max_length=20,
        blank=True,
        default="",
        help_text=_("Vises for patienter i stedet for praksis' nummer."),
    )
    is_active = models.BooleanField(_("aktiv"), default=True)
    is_demo = models.BooleanField(_("demobruger"), default=False, editable=False)
    created_at = models.DateTimeField(_("oprettet"), default=clock.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("bruger")
        verbose_name_plural = _("brugere")
        ordering = ["name", "email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="user_email_unique", violation_error_message=_("E-mailen er i brug.")
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Whether the person works at MedCom, and so may enter the admin."""
        return self.is_active and self.memberships.active().filter(role=Role.MEDCOM).exists()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Filters on memberships."""

    def active(self) -> MembershipQuerySet:
        """Memberships that have not ended."""
        return self.filter(ended_at__isnull=True)


class Membership(models.Model):
    """A person's role in an organisation. Ended, never deleted, so that the audit stays readable."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("bruger"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("rolle"), max_length=20, choices=Role)
    created_at = models.DateTimeField(_("oprettet"), default=clock.now, editable=False)
    ended_at = models.DateTimeField(_("ophørt"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("medlemskab")
        verbose_name_plural = _("medlemskaber")
        ordering = ["organisation", "user", "role"]
        constraints = [
            models.UniqueConstraint(
                name="membership_unique_active",
                fields=["user", "organisation", "role"],
                condition=Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class MeetingUser(models.Model):
    """Who organises or makes a meeting, as record systems name them: an e-mail in an organisation. Not a login.

    The e-mail need not look like one (the VDX-API takes any text of up to 100 characters).
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="meeting_users")
    email = models.CharField(_("e-mail"), max_length=100)

    class Meta:
        verbose_name = _("mødebruger")
        verbose_name_plural = _("mødebrugere")
        constraints = [
            # The day page looks meetings up by organisation and e-mail, whatever its capitals.
            models.UniqueConstraint("organisation", Lower("email"), name="meeting_user_unique")
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.pk}"


class ApiClient(models.Model):
    """A program that calls the API with a token of the hub's own, made by MedCom.

    The secret is shown once, and only its fingerprint is kept. Without an organisation it can only be a provisioner.
    """

    client_id = models.CharField(_("klient-id"), max_length=40, unique=True, editable=False)
    name = models.CharField(_("navn"), max_length=100, help_text=_("Hvad programmet hedder, og hvem der driver det."))
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="api_clients",
        verbose_name=_("organisation"),
    )
    email = models.CharField(
        _("e-mail"), max_length=100, blank=True, default="", help_text=_("Hvem programmet booker som.")
    )
    roles = models.JSONField(_("roller"), default=list)
    allowed_origins = models.JSONField(
        _("hjemmesider, der må kalde"), default=list, blank=True, help_text=_("For eksempel https://journal.example.dk")
    )
    secret_digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("oprettet"), default=clock.now, editable=False)
    revoked_at = models.DateTimeField(_("lukket"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("API-klient")
        verbose_name_plural = _("API-klienter")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class OneTimeLink(models.Model):
    """A link that lets a person choose a password, once.

    Only the secret's fingerprint is kept. A link to be mailed has no secret until the delivery task draws one at
    the moment of sending: pending (``send_after`` set) -> sent, or given up after the last attempt. A link that is
    shown on the screen instead has ``send_after`` empty from the start.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="one_time_links")
    purpose = models.CharField(max_length=20, choices=LinkPurpose)
    secret_digest = models.CharField(max_length=64, unique=True, null=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    send_after = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("engangslink")
        verbose_name_plural = _("engangslinks")
        indexes = [
            # The sweep that sends what is due.
            models.Index(name="one_time_link_due", fields=["send_after"], condition=Q(send_after__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.pk}"

    def usable(self, now: datetime) -> bool:
        """Whether the link still opens at ``now``."""
        return self.used_at is None and now < self.expires_at


class AuditEntry(models.Model):
    """Who did or looked at what, and when. Append-only; never a pin, a token or a text that somebody wrote."""

    at = models.DateTimeField(_("tidspunkt"), default=clock.now, db_index=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("bruger"))
    # Who it was where no login stands behind it: "system", "guest", "host-pin", "api".
    actor_kind = models.CharField(_("slags"), max_length=20, default="user")
    action = models.CharField(_("handling"), max_length=60)
    target_type = models.CharField(_("hvad"), max_length=40)
    target_id = models.CharField(_("id"), max_length=40, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("organisation")
    )
    detail = models.JSONField(_("detaljer"), default=dict, blank=True)

    class Meta:
        verbose_name = _("revisionsspor")
        verbose_name_plural = _("revisionsspor")
        ordering = ["-at", "-id"]
        # The trail of one thing.
        indexes = [models.Index(name="audit_target", fields=["target_type", "target_id"])]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type} {self.target_id}"
