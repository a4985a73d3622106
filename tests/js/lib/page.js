/**
 * As much of a page as the small helpers touch, for tests on Node: elements with text, attributes and listeners.
 * Whether they work in a true browser is shown by the browser tests.
 */

export class FakeElement extends EventTarget {
  /** @param {string} [text] */
  constructor(text = "") {
    super();
    this.textContent = text;
    this.hidden = false;
    /** @type {Record<string, string>} */
    this.dataset = {};
    /** @type {Map<string, string>} */
    this.attributes = new Map();
    /** @type {Map<string, FakeElement>} */
    this.children = new Map();
    /** @type {Set<string>} */
    this.classes = new Set();
    this.focused = 0;
    this.classList = {
      /** @param {string} name @param {boolean} [on] */
      toggle: (name, on = !this.classes.has(name)) => (on ? this.classes.add(name) : this.classes.delete(name)),
      /** @param {string} name */
      remove: (name) => this.classes.delete(name),
    };
  }

  /** @param {string} name */
  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  /** @param {string} name @param {string} value */
  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  /** @param {string} selector */
  querySelector(selector) {
    return this.children.get(selector) ?? null;
  }

  focus() {
    this.focused += 1;
  }
}

/**
 * Puts elements on the page by their ids, and takes them off again.
 *
 * @param {Record<string, object>} elements
 * @returns {() => void} undoes it
 */
export function withPage(elements) {
  const before = Object.getOwnPropertyDescriptor(globalThis, "document");
  Object.defineProperty(globalThis, "document", {
    configurable: true,
    value: { getElementById: (/** @type {string} */ id) => elements[id] ?? null },
  });
  return () => {
    if (before) {
      Object.defineProperty(globalThis, "document", before);
    } else {
      Reflect.deleteProperty(globalThis, "document");
    }
  };
}

/**
 * A fake element, typed as the helper under test asks.
 *
 * @template T
 * @param {object} element
 * @returns {T}
 */
export function as(element) {
  return /** @type {T} */ (element);
}
