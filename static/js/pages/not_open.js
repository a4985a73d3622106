/**
 * Before the room opens: goes on by itself when the time has come.
 */

import { readData } from "../lib/page-data.js";

/** Milliseconds after which the page looks again anyhow: the meeting may have been moved. */
const LOOK_AGAIN = 60_000;
/** Milliseconds that our clock may be ahead of the hub's. */
const SLACK = 1500;

/** @type {{opensAt: string | null}} */
const { opensAt } = readData("room-data");
const left = opensAt ? new Date(opensAt).getTime() - Date.now() + SLACK : LOOK_AGAIN;
setTimeout(() => location.reload(), Math.min(Math.max(left, SLACK), LOOK_AGAIN));
