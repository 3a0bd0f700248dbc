// Parts of the page that are loaded later. If a part can't be loaded, the user can try again.

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useTexts } from './context';
import { useAfter } from './hooks';
import { Modal } from './modal';
import { ChangingText } from './changing_text';

type Extras = typeof import('./extras');

type State =
  | { readonly kind: 'absent' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed' }
  /** A further attempt after a failure. */
  | { readonly kind: 'retrying' }
  | { readonly kind: 'there'; readonly extras: Extras };

const state = signal<State>({ kind: 'absent' });

/** After this delay a message is shown that the part is being loaded. */
const SHOW_LOADING_AFTER_MS = 700;

async function load(): Promise<void> {
  const { kind } = state.peek();
  if (kind !== 'absent' && kind !== 'failed') return;
  state.value = { kind: kind === 'failed' ? 'retrying' : 'loading' };
  try {
    state.value = { kind: 'there', extras: await import('./extras') };
  } catch {
    state.value = { kind: 'failed' };
  }
}

/** Loads the parts before they are opened, so that they are available when the server is not. */
export function preloadParts(): void {
  if ('requestIdleCallback' in window) requestIdleCallback(() => void load(), { timeout: 5_000 });
  else setTimeout(() => void load(), 1_000);
}

interface Props {
  readonly children: (extras: Extras) => JSX.Element;
  readonly onClose: () => void;
}

export function LazyPart({ children, onClose }: Props): JSX.Element | null {
  const { value } = state;
  useEffect(() => void load(), []);
  if (value.kind === 'there') return children(value.extras);
  return <Missing kind={value.kind} onClose={onClose} />;
}

/** A further attempt leaves the dialog and its focus as they are. */
function Missing({ kind, onClose }: { kind: State['kind']; onClose: () => void }): JSX.Element | null {
  const texts = useTexts();
  const isLate = useAfter(SHOW_LOADING_AFTER_MS);
  const isRetrying = kind === 'retrying';
  const hasFailed = kind === 'failed' || isRetrying;
  if (!hasFailed && !isLate) return null;
  const label = hasFailed ? texts.partMissing : texts.partLoading;
  return (
    <Modal label={label} className="card" onClose={onClose}>
      <p role="status">
        <ChangingText>{label}</ChangingText>
      </p>
      <p class="acts">
        <button type="button" class="plain" aria-disabled={kind !== 'failed'} onClick={() => void load()}>
          <ChangingText>{isRetrying ? texts.partLoading : texts.tryAgain}</ChangingText>
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
