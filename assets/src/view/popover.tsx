// A popover next to the element that has opened it. It closes when another element is pressed. On a phone the style
// sheet turns it into a sheet at the bottom.

import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Props {
  readonly label: string;
  readonly className: string;
  readonly role: 'menu' | 'dialog';
  readonly anchor: Element;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

const MARGIN_PX = 8;

export function Popover({ label, className, role, anchor, onClose, children }: Props): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return undefined;
    box.showPopover();
    place(box, anchor.getBoundingClientRect());
    box.querySelector<HTMLElement>('[data-first], button, input')?.focus();
    // Not `toggle`, which comes a task later, when a fast key may have opened the next popover.
    const closing = (event: Event): void => {
      if ((event as ToggleEvent).newState === 'closed') onClose();
    };
    box.addEventListener('beforetoggle', closing);
    return () => {
      box.removeEventListener('beforetoggle', closing);
      // The focus returns to the element that has opened the popover.
      if (box.contains(document.activeElement) && anchor instanceof HTMLElement) anchor.focus({ preventScroll: true });
    };
  }, []);
  return (
    <div
      ref={element}
      class={`popover ${className}`}
      popover="auto"
      role={role}
      aria-label={label}
      onKeyDown={(event) => moveBetweenChoices(event, role)}
    >
      {children}
    </div>
  );
}

/** Places the box below the anchor, or above it if there is no room, and always inside the window. */
function place(box: HTMLElement, anchor: DOMRect): void {
  const { width, height } = box.getBoundingClientRect();
  const below = anchor.bottom + MARGIN_PX / 2;
  const top = below + height + MARGIN_PX <= innerHeight ? below : anchor.top - height - MARGIN_PX / 2;
  const left = Math.min(anchor.right - width, innerWidth - width - MARGIN_PX);
  box.style.setProperty('--top', `${Math.max(MARGIN_PX, top)}px`);
  box.style.setProperty('--left', `${Math.max(MARGIN_PX, left)}px`);
}

/** The arrow keys move between the choices. */
function moveBetweenChoices(event: KeyboardEvent, role: Props['role']): void {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (step === undefined || event.target instanceof HTMLInputElement) return;
  const box = event.currentTarget as HTMLElement;
  const choices = [...box.querySelectorAll<HTMLElement>(role === 'menu' ? '[role=menuitem]' : 'button')];
  const at = choices.indexOf(document.activeElement as HTMLElement);
  choices[(at + step + choices.length) % choices.length]?.focus();
  event.preventDefault();
}
