"""The VDX-API: record systems book for themselves, over the same services as the portal (docs/api.md)."""
