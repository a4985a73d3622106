/**
 * Times of day as time fields hold them: `09:15`.
 */

const DAY = 24 * 60;

/**
 * @param {string} text
 * @returns {number | null} minutes since midnight, or null for anything else than a time
 */
export function minutesOf(text) {
  const parts = /^(\d{1,2}):(\d{2})/.exec(text);
  if (!parts) {
    return null;
  }
  const minutes = Number(parts[1]) * 60 + Number(parts[2]);
  return minutes < DAY ? minutes : null;
}

/**
 * The end that keeps a meeting's length when its start is moved. It goes no further than midnight, `00:00`, since a
 * meeting booked in the portal ends on the day it starts.
 *
 * @param {string} before the start as it was
 * @param {string} after the start as it is
 * @param {string} end the end as it was
 * @returns {string} the end as it shall be; unchanged where one of the times is missing
 */
export function movedEnd(before, after, end) {
  const [was, is, ended] = [minutesOf(before), minutesOf(after), minutesOf(end)];
  if (was === null || is === null || ended === null) {
    return end;
  }
  const length = (ended || DAY) - was;
  if (length <= 0) {
    return end;
  }
  const minutes = Math.min(is + length, DAY) % DAY;
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/**
 * Lets the end follow the start, so that the length stays.
 *
 * @param {HTMLInputElement | null} start
 * @param {HTMLInputElement | null} end
 */
export function keepLength(start, end) {
  if (!start || !end) {
    return;
  }
  let before = start.value;
  start.addEventListener("change", () => {
    if (minutesOf(start.value) !== null) {
      end.value = movedEnd(before, start.value, end.value);
      before = start.value;
    }
  });
}
