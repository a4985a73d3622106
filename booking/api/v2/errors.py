"""The text beside each ``detailed_error_code`` (contract, section 9.2); clients compare some of them word for word."""

from __future__ import annotations

_NOT_CHANGEABLE = "Meeting must have status AWAITS_PROVISION (0) or PROVISIONED_OK (3) in order to be updated"

LITERAL = {
    "meeting_not_changeable": _NOT_CHANGEABLE,
    "meeting_over": _NOT_CHANGEABLE,
    "meeting_not_deletable": "Meeting must have status AWAITS_PROVISION (0) in order to be deleted",
    "meeting_has_begun": "Meeting must have status AWAITS_PROVISION (0) in order to be deleted",
    "address_range": "The uri range of the scheduling template cannot be used: low must be below high",
    "addresses_exhausted": "No unused uri was found in the range of the scheduling template",
    "guest_pin_range": "The guest pin range of the scheduling template cannot be used: low must be below high",
    "host_pin_range": "The host pin range of the scheduling template cannot be used: low must be below high",
    "pool_template_exists": "Create or update of pool template failed due to only one pool template allowed",
    "pool_missing": "The organisation has no pool to draw a room from",
    "pool_empty": "No room of the pool is free",
    "external_id_taken": "ExternalId not unique within organisation.",
    "organisation_unknown": "The organisation in the request is unknown",
    "pool_not_enabled": "The organisation is not pool enabled",
    "uuid_taken": "No unique identifier could be made for the meeting",
    "year_out_of_range": "The year of a date may have four digits at most",
    "template_unknown": "The scheduling template was not found",
    "template_of_another": "The scheduling template belongs to another organisation",
    "one_bound_missing": "Both from-start-time and to-start-time must be given, or neither",
    "reservation_unusable": "The reservation is unknown, used, expired or of another organisation",
    "may_not_be_null": "A member of the request may not be null",
    "address_not_allowed": "The organisation may not choose uriWithoutDomain",
    "address_taken": "uriWithoutDomain is in use",
    "address_misspelt": "uriWithoutDomain may have the characters A-Z, a-z and 0-9 alone, and at least one",
    "reservation_with_pin": "A reservation cannot be combined with a pin",
    "additional_information_twice": "A key of additionalInformation is given twice",
    "nothing_to_search_by": "No search criterion was given",
    "too_long": "is too long",
}
