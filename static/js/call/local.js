/**
 * What the person sends: microphone, camera and screen, each on or off.
 *
 * A camera that is switched off is given back, so that its light goes out; a microphone is only silenced, so that it
 * is back at once. Knows no page.
 */

/** @typedef {import("./protocol.js").Source} Source */
/** @typedef {import("./devices.js").Problem} Problem */

export class LocalMedia {
  /** @type {Record<Source, MediaStreamTrack | null>} */
  tracks = { microphone: null, camera: null, screen: null };
  /** @type {import("./devices.js").Problems} */
  problems = {};
  /** @type {import("./devices.js").Choice} */
  choice = {};
  /** Whether the devices have been asked for. */
  opened = false;
  /** Sound alone, by the person's own choice. */
  audioOnly = false;
  /** The camera was on when that was chosen, and comes back with the pictures. */
  #cameraBack = false;

  /**
   * @param {import("./devices.js").Devices} devices
   * @param {(source: Source) => void} onChange told of every change, with the source concerned
   */
  constructor(devices, onChange) {
    this.devices = devices;
    this.onChange = onChange;
  }

  /** @returns {import("./protocol.js").Media} */
  get state() {
    return {
      microphone: this.tracks.microphone?.enabled ?? false,
      camera: this.tracks.camera !== null,
      screen: this.tracks.screen !== null,
    };
  }

  /** Asks for camera and microphone, and takes what there is. */
  async open() {
    this.opened = true;
    const { microphone, camera, problems } = await this.devices.open(this.choice);
    this.problems = problems;
    this.#take("microphone", microphone);
    this.#take("camera", camera);
  }

  /** Asks once more for what could not be had, and leaves alone what works. */
  async mend() {
    if (!this.opened || (!this.tracks.microphone && !this.tracks.camera)) {
      await this.open();
      return;
    }
    if (this.problems.microphone) {
      await this.#openOne("microphone");
    }
    if (this.problems.camera && !this.audioOnly) {
      await this.#openOne("camera");
    }
  }

  /** @param {"microphone" | "camera"} kind @param {string} id of the device that the person chose */
  async choose(kind, id) {
    this.choice[kind] = id;
    if (kind === "camera" && this.audioOnly) {
      return;
    }
    const wasOn = this.state[kind];
    this.#stop(kind);
    await this.#openOne(kind);
    const track = this.tracks.microphone;
    if (kind === "microphone" && track && !wasOn) {
      track.enabled = false;
      this.onChange("microphone");
    }
  }

  /** Switches the microphone off, or on again. */
  async toggleMicrophone() {
    const track = this.tracks.microphone;
    if (track) {
      track.enabled = !track.enabled;
      this.onChange("microphone");
    } else {
      await this.#openOne("microphone");
    }
  }

  /** Switches the camera off, or on again. */
  async toggleCamera() {
    if (this.tracks.camera) {
      this.#take("camera", null);
    } else {
      await this.#openOne("camera");
    }
  }

  /**
   * Gives the camera back, or takes it again if it was on before; the screen is shown all the while.
   *
   * @param {boolean} on
   */
  async setAudioOnly(on) {
    if (on === this.audioOnly) {
      return;
    }
    this.audioOnly = on;
    if (on) {
      this.#cameraBack = this.state.camera;
      if (this.#cameraBack) {
        this.#take("camera", null);
      }
    } else if (this.#cameraBack && !this.tracks.camera) {
      await this.#openOne("camera");
      if (this.audioOnly) {
        // Thought better of it while the camera came up.
        this.#cameraBack = true;
        this.#take("camera", null);
      }
    }
  }

  /** Shows the screen to the others, or stops doing so. */
  async toggleScreen() {
    const sharing = this.tracks.screen !== null;
    const track = sharing ? null : await this.devices.share();
    if (sharing || track) {
      this.#take("screen", track);
    }
  }

  /** Gives everything back. */
  close() {
    for (const source of /** @type {Source[]} */ (["microphone", "camera", "screen"])) {
      this.#take(source, null);
    }
    this.opened = false;
    this.audioOnly = false;
  }

  /** @param {"microphone" | "camera"} kind */
  async #openOne(kind) {
    const { track, problem, refusal } = await this.devices.openOne(kind, this.choice[kind]);
    const others = { ...this.problems };
    delete others[kind];
    if (others.microphone !== "refused" && others.camera !== "refused") {
      delete others.refusal;
    }
    this.problems = { ...others, ...(problem && { [kind]: problem }), ...(refusal && { refusal }) };
    this.#take(kind, track);
  }

  /** @param {Source} source @param {MediaStreamTrack | null} track */
  #take(source, track) {
    this.#stop(source);
    this.tracks[source] = track;
    if (track) {
      // Pulled out, taken by the system, or stopped by the browser's own button.
      track.onended = () => {
        if (this.tracks[source] === track) {
          if (source !== "screen") {
            this.problems = { ...this.problems, [source]: "taken" };
            // The one that was chosen is gone: whatever else there is will do.
            delete this.choice[source];
          }
          this.tracks[source] = null;
          this.onChange(source);
        }
      };
    }
    this.onChange(source);
  }

  /** @param {Source} source */
  #stop(source) {
    const track = this.tracks[source];
    if (track) {
      track.onended = null;
      track.stop();
    }
  }
}
