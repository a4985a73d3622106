/**
 * What this device sends, and wants of the others, fitted to the line by the rules of `line.js`.
 *
 * The browser's own estimate of the line rules the encoders from moment to moment, since it follows the receivers'
 * reports (REMB, transport-cc). Here is done what it cannot know: how many share the line, that frames go before size
 * (sign language needs 20 a second at least), whether anybody looks, and when sound goes alone. Knows no DOM.
 */

import * as rules from "./line.js";

/** @typedef {import("./protocol.js").Source} Source */

/** What each sender has been told to keep: not every browser says it again. @type {WeakMap<RTCRtpSender, string>} */
const kept = new WeakMap();

/**
 * Makes a sender do as planned, where it does not yet.
 *
 * @param {RTCRtpSender} sender
 * @param {rules.Plan} plan
 * @returns {Promise<void>}
 */
export async function carryOut(sender, plan) {
  if (sender.track && plan.hint && sender.track.contentHint !== plan.hint) {
    sender.track.contentHint = plan.hint;
  }
  /** @type {RTCRtpSendParameters & {degradationPreference?: string}} */
  const parameters = sender.getParameters();
  const encoding = parameters.encodings?.[0];
  if (!encoding) {
    // Not negotiated yet.
    return;
  }
  const { active = true, maxBitrate, scaleResolutionDownBy = 1 } = encoding;
  const scale = plan.scale ?? scaleResolutionDownBy;
  const keeps = plan.keep === null || kept.get(sender) === plan.keep;
  if (active === plan.active && maxBitrate === plan.maxBitrate && scaleResolutionDownBy === scale && keeps) {
    return;
  }
  Object.assign(encoding, { active: plan.active, maxBitrate: plan.maxBitrate });
  if (plan.scale !== null) {
    encoding.scaleResolutionDownBy = plan.scale;
  }
  if (plan.keep) {
    parameters.degradationPreference = plan.keep;
  }
  try {
    await sender.setParameters(parameters);
    if (plan.keep) {
      kept.set(sender, plan.keep);
    }
  } catch {
    // The line is being negotiated or taken down just now; the next look tries again.
  }
}

/** @param {RTCRtpSender} sender @returns {Promise<any[]>} */
async function reportOf(sender) {
  try {
    return [...(await sender.getStats()).values()];
  } catch {
    // Its connection is being taken down: there is nothing to report.
    return [];
  }
}

/**
 * @typedef {object} AdaptationOptions
 * @property {() => {source: Source, sender: RTCRtpSender}[]} outgoing every sender of every connection
 * @property {() => number} devices in the call, this one included
 * @property {() => boolean} direct whether the other browser gets what this one sends by itself. On a server the estimate
 *   of our line is also that of whoever listens with the least: only our own losses show that ours is the weak one
 * @property {() => void} onWant what is wanted of the others has changed; see `wants`
 * @property {(weak: {weakUp: boolean, weakDown: boolean}) => void} onWeak our pictures are not sent, the others' do not come
 * @property {() => number} [clock] milliseconds, never jumping
 */

export class Adaptation {
  /** @type {ReadonlySet<Source>} */ #wanted = new Set(rules.ALL);
  #size = rules.FULL;
  #up = rules.OPEN;
  #down = rules.OPEN;
  /** @type {number | null} */ #weakSince = null;
  /** @type {number | null} */ #strongSince = null;
  /** When the others had missed packets of ours last. */ #lossyAt = -Infinity;
  /** @type {{at: number, bytes: number} | null} */ #sent = null;
  #content = false;
  /** @type {{at: number, received: number, lost: number} | null} */ #arrived = null;
  #poor = false;
  /** @type {number | null} */ #hiddenSince = null;
  #told = "";
  /** When the connection of each sender stood first. @type {WeakMap<RTCRtpSender, number>} */ #begun = new WeakMap();

  /** @param {AdaptationOptions} options */
  constructor(options) {
    this.options = options;
    this.clock = options.clock ?? (() => performance.now());
    this.#told = JSON.stringify([this.wants, this.weak]);
  }

  /** Whether our pictures are held back, and whether the others' are not taken, because the line is weak. */
  get weak() {
    return { weakUp: this.#up.phase !== "pictures", weakDown: this.#down.phase !== "pictures" };
  }

  /** What this device can use of the others. @returns {Source[]} */
  get wants() {
    if (this.#down.phase === "sound") {
      return ["microphone"];
    }
    const unseen = this.#hiddenSince !== null && this.clock() - this.#hiddenSince >= rules.HIDDEN_FOR;
    return unseen ? ["microphone", "screen"] : [...rules.ALL];
  }

  /** @param {readonly Source[]} sources what anybody wants of us; the rest is not encoded */
  wanted(sources) {
    this.#wanted = new Set(sources);
    this.apply();
  }

  /** The server says that the way down is too weak for pictures. */
  poor() {
    this.#poor = true;
  }

  /** @param {boolean} visible whether the page is in sight */
  visible(visible) {
    this.#hiddenSince = visible ? null : (this.#hiddenSince ?? this.clock());
    this.#tell();
  }

  /**
   * One look at the line, twice a second.
   *
   * @param {Map<string, any[]>} reports of the connections, by the seat whose media come over them
   */
  async look(reports) {
    const lines = this.options.outgoing().filter(({ source, sender }) => source !== "microphone" && sender.track);
    const sent = await Promise.all(lines.map(async ({ source, sender }) => ({ source, sender, report: await reportOf(sender) })));
    const now = this.clock();
    this.#lookUp(sent, now);
    this.#lookDown([...reports.values()].flat(), now);
    this.apply();
    this.#tell();
  }

  /** @param {{source: Source, sender: RTCRtpSender, report: any[]}[]} sent @param {number} now */
  #lookUp(sent, now) {
    // While the call moves there are two connections; the older one knows the line better than one that has just begun.
    const guesses = sent.map(({ report }) => rules.estimateOf(report)).filter((guess) => guess !== null);
    const estimate = guesses.length > 0 ? Math.max(...guesses) : null;
    const sending = this.#up.phase !== "sound" && estimate !== null;
    this.#weakSince = sending && estimate < rules.WEAK ? (this.#weakSince ?? now) : null;
    this.#strongSince = sending && estimate >= rules.STRONG ? (this.#strongSince ?? now) : null;
    this.#lossyAt = sent.some(({ report }) => rules.lossy(report)) ? now : this.#lossyAt;
    const ours = this.options.direct() || now - this.#lossyAt < rules.LOSSY_FOR;
    const tried = this.#up.phase === "trial" && now - this.#up.at >= rules.TRY;
    const strong = this.#strongSince !== null && now - this.#strongSince >= rules.STRONG_FOR;
    const weak = this.#weakSince !== null && now - this.#weakSince >= rules.WEAK_FOR;
    const good = strong || (tried && !ours);
    const bad = ours && (this.#up.phase === "trial" ? tried && !strong : weak);
    if (sent.length === 0) {
      this.#up = rules.open(this.#up, now);
    } else if (sent.some(({ source }) => this.#wanted.has(source))) {
      // What nobody wants says nothing about the line.
      this.#up = rules.weigh(this.#up, { bad, good }, now);
    }
    const camera = sent.find(({ source }) => source === "camera");
    if (camera) {
      const sharing = sent.some(({ source }) => source === "screen");
      const bits = rules.cameraBudget({ devices: this.options.devices(), estimate, sharing });
      const slow = rules.tooSlow(camera.report);
      const content = this.#needsNoMore(rules.sentOf(camera.report), now);
      this.#size = rules.resize(this.#size, { bits, pixels: rules.pixelsOf(camera.sender.track), slow, content }, now);
    }
  }

  /** Whether the encoder leaves bits unused, over the last two seconds or so. @param {{bytes: number, target: number}} sent @param {number} now */
  #needsNoMore({ bytes, target }, now) {
    const before = this.#sent;
    if (!before || bytes < before.bytes) {
      this.#sent = { at: now, bytes };
      this.#content = false;
    } else if (now - before.at >= rules.MEASURED) {
      const rate = ((bytes - before.bytes) * 8000) / (now - before.at);
      this.#sent = { at: now, bytes };
      this.#content = target > 0 && rate < rules.CONTENT * target;
    }
    return this.#content;
  }

  /** @param {any[]} report @param {number} now */
  #lookDown(report, now) {
    const bad = this.#poor || this.#losing(rules.picturesOf(report), now);
    this.#poor = false;
    this.#down = rules.weigh(this.#down, { bad, good: now - this.#down.at >= rules.TRY }, now);
  }

  /** Whether too much of the others' pictures was lost on the way. @param {{received: number, lost: number}} sums @param {number} now */
  #losing(sums, now) {
    const before = this.#arrived;
    const begins = !before || sums.received < before.received || sums.lost < before.lost;
    if (!begins && now - before.at < rules.LOSS_FOR) {
      return false;
    }
    this.#arrived = { at: now, ...sums };
    if (begins) {
      return false;
    }
    const lost = sums.lost - before.lost;
    const sent = lost + sums.received - before.received;
    return sent >= rules.LOSS_OF && lost / sent >= rules.LOSS;
  }

  #tell() {
    const told = JSON.stringify([this.wants, this.weak]);
    if (told !== this.#told) {
      this.#told = told;
      this.options.onWant();
      this.options.onWeak(this.weak);
    }
  }

  /** Has every sender do as planned; also to be called when a connection was made. */
  apply() {
    const state = { wanted: this.#wanted, up: this.#up.phase, devices: this.options.devices() };
    const size = rules.scaleOf(this.#size);
    const now = this.clock();
    for (const { source, sender } of this.options.outgoing()) {
      const scale = this.#begins(sender, now) ? Math.max(size, rules.firstScale(rules.pixelsOf(sender.track))) : size;
      void carryOut(sender, rules.planFor(source, { ...state, scale }));
    }
  }

  /** Whether its first pictures are yet to come, or have only just gone. @param {RTCRtpSender} sender @param {number} now */
  #begins(sender, now) {
    const { transport } = sender;
    // Browsers that do not know a sender's transport are taken to be connected.
    const waits = transport === null || (transport && transport.state !== "connected");
    if (waits && !this.#begun.has(sender)) {
      return true;
    }
    const begun = this.#begun.get(sender) ?? now;
    this.#begun.set(sender, begun);
    return now - begun < rules.FIRST_FOR;
  }
}
