/**
 * One meeting: forms that are sent once, and an end that follows the start.
 */

import { enhanceForms } from "../lib/forms.js";
import { keepLength } from "../lib/wallclock.js";

/**
 * @param {string} id
 * @returns {HTMLInputElement | null}
 */
const input = (id) => /** @type {HTMLInputElement | null} */ (document.getElementById(id));

enhanceForms(document);
keepLength(input("id_move-start"), input("id_move-end"));
