"""Addresses of monitoring, below /portal/."""

from __future__ import annotations

from django.urls import path

from monitoring.views import business_case, calls, capacity, honoraria, readiness, statistics, status

app_name = "monitoring"
urlpatterns = [
    # How it went
    path("statistik/", statistics.statistics, name="statistics"),
    path("statistik/statistik.csv", statistics.statistics_csv, name="statistics_csv"),
    path("statistik/statistik.xlsx", statistics.statistics_xlsx, name="statistics_xlsx"),
    path("statistik/figur/<str:key>.svg", statistics.statistics_picture, name="statistics_picture"),
    path("statistik/hent/<str:key>.<str:kind>", statistics.statistics_file, name="statistics_file"),
    path("statistik/praksis/<int:pk>/", statistics.practice, name="practice"),
    path("statistik/praksis/<int:pk>/samtaler/", calls.calls, name="calls"),
    path("statistik/samtale/<int:pk>/", calls.call, name="call"),
    # What it costs
    path("statistik/honorarer/", honoraria.honoraria, name="honoraria"),
    path("statistik/honorarer.csv", honoraria.honoraria_csv, name="honoraria_csv"),
    path("statistik/okonomi/", business_case.business_case, name="business_case"),
    path("statistik/okonomi/regnestykke/", business_case.business_case_sums, name="business_case_sums"),
    # Whether the hub worked
    path("oppetid", status.uptime, name="uptime"),
    path("oppetid.csv", status.uptime_csv, name="uptime_csv"),
    path("oppetid/<str:name>.svg", status.uptime_picture, name="uptime_picture"),
    # How many at the same time
    path("statistik/kapacitet/", capacity.capacity, name="capacity"),
    path("statistik/kapacitet/nu", capacity.capacity_now, name="capacity_now"),
    path("statistik/kapacitet/<str:key>/figur.svg", capacity.capacity_picture, name="capacity_picture"),
    path("statistik/kapacitet/<str:key>.<str:kind>", capacity.capacity_file, name="capacity_file"),
    # On the way to the first call
    path("klar", readiness.show, name="readiness"),
    path("klar.csv", readiness.download, name="readiness_csv"),
    path("klar/praksis/<int:pk>", readiness.practice, name="readiness_practice"),
    path("klar/proeve", readiness.test_call, name="test_call"),
]
