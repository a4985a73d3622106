"""Facts of the accounts app (docs/events.md)."""

from __future__ import annotations

from vdx.lib.events import Fact

# Somebody's access was closed; sessions end by themselves, live connections are the listener's business.
user_deactivated = Fact("user_deactivated", provides=("user_id",))
# Somebody lost a role in an organisation.
membership_ended = Fact("membership_ended", provides=("user_id", "organisation_id", "role"))
