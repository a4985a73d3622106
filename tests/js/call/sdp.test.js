import assert from "node:assert/strict";
import { test } from "node:test";

import { beginAt, nameStreams, onlyDials, sessionId, tuneOpus } from "../../../static/js/call/sdp.js";

/** @param {string[]} lines */
const sdp = (...lines) => lines.map((line) => `${line}\r\n`).join("");

const SESSION = ["v=0", "o=- 4611731400430051336 2 IN IP4 127.0.0.1", "s=-", "t=0 0"];

test("Opus gets forward error correction and keeps its other parameters", () => {
  const before = sdp(...SESSION, "m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10", "a=rtpmap:0 PCMU/8000");
  const after = sdp(...SESSION, "m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1", "a=rtpmap:0 PCMU/8000");
  assert.equal(tuneOpus(before), after);
  assert.equal(tuneOpus(after), after);
});

test("discontinuous transmission is taken out, whoever asked for it", () => {
  const before = sdp("m=audio 9 X 96", "a=rtpmap:96 opus/48000/2", "a=fmtp:96 usedtx=1;stereo=1; useinbandfec=0");
  assert.equal(tuneOpus(before), sdp("m=audio 9 X 96", "a=rtpmap:96 opus/48000/2", "a=fmtp:96 stereo=1;useinbandfec=1"));
});

test("Opus without a line of parameters gets one", () => {
  const before = sdp("m=audio 9 X 96", "a=rtpmap:96 OPUS/48000/2", "a=mid:0");
  assert.equal(tuneOpus(before), sdp("m=audio 9 X 96", "a=rtpmap:96 OPUS/48000/2", "a=fmtp:96 useinbandfec=1", "a=mid:0"));
});

test("pictures and descriptions without Opus stay as they are", () => {
  const plain = sdp(...SESSION, "m=audio 9 X 0", "a=rtpmap:0 PCMU/8000", "m=video 9 X 97", "a=rtpmap:97 VP8/90000", "a=fmtp:97 usedtx=1");
  assert.equal(tuneOpus(plain), plain);
  assert.equal(tuneOpus(""), "");
});

test("every kind of picture begins with so many kbit/s, and nothing else changes", () => {
  const before = sdp(
    "m=audio 9 X 111",
    "a=rtpmap:111 opus/48000/2",
    "m=video 9 X 96 97 102",
    "a=rtpmap:96 VP8/90000",
    "a=rtpmap:97 rtx/90000",
    "a=fmtp:97 apt=96",
    "a=rtpmap:102 H264/90000",
    "a=fmtp:102 packetization-mode=1",
    "m=video 9 X 96",
    "a=rtpmap:96 VP8/90000",
  );
  assert.equal(
    beginAt(before, 800),
    sdp(
      "m=audio 9 X 111",
      "a=rtpmap:111 opus/48000/2",
      "m=video 9 X 96 97 102",
      "a=rtpmap:96 VP8/90000",
      "a=fmtp:96 x-google-start-bitrate=800",
      "a=rtpmap:97 rtx/90000",
      "a=fmtp:97 apt=96",
      "a=rtpmap:102 H264/90000",
      "a=fmtp:102 packetization-mode=1;x-google-start-bitrate=800",
      "m=video 9 X 96",
      "a=rtpmap:96 VP8/90000",
      "a=fmtp:96 x-google-start-bitrate=800",
    ),
  );
});

test("sound and the first video belong to the camera, the second video to the screen", () => {
  const before = sdp(
    ...SESSION,
    "a=msid-semantic: WMS",
    "m=audio 9 X 111",
    "a=msid:- 1f",
    "m=video 9 X 96",
    "a=msid:{4b} 2f",
    "a=ssrc:17 msid:{4b} 2f",
    "m=video 9 X 96",
    "a=msid:- 3f",
    "m=application 9 X 1",
  );
  assert.equal(
    nameStreams(before),
    sdp(
      ...SESSION,
      "a=msid-semantic: WMS",
      "m=audio 9 X 111",
      "a=msid:camera 1f",
      "m=video 9 X 96",
      "a=msid:camera 2f",
      "a=ssrc:17 msid:camera 2f",
      "m=video 9 X 96",
      "a=msid:screen 3f",
      "m=application 9 X 1",
    ),
  );
});

test("a description tells which connection it comes from", () => {
  assert.equal(sessionId(sdp(...SESSION)), "4611731400430051336");
  assert.equal(sessionId("v=0\r\n"), undefined);
});

test("a candidate that could only call by TCP is told apart", () => {
  /** @type {(protocol: string, tcpType?: string | null) => any} */
  const candidate = (protocol, tcpType = null) => ({ protocol, tcpType });
  assert.equal(onlyDials(candidate("tcp", "active")), true);
  assert.equal(onlyDials(candidate("tcp", "passive")), false);
  assert.equal(onlyDials(candidate("udp")), false);
  assert.equal(onlyDials(null), false);
});
