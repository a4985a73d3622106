"""What may be sent to the organisation service."""

from __future__ import annotations

from rest_framework import serializers

from vdx.lib.rest.fields import FlagField, NumberField, TextField


def _text(most: int) -> TextField:
    return TextField(max_length=most, required=False, allow_null=True)


class UpdateBody(serializers.Serializer):
    """``organisation-update``: replaces all of it."""

    poolSize = NumberField(min_value=0, required=False, allow_null=True)
    smsSenderName = _text(11)
    smsCallbackUrl = _text(100)
    allowCustomUriWithoutDomain = FlagField(required=False, allow_null=True)
    historyApiKey = _text(36)
    deviceWebhookEndpoint = _text(100)


class CreateBody(UpdateBody):
    """``organisation-create``."""

    code = TextField(max_length=250, min_length=1)
    name = _text(100)


class ApiKeyBody(serializers.Serializer):
    """``organisation-tree-for-api-key``."""

    api_key = TextField(min_length=1, max_length=200)
    api_key_type = serializers.ChoiceField(choices=["history"])


class UrisBody(serializers.Serializer):
    """A list of addresses, under a name that the wire does not have."""

    uris = serializers.ListField(child=TextField(max_length=200), max_length=1000)
