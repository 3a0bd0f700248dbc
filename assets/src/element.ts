// The two things that the page does with elements again and again.

/** An element that index.html is sure to have: if it has not, the build is broken, and that must be loud. */
export function byId<E extends HTMLElement>(id: string, type: new () => E): E {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`index.html has no #${id}`);
  return element;
}

/** Always as text: nothing that came from a room is ever read as HTML. */
export function make(tag: string, className: string, text?: string): HTMLElement {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}
