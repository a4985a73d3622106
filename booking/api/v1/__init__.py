"""Version 1 of the VDX-API, for clients that still use it: version 2 in other clothes (contract, section 13).

Off unless ``VDX_API_V1_PROXIES`` names the proxies in front, which have asked who calls and say so in a header.
"""
