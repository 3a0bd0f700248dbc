// Parts of the page that are loaded later. One that can't be loaded says so, and can be asked for again.

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useTexts } from './context';
import { useAfter } from './hooks';
import { Modal } from './modal';

type Extras = typeof import('./extras');

type State =
  | { readonly kind: 'absent' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'there'; readonly extras: Extras };

const state = signal<State>({ kind: 'absent' });

/** Nobody waits longer without a word. */
const PATIENCE_MS = 700;

async function load(): Promise<void> {
  const { kind } = state.peek();
  if (kind === 'loading' || kind === 'there') return;
  state.value = { kind: 'loading' };
  try {
    state.value = { kind: 'there', extras: await import('./extras') };
  } catch {
    state.value = { kind: 'failed' };
  }
}

/** Before anybody asks, so that it is there when the server is not. */
export function loadLater(): void {
  if ('requestIdleCallback' in window) requestIdleCallback(() => void load(), { timeout: 5_000 });
  else setTimeout(() => void load(), 1_000);
}

interface Props {
  readonly children: (extras: Extras) => JSX.Element;
  readonly onClose: () => void;
}

export function Later({ children, onClose }: Props): JSX.Element | null {
  const { value } = state;
  useEffect(() => void load(), []);
  if (value.kind === 'there') return children(value.extras);
  return <Missing hasFailed={value.kind === 'failed'} onClose={onClose} />;
}

function Missing({ hasFailed, onClose }: { hasFailed: boolean; onClose: () => void }): JSX.Element | null {
  const texts = useTexts();
  const isLate = useAfter(PATIENCE_MS);
  if (!hasFailed && !isLate) return null;
  const label = hasFailed ? texts.partMissing : texts.partLoading;
  return (
    <Modal label={label} className="card" onClose={onClose}>
      <p role="status">{label}</p>
      <p class="acts">
        <button type="button" class="plain" aria-disabled={!hasFailed} onClick={() => void load()}>
          {texts.tryAgain}
        </button>
        <button type="button" class="plain" onClick={() => location.reload()}>
          {texts.reload}
        </button>
        <button type="button" class="plain quiet" onClick={onClose}>
          {texts.close}
        </button>
      </p>
    </Modal>
  );
}
