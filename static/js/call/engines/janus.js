/** Janus: it answers what this page offers on `publish`, and offers on `subscribe`. */

import { ServerEngine } from "./server.js";

export class JanusEngine extends ServerEngine {
  name = "janus";

  /** @override @param {import("../protocol.js").MediaEvent} data */
  opens(data) {
    return data.event === "make-offer" ? data.leg === "publish" && Number.isSafeInteger(data.revision) : super.opens(data);
  }

  /** @override @param {import("../protocol.js").MediaEvent} data */
  describe(data) {
    if (data.event === "make-offer") {
      this.leg("publish")?.makeOffer(Number(data.revision));
    } else {
      super.describe(data);
    }
  }

  /** @override @param {import("../protocol.js").MediaEvent} data */
  hear(data) {
    const { event, leg, revision, sdp } = data;
    if (event === "answer" && leg === "publish" && Number.isSafeInteger(revision) && typeof sdp === "string") {
      this.leg("publish")?.answered(Number(revision), sdp);
    } else {
      super.hear(data);
    }
  }
}
