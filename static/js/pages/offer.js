/**
 * Says that the questionnaire was offered to a browser that has no place in the call, so that it is counted once. A
 * look at the page alone changes nothing: programs that fetch links ahead of people run no scripts.
 */

const offer = /** @type {HTMLElement | null} */ (document.querySelector("[data-shown]"));
const token = /** @type {HTMLInputElement | null} */ (offer?.querySelector("[name=csrfmiddlewaretoken]"));
if (offer && token) {
  fetch(offer.dataset["shown"] ?? "", { method: "POST", headers: { "X-CSRFToken": token.value } }).catch(() => {
    // Away for a moment: the offer stands all the same, and is counted when it is answered.
  });
}
