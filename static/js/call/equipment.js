/**
 * The person's own camera and microphone while the call goes on: a microphone that gives nothing, a camera that was
 * taken away, and everything that stands still after a telephone call. Knows no DOM.
 */

/** Milliseconds of perfect silence from one's own microphone before the person is told. */
export const SILENT = 8000;
/** Milliseconds between two looks at the microphone. */
export const LOOK = 1000;
/** Milliseconds that devices have to come back by themselves, after the page is in sight again. */
export const GRACE = 2000;

/**
 * @typedef {object} EquipmentView
 * @property {(silent: boolean) => void} silent the microphone gives nothing, though it is on
 * @property {() => void} heard a microphone that was told of as silent gives something again
 * @property {(stands: boolean) => void} startAgain offers the one large button, or takes it away
 * @property {(offered: boolean) => void} retry whether a device is missing that may come back
 * @property {(found: {microphones: MediaDeviceInfo[], cameras: MediaDeviceInfo[]}, tracks: Record<string, MediaStreamTrack | null>) => void} devices
 */

export class Equipment {
  /** @type {import("./call.js").Call | null} */ #call = null;
  /** @type {any} */ #looking = null;
  /** @type {any} */ #waiting = null;
  /** What the microphone had given at the last look, and since when it gives no more. */
  #energy = -1;
  #silentSince = 0;
  #isSilent = false;
  /** Told as silent, and not heard since, whether the person still sees it or not. */
  #wasSilent = false;
  /** What the person had closed is not shown again for this microphone. @type {MediaStreamTrack | null} */ #dismissed = null;
  #stands = false;
  /** @type {Set<MediaStreamTrack>} */ #watched = new Set();

  /**
   * @param {import("./parts.js").PartOptions} options
   * @param {EquipmentView} view
   * @param {{playsAll: () => boolean, clock?: () => number}} page `playsAll`: whether every picture of the others runs
   */
  constructor(options, view, { playsAll, clock = () => performance.now() }) {
    this.options = options;
    this.view = view;
    this.playsAll = playsAll;
    this.clock = clock;
  }

  /** @param {import("./call.js").Call | null} call */
  call(call) {
    this.#call = call;
    this.options.timers.clear(this.#looking);
    this.options.timers.clear(this.#waiting);
    this.#tellSilent(false);
    this.#tellStands(false);
    this.#energy = -1;
    if (call) {
      this.#keepLooking();
    }
    this.localChanged();
  }

  /** @param {{microphones: MediaDeviceInfo[], cameras: MediaDeviceInfo[]}} found */
  devices(found) {
    this.view.devices(found, this.options.local.tracks);
  }

  localChanged() {
    const { tracks, problems } = this.options.local;
    for (const track of [tracks.microphone, tracks.camera]) {
      if (track?.addEventListener && !this.#watched.has(track)) {
        this.#watched.add(track);
        track.addEventListener("mute", () => this.#wait());
        track.addEventListener("unmute", () => this.#tellStands(!this.#runs()));
      }
    }
    if (!tracks.microphone?.enabled) {
      this.#tellSilent(false);
    }
    this.view.retry(this.#call !== null && Object.keys(problems).length > 0);
  }

  /** The page is in sight again: after a telephone call the devices may not be. */
  inSight() {
    if (this.#call) {
      this.#wait();
    }
  }

  /** The person knows that the microphone is silent. */
  dismiss() {
    this.#dismissed = this.options.local.tracks.microphone;
    this.#tellSilent(false);
  }

  /** Tries the devices again that are missing. */
  async retry() {
    const { local } = this.options;
    for (const kind of /** @type {("camera" | "microphone")[]} */ (["camera", "microphone"])) {
      if (local.problems[kind] && !local.tracks[kind]) {
        await (kind === "camera" ? local.toggleCamera() : local.toggleMicrophone());
      }
    }
  }

  /** In the tap of the large button: takes the devices anew, as they were on or off. */
  async startAgain() {
    const { local } = this.options;
    const hadMicrophone = local.state.microphone;
    const hadCamera = local.state.camera || local.problems.camera !== undefined;
    this.#tellStands(false);
    await local.open();
    if (!hadMicrophone && local.state.microphone && !local.problems.microphone) {
      await local.toggleMicrophone();
    }
    if (!hadCamera && local.state.camera) {
      await local.toggleCamera();
    }
  }

  #wait() {
    const { timers } = this.options;
    timers.clear(this.#waiting);
    this.#waiting = timers.set(() => this.#tellStands(this.#call !== null && !this.#runs()), GRACE);
  }

  /** @returns {boolean} whether all that should run does */
  #runs() {
    const { microphone, camera } = this.options.local.tracks;
    const alive = [microphone, camera].every((track) => !track || (!track.muted && track.readyState !== "ended"));
    return alive && this.playsAll();
  }

  #keepLooking() {
    this.#looking = this.options.timers.set(() => {
      this.#keepLooking();
      void this.#listen();
    }, LOOK);
  }

  /** What the microphone gives is asked of the sender: that needs no audio context, which a telephone may hold back. */
  async #listen() {
    const track = this.options.local.tracks.microphone;
    const sender = this.#call?.outgoing().find(({ source }) => source === "microphone")?.sender;
    if (!sender || !track?.enabled || track.muted) {
      this.#energy = -1;
      this.#tellSilent(false);
      return;
    }
    const energy = await energyOf(sender, track);
    const now = this.clock();
    if (this.#wasSilent && energy !== null && this.#energy >= 0 && energy > this.#energy) {
      this.#wasSilent = false;
      this.view.heard();
    }
    if (energy === null || energy !== this.#energy) {
      this.#energy = energy ?? -1;
      this.#silentSince = now;
      this.#tellSilent(false);
    } else if (now - this.#silentSince >= SILENT && track !== this.#dismissed) {
      this.#tellSilent(true);
    }
  }

  /** @param {boolean} silent */
  #tellSilent(silent) {
    if (silent !== this.#isSilent) {
      this.#isSilent = silent;
      this.#wasSilent ||= silent;
      this.view.silent(silent);
    }
  }

  /** @param {boolean} stands */
  #tellStands(stands) {
    if (stands !== this.#stands) {
      this.#stands = stands;
      this.view.startAgain(stands);
    }
  }
}

/**
 * @param {RTCRtpSender} sender
 * @param {MediaStreamTrack} track
 * @returns {Promise<number | null>} all the energy that the microphone has given (W3C WebRTC Statistics,
 *   `media-source`); nothing where the browser does not tell
 */
async function energyOf(sender, track) {
  try {
    const report = /** @type {any} */ (await sender.getStats());
    for (const entry of report.values()) {
      if (entry.type === "media-source" && entry.kind === "audio" && (entry.trackIdentifier ?? track.id) === track.id) {
        return entry.totalAudioEnergy ?? null;
      }
    }
  } catch {
    // The connection is being taken down: nobody is being talked to.
  }
  return null;
}
