"""Two bare pages that call each other: no name, no door, no waiting room, nothing of the hub but its process."""

from __future__ import annotations

from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from django.http import HttpRequest, HttpResponse

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bare call</title></head><body>
<video id="self" autoplay playsinline muted></video><video id="other" autoplay playsinline></video>
<script type="module" src="/bare/page.js"></script></body></html>"""
# The one that is there first offers as soon as the other has come.
SCRIPT = """
const address = new URL(location.pathname.replace(/\\/$/, "") + "/ws", location.href);
address.protocol = address.protocol.replace("http", "ws");
const stream = await navigator.mediaDevices.getUserMedia({audio: true, video: true});
document.getElementById("self").srcObject = stream;
const socket = new WebSocket(address);
const pc = new RTCPeerConnection();
for (const track of stream.getTracks()) pc.addTrack(track, stream);
const say = (message) => socket.send(JSON.stringify(message));
pc.onicecandidate = ({candidate}) => candidate && say({candidate});
pc.ontrack = ({streams}) => { document.getElementById("other").srcObject = streams[0]; };
socket.onopen = () => { say({here: true}); document.body.dataset.ready = "yes"; };
let queue = Promise.resolve();
socket.onmessage = ({data}) => { queue = queue.then(() => hear(JSON.parse(data))); };
async function hear({here, description, candidate}) {
  if (here) {
    await pc.setLocalDescription();
    say({description: pc.localDescription});
  } else if (description) {
    await pc.setRemoteDescription(description);
    if (description.type === "offer") {
      await pc.setLocalDescription();
      say({description: pc.localDescription});
    }
  } else if (candidate) {
    await pc.addIceCandidate(candidate);
  }
}
"""


class Between(AsyncWebsocketConsumer):
    """Carries what one page says to the other."""

    async def connect(self) -> None:
        """Come in."""
        self.group = f"bare-{self.scope['url_route']['kwargs']['call']}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Pass it on."""
        message = {"type": "passed.on", "text": text_data, "by": self.channel_name}
        await self.channel_layer.group_send(self.group, message)

    async def passed_on(self, event: dict[str, Any]) -> None:
        """What the other has said."""
        if event["by"] != self.channel_name:
            await self.send(text_data=event["text"])

    async def disconnect(self, code: int) -> None:
        """Leave."""
        await self.channel_layer.group_discard(self.group, self.channel_name)


def page(request: HttpRequest, call: str) -> HttpResponse:
    """One of the two pages; both are the same."""
    return HttpResponse(PAGE)


def script(request: HttpRequest) -> HttpResponse:
    """What the page does."""
    return HttpResponse(SCRIPT, content_type="text/javascript")
