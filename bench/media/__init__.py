"""The media benchmark: our relay and Janus under the same load, in turn (``make bench-media``)."""
