"""Addresses of the VDX-API. A slash at the end makes no difference."""

from __future__ import annotations

from django.urls import re_path
from drf_spectacular.views import SpectacularJSONAPIView

from booking.api.v2 import meetings, pools, templates
from booking.api.v2 import scheduling_info as rooms
from booking.api.v2.base import Unknown
from booking.api.v2.docs import docs

app_name = "videoapi"

urlpatterns = [
    # The contract as OpenAPI 3, for everybody
    re_path(r"^schema/?$", SpectacularJSONAPIView.as_view(api_version="2"), name="schema"),
    re_path(r"^docs/?$", docs, name="docs"),
    re_path(r"^info/?$", pools.Info.as_view(), name="info"),
    # Meetings
    re_path(r"^meetings/?$", meetings.Meetings.as_view(), name="meetings"),
    re_path(r"^meetings/findByUriWithDomain/?$", meetings.ByUriWithDomain.as_view(), name="by-uri-with-domain"),
    re_path(r"^meetings/findByUriWithoutDomain/?$", meetings.ByUriWithoutDomain.as_view(), name="by-uri-without"),
    re_path(r"^meetings/(?P<uuid>[^/]+)/?$", meetings.OneMeeting.as_view(), name="meeting"),
    # Rooms
    re_path(r"^scheduling-info/?$", rooms.SchedulingInfos.as_view(), name="scheduling-infos"),
    re_path(r"^scheduling-info-provision/?$", rooms.ToProvision.as_view(), name="to-provision"),
    re_path(r"^scheduling-info-deprovision/?$", rooms.ToDeprovision.as_view(), name="to-deprovision"),
    re_path(r"^scheduling-info-reserve/?$", rooms.Reserve.as_view(), name="reserve"),
    re_path(r"^scheduling-info-reserve/(?P<reservation_id>[^/]+)/?$", rooms.Reserved.as_view(), name="reserved"),
    re_path(r"^scheduling-info/(?P<uuid>[^/]+)/?$", rooms.OneSchedulingInfo.as_view(), name="scheduling-info"),
    # Templates and pools
    re_path(r"^scheduling-templates/?$", templates.Templates.as_view(), name="templates"),
    re_path(r"^scheduling-templates/(?P<template_id>[^/]+)/?$", templates.OneTemplate.as_view(), name="template"),
    re_path(r"^pool/?$", pools.Pools.as_view(), name="pool"),
    # Who has no token learns of none of the rest
    re_path(r"^", Unknown.as_view(), name="unknown"),
]
