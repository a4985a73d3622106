"""Addresses of version 1. A slash at the end makes no difference."""

from __future__ import annotations

from django.urls import re_path

from booking.api.v1 import views

app_name = "videoapi-v1"

urlpatterns = [
    re_path(r"^info/?$", views.Info.as_view(), name="info"),
    re_path(r"^meetings/?$", views.Meetings.as_view(), name="meetings"),
    re_path(r"^meetings/findByUriWithDomain/?$", views.ByUriWithDomain.as_view(), name="by-uri-with-domain"),
    re_path(r"^meetings/findByUriWithoutDomain/?$", views.ByUriWithoutDomain.as_view(), name="by-uri-without"),
    re_path(r"^meetings/(?P<uuid>[^/]+)/?$", views.OneMeeting.as_view(), name="meeting"),
    re_path(r"^scheduling-info/?$", views.SchedulingInfos.as_view(), name="scheduling-infos"),
    re_path(r"^scheduling-info-provision/?$", views.ToProvision.as_view(), name="to-provision"),
    re_path(r"^scheduling-info-deprovision/?$", views.ToDeprovision.as_view(), name="to-deprovision"),
    re_path(r"^scheduling-info-reserve/?$", views.Reserve.as_view(), name="reserve"),
    re_path(r"^scheduling-info-reserve/(?P<reservation_id>[^/]+)/?$", views.Reserved.as_view(), name="reserved"),
    re_path(r"^scheduling-info/(?P<uuid>[^/]+)/?$", views.OneSchedulingInfo.as_view(), name="scheduling-info"),
    re_path(r"^scheduling-templates/?$", views.Templates.as_view(), name="templates"),
    re_path(r"^scheduling-templates/(?P<template_id>[^/]+)/?$", views.OneTemplate.as_view(), name="template"),
    re_path(r"^pool/?$", views.Pools.as_view(), name="pool"),
    re_path(r"^", views.Unknown.as_view(), name="unknown"),
]
