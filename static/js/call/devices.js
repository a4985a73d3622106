/**
 * The person's camera, microphone and screen.
 *
 * Knows no page. What cannot be had is told by a stable word, and what can be had is used all the same.
 */

import { refusalOf } from "./arrival/refusal.js";

/** Why a device cannot be had; `taken`: it was there, and is not any more. @typedef {"refused" | "busy" | "missing" | "insecure" | "failed" | "taken"} Problem */
/** By device; `refusal`: what kind of no it was, where one was refused. @typedef {{microphone?: Problem, camera?: Problem, refusal?: import("./arrival/refusal.js").Refusal}} Problems */
/** @typedef {{microphone: MediaStreamTrack | null, camera: MediaStreamTrack | null, problems: Problems}} Opened */
/** @typedef {{microphone?: string, camera?: string}} Choice chosen devices by their ids */

/**
 * @param {unknown} error as getUserMedia rejects
 * @returns {Problem}
 */
export function problemOf(error) {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") {
    return "refused";
  }
  if (name === "NotReadableError" || name === "AbortError") {
    return "busy";
  }
  return name === "NotFoundError" || name === "OverconstrainedError" ? "missing" : "failed";
}

/** @param {string | undefined} id @returns {MediaTrackConstraints} */
function sound(id) {
  const cleaned = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return id ? { ...cleaned, deviceId: { exact: id } } : cleaned;
}

/** @param {string | undefined} id @returns {MediaTrackConstraints} */
function picture(id) {
  const size = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25, max: 30 } };
  return id ? { ...size, deviceId: { exact: id } } : { ...size, facingMode: "user" };
}

export class Devices {
  /** @type {PermissionStatus[]} */ #watched = [];

  /**
   * @param {{media: MediaDevices | undefined, permissions?: Permissions | undefined}} browser `navigator`'s own;
   *   `media` is missing on a page that is not secure
   */
  constructor({ media, permissions }) {
    this.media = media;
    this.permissions = permissions;
  }

  /** Whether the browser can show the person's screen to others; phones cannot. */
  get canShare() {
    return typeof this.media?.getDisplayMedia === "function";
  }

  /**
   * Whether both may be used without asking the person.
   *
   * @returns {Promise<boolean>}
   */
  async allowed() {
    const states = await Promise.all([this.#permission("camera"), this.#permission("microphone")]);
    return states.every((state) => state === "granted");
  }

  /**
   * Opens camera and microphone, or the one that can be had.
   *
   * @param {Choice} [choice]
   * @returns {Promise<Opened>}
   */
  async open(choice = {}) {
    if (!this.media?.getUserMedia) {
      return { microphone: null, camera: null, problems: { microphone: "insecure", camera: "insecure" } };
    }
    try {
      const stream = await this.media.getUserMedia({ audio: sound(choice.microphone), video: picture(choice.camera) });
      return { microphone: stream.getAudioTracks()[0] ?? null, camera: stream.getVideoTracks()[0] ?? null, problems: {} };
    } catch (error) {
      return this.#openEach(choice, error);
    }
  }

  /**
   * One of them alone.
   *
   * @param {"microphone" | "camera"} kind
   * @param {string} [id]
   * @returns {Promise<{track: MediaStreamTrack | null, problem?: Problem, refusal?: import("./arrival/refusal.js").Refusal}>}
   */
  async openOne(kind, id) {
    if (!this.media?.getUserMedia) {
      return { track: null, problem: "insecure" };
    }
    try {
      const wanted = kind === "microphone" ? { audio: sound(id) } : { video: picture(id) };
      const stream = await this.media.getUserMedia(wanted);
      return { track: stream.getTracks()[0] ?? null };
    } catch (error) {
      return { track: null, ...(await this.#why(error, [kind])) };
    }
  }

  /**
   * The person's screen, or one of their windows.
   *
   * @returns {Promise<MediaStreamTrack | null>} nothing if the person thought better of it
   */
  async share() {
    try {
      const stream = await this.media?.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false });
      const track = stream?.getVideoTracks()[0] ?? null;
      if (track) {
        track.contentHint = "detail";
      }
      return track;
    } catch (error) {
      if (problemOf(error) === "refused") {
        return null;
      }
      throw error;
    }
  }

  /**
   * What there is to choose from; names are empty until the person has allowed one.
   *
   * @returns {Promise<{microphones: MediaDeviceInfo[], cameras: MediaDeviceInfo[]}>}
   */
  async list() {
    const all = (await this.media?.enumerateDevices()) ?? [];
    return {
      microphones: all.filter((device) => device.kind === "audioinput" && device.deviceId),
      cameras: all.filter((device) => device.kind === "videoinput" && device.deviceId),
    };
  }

  /**
   * Watches the person's own settings, where the browser tells of them.
   *
   * @param {() => void} work called when camera or microphone were allowed
   */
  async onAllowed(work) {
    for (const kind of /** @type {const} */ (["camera", "microphone"])) {
      const status = await this.#status(kind);
      status?.addEventListener?.("change", () => {
        if (status.state === "granted") {
          work();
        }
      });
      if (status) {
        // Held as long as the page is: some browsers forget the listener with the object.
        this.#watched.push(status);
      }
    }
  }

  /** @param {() => void} work called when a device is plugged in or out */
  onChange(work) {
    this.media?.addEventListener?.("devicechange", work);
  }

  /**
   * @param {Choice} choice
   * @param {unknown} error why the two could not be had together
   * @returns {Promise<Opened>}
   */
  async #openEach(choice, error) {
    const together = await this.#why(error, ["microphone", "camera"]);
    /** @param {"microphone" | "camera"} kind */
    const attempt = async (kind) => {
      // Whoever has said no to both is not asked twice more; where only one is barred, the other still opens.
      if (together.problem === "refused" && (await this.#permission(kind)) !== "granted") {
        return { track: null, ...together };
      }
      return this.openOne(kind, choice[kind]);
    };
    const microphone = await attempt("microphone");
    const camera = await attempt("camera");
    const refusal = camera.refusal ?? microphone.refusal;
    return {
      microphone: microphone.track,
      camera: camera.track,
      problems: {
        ...(microphone.problem && { microphone: microphone.problem }),
        ...(camera.problem && { camera: camera.problem }),
        ...(refusal && { refusal }),
      },
    };
  }

  /**
   * @param {unknown} error
   * @param {ReadonlyArray<"camera" | "microphone">} kinds that were asked for
   * @returns {Promise<{problem: Problem, refusal?: import("./arrival/refusal.js").Refusal}>}
   */
  async #why(error, kinds) {
    const problem = problemOf(error);
    if (problem !== "refused") {
      return { problem };
    }
    return { problem, refusal: refusalOf(error, await Promise.all(kinds.map((kind) => this.#permission(kind)))) };
  }

  /** @param {"camera" | "microphone"} kind @returns {Promise<PermissionState | null>} nothing where it does not say */
  async #permission(kind) {
    return (await this.#status(kind))?.state ?? null;
  }

  /** @param {"camera" | "microphone"} kind @returns {Promise<PermissionStatus | null>} */
  async #status(kind) {
    try {
      return (await this.permissions?.query({ name: /** @type {PermissionName} */ (kind) })) ?? null;
    } catch {
      // Browsers that do not know the question refuse it.
      return null;
    }
  }
}

/**
 * Loudness of a piece of sound, as a meter shows it.
 *
 * @param {Uint8Array} wave samples around 128, as an AnalyserNode gives them
 * @returns {number} 0 (silence) to 1
 */
export function loudness(wave) {
  let squares = 0;
  for (const sample of wave) {
    squares += ((sample - 128) / 128) ** 2;
  }
  const level = Math.sqrt(squares / Math.max(1, wave.length));
  // Speech lies between -50 and -10 dB of full scale.
  const decibels = 20 * Math.log10(Math.max(level, 1e-5));
  return Math.min(1, Math.max(0, (decibels + 50) / 40));
}

/**
 * Watches how loud a track is.
 *
 * @param {MediaStreamTrack} track
 * @param {(level: number, peak: number | null) => void} show called ten times a second with 0 to 1, and with the
 *   loudest sample, 0 to 1; no such where the track is off, or the browser's sound sleeps
 * @param {typeof AudioContext} [Context]
 * @returns {{stop: () => void, wake: () => void}} `wake` on the person's first touch: some browsers listen only then
 */
export function watchLevel(track, show, Context = AudioContext) {
  const context = new Context();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const wave = new Uint8Array(analyser.fftSize);
  const fine = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getByteTimeDomainData(wave);
    analyser.getFloatTimeDomainData(fine);
    const heard = track.enabled && context.state === "running";
    show(track.enabled ? loudness(wave) : 0, heard ? fine.reduce((most, now) => Math.max(most, Math.abs(now)), 0) : null);
  }, 100);
  return {
    stop: () => {
      clearInterval(timer);
      void context.close();
    },
    wake: () => void context.resume(),
  };
}
