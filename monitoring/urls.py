"""Addresses of monitoring, below /portal/statistik/."""

from __future__ import annotations

from django.urls import path

from monitoring.views import statistics

app_name = "monitoring"
urlpatterns = [
    path("", statistics.statistics, name="statistics"),
    path("statistik.csv", statistics.statistics_csv, name="statistics_csv"),
    path("praksis/<int:pk>/", statistics.practice, name="practice"),
]
