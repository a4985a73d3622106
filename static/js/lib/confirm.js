/**
 * Asks before something that cannot be undone.
 *
 *     <form method="post" data-confirm="cancel-dialog">…</form>
 *     <dialog class="dialog" id="cancel-dialog" aria-labelledby="…">
 *       <h2 id="…">Aflys mødet?</h2><p>…</p>
 *       <form method="dialog" class="buttons">
 *         <button class="button button-warning" value="yes">Ja, aflys mødet</button>
 *         <button class="button button-secondary" value="no">Nej, behold det</button>
 *       </form>
 *     </dialog>
 *
 * Without scripts the form is sent at once, so the server asks again where a slip would hurt.
 */

/**
 * Opens a dialog and tells what was chosen. Closing it by Escape counts as no.
 *
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<boolean>} whether the button with the value `yes` was pressed
 */
export function ask(dialog) {
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}

/**
 * Makes a form ask first.
 *
 * @param {HTMLFormElement} form
 */
export function enhanceConfirm(form) {
  let agreed = false;
  form.addEventListener("submit", async (event) => {
    const dialog = document.getElementById(form.dataset["confirm"] ?? "");
    if (agreed || !(dialog instanceof HTMLDialogElement)) {
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    if (await ask(dialog)) {
      agreed = true;
      form.requestSubmit(submitter);
      agreed = false;
    }
  });
}
