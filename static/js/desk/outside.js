/**
 * A word outside the window, where the browser lets a page say one.
 */

/**
 * @param {typeof Notification | undefined} Notice
 * @param {string} words
 * @param {string} tag a later one takes its place
 * @returns {boolean} whether a page may do so here at all, permission aside
 */
export function sayOutside(Notice, words, tag) {
  if (!Notice) {
    return false;
  }
  if (Notice.permission !== "granted") {
    return true;
  }
  try {
    const notice = new Notice(words, { tag });
    notice.addEventListener("click", () => {
      window.focus();
      notice.close();
    });
    return true;
  } catch (error) {
    if (error instanceof TypeError) {
      // Chrome on Android: only a worker may, and the desk has none. The sound and the title say it.
      return false;
    }
    throw error;
  }
}
