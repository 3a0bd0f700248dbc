// How the line is: a word in the top bar while all is well, a bar of its own with the way out while it is not.

import type { JSX } from 'preact';
import { clock } from '../app/app';
import type { ConnectionState } from '../net/connection';
import type { Texts } from '../i18n/texts';
import { useApp, useTexts } from './context';
import { useTick } from './hooks';

export function Status(): JSX.Element {
  const texts = useTexts();
  const { kind } = useApp().connection.value;
  return (
    <div id="status" role="status" data-state={kind}>
      <span>{texts[kind]}</span>
    </div>
  );
}

export function Banner(): JSX.Element | null {
  const app = useApp();
  const texts = useTexts();
  const state = app.connection.value;
  useTick(500, state.kind === 'offline');
  if (state.kind === 'connected' || state.kind === 'connecting') return null;
  return (
    <div id="trouble" class={`trouble ${state.kind}`}>
      <p>
        <span role="status">{whyOf(state, texts)}</span>{' '}
        {state.kind === 'offline' && (
          <span class="when">{texts.tryIn(Math.max(0, Math.ceil((state.retryAt - clock.now()) / 1_000)))}</span>
        )}
      </p>
      <button id="retry" type="button" class="plain" onClick={() => app.retryNow()}>
        {texts.tryNow}
      </button>
    </div>
  );
}

function whyOf(state: Extract<ConnectionState, { code: number }>, texts: Texts): string {
  switch (state.code) {
    case 0:
      return texts.whyNoNetwork;
    case 3001:
      return texts.whyShutdown;
    case 3008:
      return texts.whyTooSlow;
    case 3013:
      return texts.whyTooFast;
    case 3500:
      return texts.whyToken;
    case 3501:
      return texts.whyTokenNeeded;
    case 3503:
      return texts.whyModerator;
    case 3504:
      return texts.whyTooMany;
    case 3507:
      return texts.whyBanned;
    default:
      return state.kind === 'stopped' ? texts.whyStopped(state.code) : texts.whyLost;
  }
}

/** What is wrong with this room alone. */
export function RoomNotice(): JSX.Element | null {
  const app = useApp();
  const texts = useTexts();
  const room = app.current.value;
  room.version.value;
  if (room.state.kind === 'closed') {
    return (
      <div class="trouble stopped" id="room-closed">
        <p role="status">{room.state.code === 106 ? texts.roomLimit : texts.roomDenied}</p>
        <button type="button" class="plain" onClick={() => room.enterAgain()}>
          {texts.open}
        </button>
      </div>
    );
  }
  if (!room.wasNotRecovered) return null;
  return (
    <div class="trouble" id="not-recovered">
      <p role="status">{texts.notRecovered}</p>
      <button type="button" class="plain" onClick={() => room.dismissNotice()}>
        {texts.close}
      </button>
    </div>
  );
}
