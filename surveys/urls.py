"""Addresses of surveys."""

from __future__ import annotations

from django.urls import path

from surveys.views import export, postcard, questionnaire, response_rate, results

app_name = "surveys"
urlpatterns = [
    # Guests, after the call
    path("m/<str:code>/svar", questionnaire.begin, name="begin"),
    path("m/<str:code>/svar/<int:page>", questionnaire.page, name="page"),
    path("m/<str:code>/svar/nej-tak", questionnaire.decline, name="decline"),
    path("m/<str:code>/svar/vist", questionnaire.shown, name="shown"),
    path("m/<str:code>/svar/slet", questionnaire.erase, name="erase"),
    path("m/<str:code>/svar/slettet", questionnaire.erased, name="erased"),
    path("m/<str:code>/svar/glem", questionnaire.forget, name="forget"),
    path("m/<str:code>/svar/tak", questionnaire.done, name="done"),
    # The host, after the call
    path("m/<str:code>/postkort", postcard.postcard, name="postcard"),
    path("m/<str:code>/postkort/logo", postcard.logo, name="logo"),
    path("m/<str:code>/postkort/tak", postcard.thanks, name="thanks"),
    # Results
    path("portal/resultater/", results.overview, name="results"),
    path("portal/resultater/svarprocent/", response_rate.response_rate, name="response_rate"),
    path(
        "portal/resultater/svarprocent/<str:figure>/figur.svg",
        response_rate.response_rate_picture,
        name="response_rate_picture",
    ),
    path(
        "portal/resultater/svarprocent/<str:figure>/hent.<str:kind>",
        response_rate.response_rate_file,
        name="response_rate_file",
    ),
    path("portal/resultater/<slug:key>/<int:number>/", results.result, name="result"),
    path("portal/resultater/<slug:key>/<int:number>/figur.svg", results.result_picture, name="result_picture"),
    path("portal/resultater/<slug:key>/<int:number>/hent.<str:kind>", results.result_file, name="result_file"),
    # Research
    path("portal/forskning/", export.export, name="export"),
    path("portal/forskning/hent", export.export_zip, name="export_zip"),
]
