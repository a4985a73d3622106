"""What a person sees and hears, measured in their browser: when each picture came, and the connections' own counters.

People are called by the names under their pictures. Moments are seconds since 1970, in the page as in the tests.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

# Every picture of the others that is really put on the screen, and every sentence that is shown meanwhile.
WATCH = """
window.shown = {};
window.said = [];
{
  const now = () => (performance.timeOrigin + performance.now()) / 1000;
  const watched = new WeakSet();
  const whose = (video) =>
    video.id === "self-video" ? "self" : (video.closest("figure")?.querySelector(".call__who")?.textContent ?? "");
  const look = () => {
    for (const video of document.querySelectorAll("#call-stage video")) {
      if (watched.has(video)) continue;
      watched.add(video);
      const tick = () => {
        (window.shown[whose(video)] ??= []).push(now());
        video.requestVideoFrameCallback(tick);
      };
      video.requestVideoFrameCallback(tick);
    }
    const sentences = "#notice, #call-line, #call-problem, .call__state, .call__person p";
    for (const element of document.querySelectorAll(sentences)) {
      const words = element.checkVisibility() ? element.innerText.trim() : "";
      if (words && words !== element.lastSaid) window.said.push({at: now(), words});
      element.lastSaid = words;
    }
  };
  setInterval(look, 50);
}
window.measured = async () => {
  const rows = new Map();
  const pairs = [];
  let connections = 0;
  for (const pc of window.keptConnections) {
    if (pc.connectionState !== "connected") continue;
    connections += 1;
    const stats = await pc.getStats();
    stats.forEach((row) => {
      if (row.type === "inbound-rtp") rows.set(row.trackIdentifier, row);
      if (row.type === "transport" && row.selectedCandidatePairId) {
        const pair = stats.get(row.selectedCandidatePairId);
        const local = stats.get(pair.localCandidateId);
        pairs.push({type: local.candidateType, protocol: local.relayProtocol ?? local.protocol});
      }
    });
  }
  const people = {};
  for (const figure of document.querySelectorAll("#call-stage .call__remote")) {
    if (figure.hidden) continue;
    const stream = figure.querySelector("video").srcObject;
    const [video] = stream?.getVideoTracks().map((track) => rows.get(track.id)) ?? [];
    const [audio] = stream?.getAudioTracks().map((track) => rows.get(track.id)) ?? [];
    people[figure.querySelector(".call__who")?.textContent ?? ""] = {
      at: (performance.timeOrigin + performance.now()) / 1000,
      frames: video?.framesDecoded ?? 0,
      width: video?.frameWidth ?? 0,
      height: video?.frameHeight ?? 0,
      freezes: video?.freezeCount ?? 0,
      frozen: video?.totalFreezesDuration ?? 0,
      lost: video?.packetsLost ?? 0,
      energy: audio?.totalAudioEnergy ?? 0,
    };
  }
  return {people, pairs, connections};
};
"""


@dataclass(frozen=True)
class Seen:
    """One of the others as this browser has received them so far. ``frozen`` in seconds, ``energy`` of their sound."""

    at: float
    frames: int
    width: int
    height: int
    freezes: int
    frozen: float
    lost: int
    energy: float

    def since(self, before: Seen) -> Seen:
        """What came since then; the size as it is now."""
        grown = {f.name: getattr(self, f.name) - getattr(before, f.name) for f in fields(self)}
        return Seen(**{**grown, "width": self.width, "height": self.height})

    @property
    def rate(self) -> float:
        """Frames a second, of what :meth:`since` gave."""
        return self.frames / self.at


def measured(page: Page) -> dict[str, Any]:
    """``people`` by name, ``pairs`` of candidates in use, and the number of ``connections``."""
    found: dict[str, Any] = page.evaluate("measured()")
    return found


def people(page: Page) -> dict[str, Seen]:
    """Everybody whom this browser has a place for."""
    return {name: Seen(**row) for name, row in measured(page)["people"].items()}


def until(what: str, condition: Callable[[], object], seconds: float = 20.0) -> float:
    """Wait until it is so; how long that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.1)
    return time.monotonic() - began


def sees(page: Page, *names: str, seconds: float = 20.0) -> None:
    """Wait until pictures and sound of everybody named come, and of nobody else."""
    before = people(page)

    def comes() -> bool:
        now = people(page)
        if set(now) != set(names):
            return False
        for name in names:
            grown = now[name].since(before[name]) if name in before else now[name]
            # A connection made anew counts from nothing.
            if not (grown.frames > 2 or 2 < now[name].frames < before[name].frames) or grown.energy == 0:
                return False
        return True

    try:
        until("", comes, seconds)
    except AssertionError:
        raise AssertionError(f"{names} are not seen and heard: {before} {people(page)}") from None


def shown(page: Page, name: str) -> list[float]:
    """When each picture of that person was put on the screen."""
    times: list[float] = page.evaluate("name => window.shown[name] ?? []", name)
    return times


def longest_gap(page: Page, name: str, start: float, end: float) -> float:
    """The longest time between two moments for which no new picture of that person was shown, seconds."""
    times = [start, *(at for at in shown(page, name) if start < at < end), end]
    return max(later - earlier for earlier, later in pairwise(times))


def gap_by_the_call(page: Page, name: str, start: float, end: float) -> float:
    """As :func:`longest_gap`, without what the machine itself stood still for: one's own camera did, too, then."""
    usual = 0.1
    return longest_gap(page, name, start, end) - max(0.0, longest_gap(page, "self", start, end) - usual)


def first_after(page: Page, name: str, moment: float) -> float | None:
    """When the first picture of that person came after a moment."""
    return next((at for at in shown(page, name) if at > moment), None)


def said(page: Page, since: float = 0.0) -> list[str]:
    """The sentences that the page has shown, in order."""
    lines: list[dict[str, Any]] = page.evaluate("window.said")
    return [line["words"] for line in lines if line["at"] >= since]
