"""The five regions, as the evaluation report writes and orders them."""

from __future__ import annotations

REGIONS = ("Hovedstaden", "Sjælland", "Syddanmark", "Midtjylland", "Nordjylland")
_PREFIX = "region "
_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def short_name(name: str) -> str:
    """Without the word Region in front."""
    return name[len(_PREFIX) :].strip() if name.casefold().startswith(_PREFIX) else name


def region_name(code: str, name: str) -> str:
    """The short name of a region; one of the five keeps its own, however somebody writes its name."""
    short = short_name(name.strip())
    for region in REGIONS:
        if code.casefold() == code_of(region) or short.casefold() == region.casefold():
            return region
    return short


def order(name: str) -> tuple[int, str]:
    """Where a region's short name stands: the five in the report's order, others after them by name."""
    return (REGIONS.index(name), "") if name in REGIONS else (len(REGIONS), name.casefold())


def code_of(name: str) -> str:
    """The code under which the hub knows one of the five."""
    return f"region-{name.casefold().translate(_ASCII)}"
