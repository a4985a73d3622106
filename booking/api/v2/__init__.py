"""Version 2 of the VDX-API, with its words as they stand on the wire."""
