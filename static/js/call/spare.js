/**
 * A connection that is laid out while one waits, for the moment in which one is let in.
 *
 * To look what sound and picture this device can handle, and to write an offer, takes a browser a while, and the first
 * time longest. An offer that is ready goes out at once, before the page lays out the call. Nothing is looked for on
 * this device's network meanwhile: only a description that is set begins that. Knows no DOM.
 */

import { SOURCES, kindOf } from "./engines/lines.js";

/** The same for every connection between two browsers. */
export const BUNDLE = /** @type {RTCBundlePolicy} */ ("max-bundle");

/** @typedef {import("./protocol.js").Source} Source */
/**
 * @typedef {object} LaidOut
 * @property {RTCPeerConnection} connection
 * @property {Map<Source, RTCRtpTransceiver>} lines without tracks
 * @property {RTCSessionDescriptionInit} offer not set yet
 */

/** A part of the room (parts.js). */
export class Spare {
  /** @type {LaidOut | null} */ #laidOut = null;
  #done = false;

  /** @param {typeof RTCPeerConnection} [PeerConnection] */
  constructor(PeerConnection = globalThis.RTCPeerConnection) {
    this.PeerConnection = PeerConnection;
  }

  /** Lays one out, once a page. */
  async welcomed() {
    if (this.#done || !this.PeerConnection) {
      return;
    }
    this.#done = true;
    /** @type {RTCPeerConnection | null} */ let connection = null;
    try {
      connection = new this.PeerConnection({ bundlePolicy: BUNDLE });
      /** @type {LaidOut["lines"]} */ const lines = new Map();
      for (const source of SOURCES) {
        lines.set(source, connection.addTransceiver(kindOf(source), { direction: "sendrecv" }));
      }
      const offer = await connection.createOffer();
      this.#laidOut = { connection, lines, offer };
    } catch {
      // Whatever is wrong comes up with the call's own connection, which knows what to do about it.
      connection?.close();
    }
  }

  /**
   * Hands it over, to be used and closed by whoever asks first.
   *
   * @param {RTCConfiguration} configuration of the connection that is wanted
   * @returns {LaidOut | null} nothing while there is none, or where the browser does not let it be configured
   */
  take(configuration) {
    const taken = this.#laidOut;
    this.#laidOut = null;
    try {
      taken?.connection.setConfiguration(configuration);
      return taken;
    } catch {
      taken?.connection.close();
      return null;
    }
  }

  /** The room is left behind: nobody needs it any more. */
  ended() {
    this.#laidOut?.connection.close();
    this.#laidOut = null;
  }
}
