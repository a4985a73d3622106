/** The relay: the hub's own media server, which makes every offer itself. */

import { ServerEngine } from "./server.js";

export class RelayEngine extends ServerEngine {
  name = "relay";
}
