"""Answers. docs/data.md says why each table is kept, and for how long."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from surveys.enums import (
    Audience,
    Edition,
    GoodPoor,
    InvitationKind,
    InvitationState,
    QuestionKind,
    Replaced,
    ResponseSource,
    ResponseState,
    VersionState,
    YesNo,
)


class Postcard(models.Model):
    """A doctor's five answers about one consultation, without the doctor.

    Nothing leads from here to a meeting, a room or a person: the key is random, the date has no time, and
    ``services`` mixes the rows of the day when it adds one, so that not even their order in the table tells who
    answered when. The region is filled in by the edition that says so, and by no other.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Null for imported cards that say none; they belong to every period.
    date = models.DateField(_("dato"), db_index=True, null=True)
    edition = models.CharField(_("udgave"), max_length=12, choices=Edition)
    region_code = models.CharField(_("region"), max_length=250, blank=True, default="")
    carried_out = models.PositiveSmallIntegerField(_("gennemført"), choices=YesNo, null=True)
    picture = models.PositiveSmallIntegerField(_("billede"), choices=GoodPoor, null=True)
    sound = models.PositiveSmallIntegerField(_("lyd"), choices=GoodPoor, null=True)
    longer = models.PositiveSmallIntegerField(_("tog længere tid"), choices=YesNo, null=True)
    replaced = models.PositiveSmallIntegerField(_("erstattede"), choices=Replaced, null=True)

    class Meta:
        verbose_name = _("postkort")
        verbose_name_plural = pgettext_lazy("plural", "postkort")
        constraints = [
            models.CheckConstraint(
                name="postcard_region_by_edition",
                condition=~models.Q(edition=Edition.NATIONAL) | models.Q(region_code=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}"


class PostcardDay(models.Model):
    """A date with postcards. Whoever adds a card holds this row until the day's cards are mixed."""

    date = models.DateField(unique=True)

    class Meta:
        verbose_name = _("dag med postkort")
        verbose_name_plural = _("dage med postkort")

    def __str__(self) -> str:
        return f"{self.date}"


class PostcardRequest(models.Model):
    """A host's invitation: asked about a call by an edition, and what came of it, without the answer or its time.

    Offered → declined (skipped, which may still be thought better of) or complete; expired is who did neither when
    the row goes. A card is one screen that opens by itself and is sent whole: nothing lies in between.

    Written in a transaction of its own, apart from the card's. The order of these rows may follow the order of the
    calls, or of the answers: who called when stands in the rooms anyway, and the cards have no order to compare
    it with. Gone when nobody can answer any more.
    """

    room_uuid = models.UUIDField()
    seat_key = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.OFFERED)
    # For the response rate. Null for those of a hub that did not count yet.
    week = models.DateField(null=True)
    edition = models.CharField(max_length=12, choices=Edition, blank=True, default="")

    class Meta:
        verbose_name = _("spurgt om postkort")
        verbose_name_plural = _("spurgt om postkort")
        constraints = [models.UniqueConstraint(name="postcard_request_once_a_seat", fields=["room_uuid", "seat_key"])]

    def __str__(self) -> str:
        return f"{self.pk}"


class PostcardCount(models.Model):
    """How many hosts were asked in a week by an edition, sent a card, and skipped it. ``week``: its Monday.

    Counted when the invitations go, a week after the calls; shown when all of the week have gone, so that no two looks
    at the page tell who answered.
    """

    week = models.DateField(_("uge"))
    edition = models.CharField(_("udgave"), max_length=12, choices=Edition)
    asked = models.PositiveIntegerField(_("spurgt"), default=0)
    answered = models.PositiveIntegerField(_("besvaret"), default=0)
    declined = models.PositiveIntegerField(_("sprunget over"), default=0)

    class Meta:
        verbose_name = _("svarprocent for postkort")
        verbose_name_plural = _("svarprocenter for postkort")
        constraints = [models.UniqueConstraint(name="postcard_count_once_a_week", fields=["week", "edition"])]

    def __str__(self) -> str:
        return f"{self.week} {self.edition}"


class Questionnaire(models.Model):
    """Something that people are asked, in versions. Its key stands in exports and never changes."""

    key = models.SlugField(_("nøgle"), max_length=40, unique=True)
    title_da = models.CharField(_("titel på dansk"), max_length=200)
    title_en = models.CharField(_("titel på engelsk"), max_length=200)
    audience = models.CharField(_("hvem der spørges"), max_length=10, choices=Audience)

    class Meta:
        verbose_name = _("spørgeskema")
        verbose_name_plural = _("spørgeskemaer")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class QuestionnaireVersion(models.Model):
    """A questionnaire as it was asked at a time: draft → published → closed.

    A draft may be changed; a published version never is, for answers are tied to it. Publishing closes the version
    that was published before. ``services.versions`` makes all moves.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="versions", verbose_name=_("spørgeskema")
    )
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("tilstand"), max_length=10, choices=VersionState, default=VersionState.DRAFT)
    introduction_da = models.TextField(_("indledning på dansk"), blank=True, default="")
    introduction_en = models.TextField(_("indledning på engelsk"), blank=True, default="")
    thanks_da = models.TextField(_("tak på dansk"), blank=True, default="")
    thanks_en = models.TextField(_("tak på engelsk"), blank=True, default="")
    # Names of surveys.enums.ContextFact: what the responses of this version keep of their call.
    context = models.JSONField(_("gemmes om samtalen"), default=list, blank=True)
    published_at = models.DateTimeField(_("udgivet"), null=True, editable=False)
    closed_at = models.DateTimeField(_("lukket"), null=True, editable=False)

    class Meta:
        verbose_name = _("version af spørgeskema")
        verbose_name_plural = _("versioner af spørgeskemaer")
        ordering = ["questionnaire__key", "-number"]
        constraints = [
            models.UniqueConstraint(name="version_number_once", fields=["questionnaire", "number"]),
            models.UniqueConstraint(
                name="version_one_published", fields=["questionnaire"], condition=models.Q(state=VersionState.PUBLISHED)
            ),
            models.UniqueConstraint(
                name="version_one_draft", fields=["questionnaire"], condition=models.Q(state=VersionState.DRAFT)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire.key} {self.number}"


class Question(models.Model):
    """A question of a version, or a section's text. Its name is the variable in exports; of a grid its rows' are."""

    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="questions")
    page = models.PositiveSmallIntegerField(_("side"))
    position = models.PositiveSmallIntegerField(_("plads på siden"))
    name = models.CharField(_("navn i eksporten"), max_length=32)
    kind = models.CharField(_("slags"), max_length=12, choices=QuestionKind)
    text_da = models.TextField(_("tekst på dansk"))
    text_en = models.TextField(_("tekst på engelsk"), blank=True, default="")
    help_da = models.TextField(_("hjælp på dansk"), blank=True, default="")
    help_en = models.TextField(_("hjælp på engelsk"), blank=True, default="")
    required = models.BooleanField(_("skal besvares"), default=False)
    # Beside sex and year of birth, which always are: for the check that no export singles somebody out.
    known_to_others = models.BooleanField(_("andre kan kende svaret"), default=False)
    # An expression of surveys.rules.activation as data; null: everybody meets the question.
    activation = models.JSONField(_("vises når"), null=True, blank=True)
    minimum = models.IntegerField(_("mindst"), null=True, blank=True)
    maximum = models.IntegerField(_("højst"), null=True, blank=True)

    class Meta:
        verbose_name = _("spørgsmål")
        verbose_name_plural = pgettext_lazy("plural", "spørgsmål")
        ordering = ["page", "position", "pk"]
        constraints = [models.UniqueConstraint(name="question_name_once", fields=["version", "name"])]

    def __str__(self) -> str:
        return self.name


class GridRow(models.Model):
    """A line of a grid: a variable of its own, answered by one of the grid's choices."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField(_("plads"))
    name = models.CharField(_("navn i eksporten"), max_length=32)
    text_da = models.TextField(_("tekst på dansk"))
    text_en = models.TextField(_("tekst på engelsk"), blank=True, default="")

    class Meta:
        verbose_name = _("linje i skala")
        verbose_name_plural = _("linjer i skala")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(name="grid_row_name_once", fields=["question", "name"])]

    def __str__(self) -> str:
        return self.name


class Choice(models.Model):
    """A ready answer. Its code stands in exports and never changes."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    position = models.PositiveSmallIntegerField(_("plads"))
    code = models.PositiveSmallIntegerField(_("kode"))
    text_da = models.TextField(_("tekst på dansk"))
    text_en = models.TextField(_("tekst på engelsk"), blank=True, default="")
    exclusive = models.BooleanField(_("udelukker de andre svar"), default=False)

    class Meta:
        verbose_name = _("svarmulighed")
        verbose_name_plural = _("svarmuligheder")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(name="choice_code_once", fields=["question", "code"])]

    def __str__(self) -> str:
        return f"{self.code}"


class Invitation(models.Model):
    """That somebody was asked about a call, and how far it came: offered → opened → begun → complete or partly.

    Or declined, or expired; whoever opened it and sent nothing stays opened, so that the response rate can tell the
    two apart. Not tied to the answers: no key of a response stands here, and no moment finer than a date.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("spørgeskema")
    )
    room_uuid = models.UUIDField()
    # Of the seat that was in the call; empty for whoever never got in, who is told apart by a key in the browser.
    seat_key = models.CharField(max_length=12, blank=True, default="")
    browser = models.CharField(max_length=32, blank=True, default="")
    kind = models.CharField(_("slags"), max_length=10, choices=InvitationKind)
    state = models.CharField(_("tilstand"), max_length=10, choices=InvitationState, default=InvitationState.OFFERED)
    # The Monday of the week of the offer, by the Danish calendar.
    week = models.DateField(_("uge"))
    region_code = models.CharField(_("region"), max_length=250, blank=True, default="")
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    updated = models.DateField(_("senest ændret"))

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitationer")
        constraints = [
            models.UniqueConstraint(
                name="invitation_once", fields=["questionnaire", "room_uuid", "seat_key", "browser"]
            ),
            models.CheckConstraint(
                name="invitation_seat_or_browser",
                condition=models.Q(kind=InvitationKind.SEAT, browser="") & ~models.Q(seat_key="")
                | models.Q(kind=InvitationKind.NEVER_IN, seat_key="") & ~models.Q(browser=""),
            ),
        ]
        indexes = [
            # The funnel by week.
            models.Index(name="invitation_by_week", fields=["questionnaire", "week"]),
            # The sweep that lets them expire.
            models.Index(name="invitation_by_state", fields=["state", "updated"]),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Response(models.Model):
    """Somebody's answers to a version, under a random id: open → complete, or partly when the day is over.

    The answers stand together (docs/decisions/0015). Of the call only the coarse facts that the version names.
    ``row`` is what an export writes: one number a column of the version, filled in when the response becomes final.
    """

    study_id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="responses")
    state = models.CharField(_("tilstand"), max_length=10, choices=ResponseState, default=ResponseState.OPEN)
    # The day of the first page, without time; null for imported rows that say none.
    date = models.DateField(_("dato"), null=True)
    # Variable to code, list of codes or number. What was written stands in FreeText.
    answers = models.JSONField(_("svar"), default=dict)
    context = models.JSONField(_("om samtalen"), default=dict)
    # The highest page sent; 0 before the first.
    reached = models.PositiveSmallIntegerField(_("nået side"), default=0)
    source = models.CharField(_("kilde"), max_length=10, choices=ResponseSource, default=ResponseSource.WEB)
    # Of an imported row, so that the same file adds nothing twice.
    import_key = models.CharField(max_length=200, null=True, unique=True, editable=False)
    # Nothing answered beyond the background; left out where the report leaves it out.
    background_only = models.BooleanField(_("kun baggrund"), default=False)
    row = models.JSONField(null=True, editable=False)

    class Meta:
        verbose_name = _("besvarelse")
        verbose_name_plural = _("besvarelser")
        # Results and exports of a version, by period; the sweep of open ones.
        indexes = [models.Index(name="response_by_version", fields=["version", "state", "date"])]
        constraints = [
            models.CheckConstraint(
                name="response_final_has_row",
                condition=models.Q(state=ResponseState.OPEN) | models.Q(row__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.study_id}"


class FreeText(models.Model):
    """What somebody wrote in their own words. Apart from the answers, so that what does not ask never reads it."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="texts")
    variable = models.CharField(max_length=32)
    text = models.TextField()

    class Meta:
        verbose_name = _("fritekst")
        verbose_name_plural = _("fritekster")
        constraints = [models.UniqueConstraint(name="free_text_once", fields=["response", "variable"])]

    def __str__(self) -> str:
        return f"{self.key}"
