/**
 * Bytes as text, and back, as they travel over the socket (RFC 4648, 4).
 */

/** So many bytes are turned at once; more arguments would be too many for some browsers. */
const STEP = 8192;

/** @param {Uint8Array} bytes @returns {string} */
export function toBase64(bytes) {
  let binary = "";
  for (let start = 0; start < bytes.length; start += STEP) {
    binary += String.fromCharCode(...bytes.subarray(start, start + STEP));
  }
  return btoa(binary);
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer> | null} nothing where it is no base64 */
export function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}
