// How the line is: a word in the top bar while all is well, a bar of its own with the way out while it is not.

import type { ComponentChildren, JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { browserClock } from '../model/clock';
import { RENEWAL_FORBIDDEN, TOKEN_ENDED } from '../net/close_codes';
import type { ConnectionState } from '../net/reconnector';
import type { Texts } from '../i18n/texts';
import { useApp, useTexts } from './context';
import { useFocusAfter, useTick } from './hooks';
import { ChangingText } from './changing_text';

export function Status(): JSX.Element {
  const texts = useTexts();
  const { kind } = useApp().connection.state.value;
  return (
    <div id="status" role="status" data-state={kind}>
      <ChangingText>{texts[kind]}</ChangingText>
    </div>
  );
}

export function Banner(): JSX.Element | null {
  const app = useApp();
  const texts = useTexts();
  const state = app.connection.state.value;
  useTick(500, state.kind === 'offline');
  // During a try it stays as it was: nothing moves, and nothing is read aloud again.
  const trouble = useRef<Trouble | undefined>(undefined);
  if (state.kind === 'connected') trouble.current = undefined;
  else if (state.kind !== 'connecting') trouble.current = state;
  const { current } = trouble;
  if (!current) return null;
  const isTrying = state.kind === 'connecting';
  return (
    <Bar id="trouble" kind={current.kind}>
      <p>
        <span role="status">
          <ChangingText>{whyOf(current, texts, app.identity.hasConnected)}</ChangingText>
        </span>{' '}
        {current.kind === 'offline' && (
          <span class="when">
            <ChangingText>
              {isTrying
                ? texts.connecting
                : texts.tryIn(Math.max(0, Math.ceil((current.retryAt - browserClock.now()) / 1_000)))}
            </ChangingText>
          </span>
        )}
      </p>
      <button id="retry" type="button" class="plain" aria-disabled={isTrying} onClick={() => app.connection.retryNow()}>
        {current.kind === 'offline' ? texts.tryNow : texts.tryAgain}
      </button>
    </Bar>
  );
}

type Trouble = Extract<ConnectionState, { code: number }>;

function Bar({ id, kind, children }: { id: string; kind: string; children: ComponentChildren }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useFocusAfter(box);
  return (
    <div ref={box} id={id} class={`trouble ${kind}`}>
      {children}
    </div>
  );
}

/** @param wasIn whether the page has been connected before */
function whyOf(state: Trouble, texts: Texts, wasIn: boolean): string {
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
      return wasIn ? texts.whyStopped(state.code) : texts.whyTokenNeeded;
    case TOKEN_ENDED:
      return texts.whyTokenEnded;
    case RENEWAL_FORBIDDEN:
      return texts.whyRenewal;
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

/** What the page has to say where nobody looks for it, such as a link to what is not there. */
export function NoticeBar(): JSX.Element | null {
  const app = useApp();
  const texts = useTexts();
  const notice = app.notices.bar.value;
  if (!notice) return null;
  const { text, action } = notice;
  return (
    <Bar id="notice" kind="">
      <p role="status">
        <ChangingText>{text}</ChangingText>
      </p>
      {action && (
        <button type="button" class="plain" onClick={action.run}>
          {action.label}
        </button>
      )}
      <button
        type="button"
        class="plain"
        onClick={() => {
          app.notices.bar.value = undefined;
        }}
      >
        {texts.close}
      </button>
    </Bar>
  );
}

/** What is wrong with this room alone. */
export function RoomNotice(): JSX.Element | null {
  const app = useApp();
  const texts = useTexts();
  const room = app.navigation.current.value;
  room.version.value;
  if (room.state.kind === 'closed') {
    return (
      <Bar id="room-closed" kind="stopped">
        <p role="status">
          <ChangingText>{room.state.code === 106 ? texts.roomLimit : texts.roomDenied}</ChangingText>
        </p>
        <button type="button" class="plain" onClick={() => room.joinAgain()}>
          {texts.tryAgain}
        </button>
      </Bar>
    );
  }
  if (!room.wasNotRecovered) return null;
  return (
    <Bar id="not-recovered" kind="">
      <p role="status">{texts.notRecovered}</p>
      <button type="button" class="plain" onClick={() => room.dismissNotice()}>
        {texts.close}
      </button>
    </Bar>
  );
}
