"""The organisation service, on the same organisations as the portal and the administration.

It stands with booking, since it also tells whose an address is, and addresses belong to rooms.
"""
