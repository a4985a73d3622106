"""Writes of the accounts app, one verb a function, split by use case.

``actor`` is who asked for it; None is the hub itself (commands, tasks), which needs nobody's leave.
"""

from __future__ import annotations

from vdx.accounts.services.api_clients import (
    check_api_client,
    create_api_client,
    renew_api_client_secret,
    revoke_api_client,
    update_api_client,
)
from vdx.accounts.services.links import (
    deliver_link,
    due_links,
    make_link,
    request_password,
    use_link,
)
from vdx.accounts.services.memberships import add_membership, change_role, end_membership
from vdx.accounts.services.organisations import (
    create_organisation,
    drop_region_period,
    history_key_digest,
    meeting_user,
    meeting_users,
    set_region_period,
    update_organisation,
)
from vdx.accounts.services.people import (
    create_user,
    deactivate,
    invite,
    reactivate,
    update_profile,
    update_user,
)
from vdx.accounts.services.probe import forget_probe_trail, keep_probe_client
from vdx.accounts.services.retention import forget
from vdx.accounts.services.second_factor import (
    check_code,
    draw_key,
    enrol_totp,
    make_recovery_codes,
    remove_second_factor,
    reset_second_factor,
)
from vdx.accounts.services.sign_in import check_password, note_log_in
from vdx.accounts.services.trail import audit

__all__ = [
    "add_membership",
    "audit",
    "change_role",
    "check_api_client",
    "check_code",
    "check_password",
    "create_api_client",
    "create_organisation",
    "create_user",
    "deactivate",
    "deliver_link",
    "draw_key",
    "drop_region_period",
    "due_links",
    "end_membership",
    "enrol_totp",
    "forget",
    "forget_probe_trail",
    "history_key_digest",
    "invite",
    "keep_probe_client",
    "make_link",
    "make_recovery_codes",
    "meeting_user",
    "meeting_users",
    "note_log_in",
    "reactivate",
    "remove_second_factor",
    "renew_api_client_secret",
    "request_password",
    "reset_second_factor",
    "revoke_api_client",
    "set_region_period",
    "update_api_client",
    "update_organisation",
    "update_profile",
    "update_user",
    "use_link",
]
