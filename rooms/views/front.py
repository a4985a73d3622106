"""The front page: type the code, or log in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from rooms import access
from rooms.errors import UnknownCode
from rooms.forms import CodeForm
from rooms.views.visitor import visitor_of


@require_http_methods(["GET", "HEAD", "POST"])
def front(request: HttpRequest) -> HttpResponse:
    """What this is, and where the code is typed. A code that nobody knows is said kindly, and stays in the field."""
    visitor = visitor_of(request)
    form = CodeForm(request.POST or None)
    response: HttpResponse
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        try:
            access.room_for_short_id(code, cookie=visitor.cookie, address=visitor.address)
        except UnknownCode as error:
            form.add_error("code", str(error.message))
            response = render(request, "rooms/front.html", {"form": form}, status=404)
        else:
            response = HttpResponseRedirect(reverse("rooms:room", args=[code]))
    else:
        response = render(request, "rooms/front.html", {"form": form}, status=400 if form.errors else 200)
    visitor.remember(response)
    return response
