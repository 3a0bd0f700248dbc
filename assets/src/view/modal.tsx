// The browser's own dialog: it holds the focus, makes the rest inert, and closes at Escape.

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
    return () => current?.close(); // gives the focus back to what had it
  }, []);
  return (
    <dialog
      ref={dialog}
      class={className}
      aria-label={label}
      onClose={() => {
        if (dialog.current) onClose(); // not when it was taken away, which closes it too
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose(); // beside it
      }}
    >
      <div class="inside">
        {children}
        {/* What the page says below is dimmed by the dialog, and no screen reader tells it. */}
        <p class="hint" role="status">
          <ChangingText>{toast.value}</ChangingText>
        </p>
      </div>
    </dialog>
  );
}
