"""Letting the hub send a meeting's link."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from booking import access, services
from booking.delivery_forms import SendForm
from booking.views.guard import clinical, posted
from booking.views.meeting import page
from vdx.lib import clock
from vdx.lib.errors import DomainError


@posted
@clinical
def send(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send it, perhaps once more and to another address. What cannot be used comes back with what was typed."""
    user = cast(Any, request.user)
    meeting = access.meeting(user, uuid)
    form = SendForm(request.POST, offered=services.ways({meeting.organisation_id}))
    sending = form.sending(form.cleaned_data["key"]) if form.is_valid() else None
    if sending is None:
        return page(request, meeting, send_form=form)
    try:
        services.send_link(meeting_id=meeting.pk, sending=sending, actor=user, now=clock.now())
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return page(request, meeting, send_form=form)
    messages.success(request, _("Linket bliver sendt nu."))
    return redirect("booking:meeting", uuid)
