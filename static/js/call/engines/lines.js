/**
 * The lines of a connection: sound, camera and screen, in this order, whoever makes the offer.
 */

import { firstScale, pixelsOf } from "../line.js";

/** @typedef {import("../protocol.js").Source} Source */

/** @type {readonly Source[]} */
export const SOURCES = Object.freeze(["microphone", "camera", "screen"]);

/** Bits a second at most, until the adaptation knows better. @type {Readonly<Record<Source, number>>} */
export const LIMITS = Object.freeze({ microphone: 48_000, camera: 1_500_000, screen: 1_500_000 });

/** @param {Source} source @returns {"audio" | "video"} */
export const kindOf = (source) => (source === "microphone" ? "audio" : "video");

/**
 * The lines that the other side has laid out.
 *
 * @param {RTCRtpTransceiver[]} transceivers
 * @returns {Partial<Record<Source, RTCRtpTransceiver>>}
 */
export function laidOut(transceivers) {
  const [microphone] = transceivers.filter((line) => line.receiver.track.kind === "audio");
  const [camera, screen] = transceivers.filter((line) => line.receiver.track.kind === "video");
  return { ...(microphone && { microphone }), ...(camera && { camera }), ...(screen && { screen }) };
}

/**
 * Whose track this is, by the name of its stream, else by its place.
 *
 * @param {MediaStreamTrack} track
 * @param {RTCRtpTransceiver} transceiver
 * @param {readonly MediaStream[]} streams
 * @param {RTCRtpTransceiver[]} transceivers of the connection
 * @returns {Source}
 */
export function sourceOf(track, transceiver, streams, transceivers) {
  if (track.kind === "audio") {
    return "microphone";
  }
  const named = streams[0]?.id;
  if (named === "camera" || named === "screen") {
    return named;
  }
  return laidOut(transceivers).screen === transceiver ? "screen" : "camera";
}

/**
 * Holds a sender to what it may send until the adaptation knows better: so many bits, and small pictures first.
 *
 * @param {RTCRtpSender} sender
 * @param {Source} source
 * @returns {Promise<boolean>} false while there is nothing yet that could be limited
 */
export async function limit(sender, source) {
  const parameters = sender.getParameters();
  const encoding = parameters.encodings?.[0];
  if (!encoding) {
    return false;
  }
  encoding.maxBitrate = LIMITS[source];
  if (source === "camera") {
    encoding.scaleResolutionDownBy = firstScale(pixelsOf(sender.track));
  }
  await sender.setParameters(parameters);
  return true;
}
