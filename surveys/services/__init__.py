"""Every write of surveys, by use case."""

from surveys.services.ask import ask_hosts, forget_asked
from surveys.services.postcard import Answers, send_postcard

__all__ = ["Answers", "ask_hosts", "forget_asked", "send_postcard"]
