/** The statistics: says that we are counting where the next page takes longer than a second. */

import { counting, leadsOn } from "../lib/counting.js";

const place = document.getElementById("counting");
if (place) {
  const { begin, end } = counting(place, {
    set: (then, after) => setTimeout(then, after),
    clear: (timer) => clearTimeout(timer),
  });
  for (const form of document.querySelectorAll("form[data-counting]")) {
    form.addEventListener("submit", begin);
  }
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (link instanceof HTMLAnchorElement && leadsOn(event, link, location)) {
      begin();
    }
  });
  // Back by the browser's button: the page stands as it was left.
  window.addEventListener("pageshow", end);
}
