/**
 * The portal's menu on a narrow screen: closed until its button is pressed. Escape closes it.
 *
 * @param {HTMLElement} button with `aria-controls` naming the menu
 */
export function enhanceMenu(button) {
  const menu = document.getElementById(button.getAttribute("aria-controls") ?? "");
  if (!menu) {
    return;
  }
  /** @param {boolean} open */
  const show = (open) => {
    menu.classList.toggle("is-open", open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.hidden = false;
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
      show(false);
      button.focus();
    }
  });
}
