/**
 * What every engine of the page can do, and what it is given. Types only: `direct.js`, `relay.js`, `janus.js`, `fake.js`.
 */

/** @typedef {import("../protocol.js").Source} Source */
/** @typedef {import("../protocol.js").SignalData} SignalData */
/** @typedef {"connecting" | "connected" | "interrupted" | "closed"} PeerState */

/**
 * One of the others, as an engine sees them.
 *
 * @typedef {object} PeerView
 * @property {boolean} alive whether sound and picture come through, or did until a moment ago
 * @property {PeerState} state
 * @property {{connection: string, ice: string}} words the connection's own, for the samples of quality
 * @property {() => Promise<Map<string, any>>} getStats of the connections that carry this one: `inbound-rtp` of this
 *   one alone, and `outbound-rtp`, `transport`, `candidate-pair` and candidates
 */

/**
 * @typedef {object} Engine
 * @property {string} name
 * @property {boolean} alive whether any connection lives that should outlast the socket
 * @property {number | null} epoch of the connections to the media server, while they live
 * @property {[string, PeerView][]} peers by seat
 * @property {(info: import("../protocol.js").EngineInfo) => void} start once at first, and with fresh servers later
 * @property {(participant: import("../protocol.js").Participant) => void} participant somebody takes part, or comes back
 * @property {(seat: string, reason: "left" | "refused" | "lost") => boolean} gone whether their media may go on all the same
 * @property {(from: string, instance: string | null, data: import("../protocol.js").SignalData & import("../protocol.js").MediaEvent) => void} signal
 * @property {(source: Source, track: MediaStreamTrack | null) => void} send a track to everybody, or nothing
 * @property {(wants: Record<string, Source[]>) => void} want what is wanted of each seat; of one that is not named, everything
 * @property {() => {source: Source, sender: RTCRtpSender}[]} outgoing
 * @property {() => void} resume the socket is back
 * @property {() => void} wake the network or the page is back: see whether the connections still carry anything
 * @property {() => void} leaving another engine takes over: nothing is repaired and nobody new is met, what stands goes on
 * @property {(seat: string) => boolean} moved this one comes from the engine that takes over; false while that cannot be told
 * @property {() => void} close
 */

/**
 * @typedef {object} EngineOptions
 * @property {string} seat our own
 * @property {(to: string, instance: string | null, data: Record<string, unknown>) => boolean} signal to a seat, or to `media` without an instance; false while the hub is away
 * @property {() => boolean} reachable whether the hub passes signals on just now
 * @property {() => Promise<RTCIceServer[]>} freshServers
 * @property {(seat: string, source: Source, track: MediaStreamTrack) => void} onTrack
 * @property {(seat: string, state: PeerState) => void} onState
 * @property {(sources: Source[]) => void} [onWanted] what anybody wants of us: the rest need not be encoded
 * @property {() => void} [onPoor] the way down is too weak for pictures
 * @property {() => void} [onHopeless] the browsers cannot reach each other
 * @property {(code: string) => void} [onFailed] the media server has no place for us now
 * @property {(error: unknown) => void} [onError] something went wrong that repair must mend
 * @property {(configuration: RTCConfiguration) => import("../spare.js").LaidOut | null} [spare] a connection that is laid out already
 * @property {typeof RTCPeerConnection} [PeerConnection]
 * @property {import("../signalling.js").Timers} [timers]
 */

/**
 * @typedef {object} PeerOptions what one direct connection (peer.js) is given
 * @property {boolean} polite gives way when both offer at once, and never makes the first offer
 * @property {RTCIceServer[]} iceServers
 * @property {RTCIceTransportPolicy} [iceTransportPolicy]
 * @property {Record<Source, MediaStreamTrack | null>} tracks what this side sends now
 * @property {(data: SignalData) => boolean} send false while there is no way to the other side
 * @property {() => boolean} reachable whether the way to the other side is open: without it nothing can be repaired
 * @property {() => Promise<RTCIceServer[]>} freshServers
 * @property {(source: Source, track: MediaStreamTrack) => void} onTrack
 * @property {(state: PeerState) => void} onState
 * @property {() => void} [onHopeless] the two cannot reach each other
 * @property {(error: unknown) => void} onError something went wrong that repair must mend
 * @property {(configuration: RTCConfiguration) => import("../spare.js").LaidOut | null} [spare] one that is laid out
 * @property {typeof RTCPeerConnection} [PeerConnection]
 * @property {import("../signalling.js").Timers} [timers]
 */

export {};
