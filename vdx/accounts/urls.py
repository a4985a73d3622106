"""Pages of the accounts app, under /konto/."""

from __future__ import annotations

from django.urls import path

from vdx.accounts.views import links, people, person, profile, second_factor, sign_in

app_name = "accounts"

urlpatterns = [
    # Logging in and out
    path("log-ind", sign_in.log_in, name="login"),
    path("log-ud", sign_in.log_out, name="logout"),
    path("kode", sign_in.verify, name="verify"),
    # Second factor
    path("totrin", second_factor.enrol, name="enrol"),
    path("totrin/noedkoder", second_factor.recovery, name="recovery"),
    path("totrin/fra", second_factor.remove, name="remove_second_factor"),
    # Passwords
    path("glemt", links.forgot, name="forgot"),
    path("link/<str:secret>", links.use, name="link"),
    # Oneself
    path("profil", profile.profile, name="profile"),
    # Administrators: people at and below their organisation
    path("brugere", people.people, name="people"),
    path("brugere/inviter", people.invite, name="invite"),
    path("brugere/<int:user_id>", person.person, name="person"),
    path("brugere/<int:user_id>/rolle", person.add_role, name="add_role"),
    path("brugere/<int:user_id>/rolle/<int:membership_id>/skift", person.change_role, name="change_role"),
    path("brugere/<int:user_id>/rolle/<int:membership_id>/fjern", person.end_role, name="end_role"),
    path("brugere/<int:user_id>/link", person.link, name="person_link"),
    path("brugere/<int:user_id>/totrin", person.reset_second_factor, name="reset_second_factor"),
    path("brugere/<int:user_id>/luk", person.deactivate, name="deactivate"),
    path("brugere/<int:user_id>/aabn", person.reactivate, name="reactivate"),
]
