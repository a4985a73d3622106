/**
 * Shows "the doctor is ready" while the room's page sleeps, and leads back to it. Served at /sw.js for the rooms' pages;
 * fetches and keeps nothing. The hub's words come encrypted for this browser (rooms/services/push.py).
 *
 * A classic script: not every browser takes a module here.
 */

{
  const worker = /** @type {any} */ (self);

  /** @param {any} message @returns {{title: string, body: string, path: string} | null} */
  const wordsOf = (message) => {
    try {
      const { title, body, path } = message.json();
      return typeof path === "string" && path.startsWith("/m/") ? { title, body, path } : null;
    } catch {
      // Not from our hub, or of a later one.
      return null;
    }
  };

  worker.addEventListener("install", () => worker.skipWaiting());

  worker.addEventListener("push", (/** @type {any} */ event) => {
    const words = event.data && wordsOf(event.data);
    if (words) {
      event.waitUntil(
        // One tag: a second ring, and the page's own notification, take the first one's place.
        worker.registration.showNotification(words.title, {
          body: words.body,
          tag: "vdx-ring",
          renotify: true,
          requireInteraction: true,
          vibrate: [400, 200, 400, 200, 400],
          data: { path: words.path },
        }),
      );
    }
  });

  worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
    event.notification.close();
    event.waitUntil(goTo(event.notification.data?.path ?? "/"));
  });

  /** @param {string} path of the room: its open page comes to the front, else a new one opens */
  const goTo = async (path) => {
    const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
    for (const page of pages) {
      if (new URL(page.url).pathname === path) {
        page.postMessage({ type: "ring-answered" });
        await page.focus();
        return;
      }
    }
    await worker.clients.openWindow(path);
  };
}
