/**
 * For a browser that is too old for the page's own script. That is a module in the language of 2022, of which such a
 * browser understands not a word: its page would stand still and say nothing. So the person reads what to do, and the hub
 * is told why nobody came.
 *
 * A classic script in the language of 2009 (ECMA-262, 5th edition), so that every browser can read it.
 */

(function () {
  "use strict";

  function look() {
    var told = document.getElementById("too-old");
    // The last that came of what our scripts are written with: Chrome 92, Firefox 90, Safari 15.4.
    if (!told || "at" in Array.prototype) {
      return;
    }
    var rest = document.querySelectorAll("[data-screen], #late, .device-test");
    for (var number = 0; number < rest.length; number += 1) {
      /** @type {HTMLElement} */ (rest[number]).style.display = "none";
    }
    told.hidden = false;
    /** @type {HTMLElement} */ (told.querySelector("h1")).focus();
    var address = told.getAttribute("data-trouble");
    var token = /** @type {HTMLInputElement | null} */ (document.querySelector("[name=csrfmiddlewaretoken]"));
    if (address && token) {
      var request = new XMLHttpRequest();
      request.open("POST", address);
      request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
      request.send("what=too_old_browser&csrfmiddlewaretoken=" + encodeURIComponent(token.value));
    }
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", look);
  } else {
    look();
  }
})();
