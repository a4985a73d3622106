"""Choices of the accounts app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationKind(TextChoices):
    """What an organisation is. Empty in the table where nobody has said."""

    REGION = "region", _("Region")
    GENERAL = "general", _("Almen praksis")
    SPECIALIST = "specialist", _("Speciallægepraksis")
    HOSPITAL = "hospital", _("Hospital")
    MUNICIPALITY = "municipality", _("Kommune")
    NURSING_HOME = "nursing_home", _("Plejehjem")


PRACTICE_KINDS = frozenset({OrganisationKind.GENERAL, OrganisationKind.SPECIALIST})


class Role(TextChoices):
    """What a person may do in an organisation."""

    MEDCOM = "medcom", _("MedCom-medarbejder")
    ADMINISTRATOR = "administrator", _("Organisationsadministrator")
    DOCTOR = "doctor", _("Læge")
    SECRETARY = "secretary", _("Sekretær")
    RESEARCHER = "researcher", _("Forsker")


# They plan and hold consultations in the portal, and may be host of their organisation's rooms.
CLINICAL_ROLES = frozenset({Role.DOCTOR, Role.SECRETARY})
# They see or change other people's data, so the second factor is not a matter of choice.
SECOND_FACTOR_ROLES = frozenset({Role.MEDCOM, Role.ADMINISTRATOR, Role.RESEARCHER})


class LinkPurpose(TextChoices):
    """What a one-time link is good for."""

    INVITATION = "invitation", _("Invitation")
    PASSWORD = "password", _("Ny adgangskode")


class Language(TextChoices):
    """Languages of the hub."""

    DANISH = "da", _("Dansk")
    ENGLISH = "en", _("English")


class ApiRole(TextChoices):
    """What the caller of an API may be (contract, section 2.2)."""

    USER = "meeting-user", _("Bruger")
    PLANNER = "meeting-planner", _("Planlægger")
    ADMIN = "meeting-admin", _("Administrator")
    PROVISIONER = "meeting-provisioner", _("Klargør rum for alle")
    PROVISIONER_USER = "meeting-provisioner-user", _("Klargør rum og booker")
