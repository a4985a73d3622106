"""A browser of the Janus engine without a browser: aiortc's peer connections, fed by the engine's events."""

from __future__ import annotations

import asyncio
import os
import random
import re
from collections.abc import Mapping
from typing import Any

from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCRtpTransceiver, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamTrack, VideoStreamTrack
from av import VideoFrame

from media.engine import SERVER, Device
from media.engines.janus.engine import JanusEngine

SOURCES = ("microphone", "camera", "screen")


class Noise(VideoStreamTrack):
    """A picture that cannot be made small: as many packets as the line takes."""

    async def recv(self) -> VideoFrame:
        frame = VideoFrame(320, 240, "yuv420p")
        for plane in frame.planes:
            plane.update(os.urandom(plane.buffer_size))
        frame.pts, frame.time_base = await self.next_timestamp()
        return frame


class Browser:
    """One device: publishes sound and picture (and a screen, when asked), and gets what the others do."""

    def __init__(self, engine: JanusEngine, device: Device, *, screen: bool = False, epoch: int | None = None) -> None:
        self.engine, self.device, self.screen = engine, device, screen
        self.epoch = 0
        #: Everything that was said, and what has not been looked at.
        self.heard: list[Mapping[str, Any]] = []
        self.tracks: dict[str, Mapping[str, str]] = {}
        #: Frames by (seat, source).
        self.frames: dict[tuple[str, str], int] = {}
        self.publish: RTCPeerConnection | None = None
        self.subscribe: RTCPeerConnection | None = None
        self.is_deaf = self.is_noisy = False
        self._news = asyncio.Event()
        self._old: list[RTCPeerConnection] = []
        self._pulling: dict[MediaStreamTrack, asyncio.Task[None]] = {}
        self.task = asyncio.create_task(self._listen(epoch))

    async def _listen(self, epoch: int | None) -> None:
        async for event in self.engine.events(self.device, epoch=epoch):
            self.heard.append(event)
            await self._follow(event)
            self._news.set()

    async def _follow(self, event: Mapping[str, Any]) -> None:
        if event["event"] == "make-offer":
            self._begin(event["epoch"])
            if not self.is_deaf:
                await self._offer()
        elif event["event"] == "answer" and self.publish is not None:
            await self.publish.setRemoteDescription(RTCSessionDescription(event["sdp"], "answer"))
        elif event["event"] == "offer":
            await self._answer(event)

    def _begin(self, epoch: int) -> None:
        self.epoch = epoch
        for pc in (self.publish, self.subscribe):
            if pc is not None:
                self._old.append(pc)
        self.publish = self.subscribe = None

    async def _offer(self) -> None:
        self.publish = _connection()
        tracks: list[MediaStreamTrack | str] = [AudioStreamTrack(), Noise() if self.is_noisy else VideoStreamTrack()]
        tracks.append(VideoStreamTrack() if self.screen else "video")
        for track in tracks:
            self.publish.addTransceiver(track, direction="sendonly")
        await self.publish.setLocalDescription(await self.publish.createOffer())
        sdp = self.publish.localDescription.sdp
        await self.say({"offer": {"leg": "publish", "revision": 1, "sdp": sdp}, "epoch": self.epoch})

    async def _answer(self, event: Mapping[str, Any]) -> None:
        if self.subscribe is None:
            self.subscribe = _connection()
        self.tracks = event["tracks"]
        await self.subscribe.setRemoteDescription(RTCSessionDescription(event["sdp"], "offer"))
        await self.subscribe.setLocalDescription(await self.subscribe.createAnswer())
        for transceiver in self.subscribe.getTransceivers():
            _learn(transceiver, event["sdp"])
            self._pull(transceiver)
        answer = {"leg": "subscribe", "revision": event["revision"], "sdp": self.subscribe.localDescription.sdp}
        await self.say({"answer": answer, "epoch": self.epoch})

    def _pull(self, transceiver: RTCRtpTransceiver) -> None:
        track = transceiver.receiver.track
        if track is not None and track not in self._pulling:
            self._pulling[track] = asyncio.create_task(self._count(transceiver, track))

    async def _count(self, transceiver: RTCRtpTransceiver, track: MediaStreamTrack) -> None:
        while True:
            await track.recv()
            told = self.tracks.get(transceiver.mid)
            if told is not None:
                key = told["seat"], told["source"]
                self.frames[key] = self.frames.get(key, 0) + 1

    async def say(self, data: Mapping[str, Any]) -> None:
        assert await self.engine.signal(self.device, Device(self.device.room, SERVER), data) is False

    # --- Waiting -------------------------------------------------------------------------------------------

    async def hear(self, event: str, seconds: float = 10, **members: object) -> Mapping[str, Any]:
        """The next event of that name with those members; what came before it is forgotten."""
        async with asyncio.timeout(seconds):
            while True:
                for number, told in enumerate(self.heard):
                    if told["event"] == event and all(told.get(name) == value for name, value in members.items()):
                        del self.heard[: number + 1]
                        return told
                self._news.clear()
                await self._news.wait()

    async def anew(self, seconds: float = 10) -> None:
        """Return when it was asked to offer anew, under an epoch greater than the one it has had."""
        before = self.epoch
        async with asyncio.timeout(seconds):
            while self.epoch <= before:
                await asyncio.sleep(0.02)

    async def gets(self, seat: str, *sources: str, frames: int = 3, seconds: float = 10) -> None:
        """Return when so many more frames of each source have come from a seat."""
        before = {source: self.frames.get((seat, source), 0) for source in sources}
        async with asyncio.timeout(seconds):
            while any(self.frames.get((seat, source), 0) - before[source] < frames for source in sources):
                await asyncio.sleep(0.02)

    async def vanish(self) -> None:
        """Without a word: nothing comes from this device any more, and it answers nothing."""
        for pc in (self.publish, self.subscribe):
            if pc is not None:
                for transceiver in pc.getTransceivers():
                    ice = transceiver.sender.transport.transport
                    for protocol in list(ice._connection._protocols):
                        protocol.transport.close()

    def lose(self, share: float) -> None:
        """Of what comes to this one, lose so much of the pictures from now on."""
        assert self.subscribe is not None
        transport = self.subscribe.getTransceivers()[0].receiver.transport
        take = transport._handle_rtp_data

        async def lossy(data: bytes, arrival_time_ms: int) -> None:
            if data[1] & 0x7F == 111 or random.random() >= share:
                await take(data, arrival_time_ms=arrival_time_ms)

        transport._handle_rtp_data = lossy

    async def end(self) -> None:
        self.task.cancel()
        for task in self._pulling.values():
            task.cancel()
        await asyncio.gather(self.task, *self._pulling.values(), return_exceptions=True)
        for pc in (self.publish, self.subscribe, *self._old):
            if pc is not None:
                await pc.close()


def _learn(transceiver: RTCRtpTransceiver, offer: str) -> None:
    """Take a section's new SSRCs, as browsers do where a section is used for another sender. aiortc does not."""
    receiver = transceiver.receiver
    for section in re.split(r"^(?=m=)", offer, flags=re.MULTILINE)[1:]:
        if f"a=mid:{transceiver.mid}\r\n" in section:
            for ssrc in re.findall(r"^a=ssrc:(\d+) ", section, re.MULTILINE):
                receiver.transport._rtp_router.ssrc_table[int(ssrc)] = receiver


def _connection() -> RTCPeerConnection:
    """As browsers have them: one transport for all sections."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
