"""Janus' VideoRoom as the media server, for those who outgrow one machine."""
