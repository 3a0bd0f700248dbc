// A dialog of the browser, which keeps the focus, makes the rest of the page inert, and closes at Escape.

import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useApp } from './context';
import { ChangingText } from './changing_text';

interface Props {
  readonly label: string;
  readonly className: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Modal({ label, className, onClose, children }: Props): JSX.Element {
  const { toast } = useApp().notices;
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close(); // returns the focus to the previous element
  }, []);
  return (
    <dialog
      ref={dialog}
      class={className}
      aria-label={label}
      onClose={() => {
        if (dialog.current) onClose(); // not when it was removed, which closes it too
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose(); // outside of the dialog
      }}
    >
      <div class="inside">
        {children}
        {/* The dialog dims the toast below it and hides it from screen readers. */}
        <p class="hint" role="status">
          <ChangingText>{toast.value}</ChangingText>
        </p>
      </div>
    </dialog>
  );
}
