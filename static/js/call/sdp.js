/**
 * Small changes to session descriptions (RFC 8866), as pure functions on their text.
 */

const LINE_END = "\r\n";

/**
 * The description cut before each of its media sections; the first piece is the session's own.
 *
 * @param {string} sdp
 * @returns {string[]}
 */
function sections(sdp) {
  return sdp.split(/^(?=m=)/m);
}

/**
 * Opus with in-band forward error correction (a lost packet is mended from the next) and without discontinuous
 * transmission (silence is sent, so that it does not chop): RFC 7587, section 6.1.
 *
 * @param {string} sdp
 * @returns {string}
 */
export function tuneOpus(sdp) {
  return sections(sdp)
    .map((section) => {
      const type = /^a=rtpmap:(\d+) opus\/48000/im.exec(section)?.[1];
      if (!section.startsWith("m=audio") || type === undefined) {
        return section;
      }
      const parameters = new RegExp(`^a=fmtp:${type} (.*)$`, "m");
      const given = parameters.exec(section)?.[1]?.trim() ?? "";
      const kept = given.split(";").filter((part) => part.trim() && !/^\s*(useinbandfec|usedtx)=/.test(part));
      const line = `a=fmtp:${type} ${[...kept, "useinbandfec=1"].join(";")}`;
      if (parameters.test(section)) {
        return section.replace(new RegExp(`^a=fmtp:${type} [^\r\n]*`, "m"), line);
      }
      return section.replace(new RegExp(`^(a=rtpmap:${type} [^\r\n]*)`, "m"), `$1${LINE_END}${line}`);
    })
    .join("");
}

/**
 * Lets whoever sends pictures to the other side begin with so many kbit/s. A browser begins with 300, drops its first
 * frames as too large for that, and shows the first ones at 320 x 180; what the line really carries it finds out all the
 * same. Chromium alone knows the word; the others pass over it, as over any parameter that they do not know.
 *
 * @param {string} sdp the other side's description
 * @param {number} kilobits
 * @returns {string}
 */
export function beginAt(sdp, kilobits) {
  const word = `x-google-start-bitrate=${kilobits}`;
  return sections(sdp)
    .map((section) => {
      if (!section.startsWith("m=video")) {
        return section;
      }
      const codecs = [...section.matchAll(/^a=rtpmap:(\d+) (?:VP8|VP9|H264|AV1)\/90000/gim)];
      return codecs.reduce((text, [line, type]) => {
        const given = new RegExp(`^a=fmtp:${type} [^\r\n]+`, "m");
        return given.test(text)
          ? text.replace(given, `$&;${word}`)
          : text.replace(line, `${line}${LINE_END}a=fmtp:${type} ${word}`);
      }, section);
    })
    .join("");
}

/**
 * Names the streams as the protocol asks: sound and the first video belong to `camera`, the second video to `screen`.
 * A browser draws the ids of its streams itself, so they are put in here.
 *
 * @param {string} sdp
 * @returns {string}
 */
export function nameStreams(sdp) {
  let videos = 0;
  return sections(sdp)
    .map((section) => {
      if (section.startsWith("m=video")) {
        videos += 1;
      } else if (!section.startsWith("m=audio")) {
        return section;
      }
      const stream = videos > 1 ? "screen" : "camera";
      return section
        .replace(/^a=msid:\S+/gm, `a=msid:${stream}`)
        .replace(/^(a=ssrc:\d+ msid:)\S+/gm, `$1${stream}`);
    })
    .join("");
}

/**
 * The id that a peer connection gives to its descriptions: another one comes from another connection.
 *
 * @param {string} sdp
 * @returns {string | undefined}
 */
export function sessionId(sdp) {
  return /^o=\S+ (\S+)/m.exec(sdp)?.[1];
}

/**
 * Whether a browser could use this candidate of its own to call by TCP only, and nobody could call it: the other side
 * has no use for it (RFC 6544, section 4.1), and hearing of it would only take time.
 *
 * @param {RTCIceCandidate | null} candidate
 * @returns {boolean}
 */
export function onlyDials(candidate) {
  return candidate?.protocol === "tcp" && candidate.tcpType === "active";
}
