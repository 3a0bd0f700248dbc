// The bars above the conversation: the state of the connection, notices, and the state of the room.

import type { ComponentChildren, JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { browserClock } from '../net/clock';
import * as close from '../net/close_codes';
import { LIMIT_EXCEEDED } from '../net/error_codes';
import type { ConnectionState } from '../net/reconnector';
import type { Texts } from '../i18n/texts';
import { useApp, useTexts } from './context';
import { useFocusAfter, useTick } from './hooks';
import { ChangingText } from './changing_text';

export function ConnectionStatus(): JSX.Element {
  const texts = useTexts();
  const { kind } = useApp().connection.state.value;
  return (
    <div id="status" role="status" data-state={kind}>
      <ChangingText>{texts[kind]}</ChangingText>
    </div>
  );
}

export function ConnectionBar(): JSX.Element | null {
  const app = useApp();
  const texts = useTexts();
  const state = app.connection.state.value;
  useTick(500, state.kind === 'offline');
  // An attempt leaves the bar as it is: nothing moves, and screen readers repeat nothing.
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
          <ChangingText>{reasonOf(current, texts, app.identity.hasConnected)}</ChangingText>
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

/** @param wasConnected the page has been connected before */
function reasonOf(state: Trouble, texts: Texts, wasConnected: boolean): string {
  switch (state.code) {
    case close.UNREACHABLE:
      return texts.whyNoNetwork;
    case close.SHUTDOWN:
      return texts.whyShutdown;
    case close.TOO_SLOW:
      return texts.whyTooSlow;
    case close.TOO_FAST:
      return texts.whyTooFast;
    case close.INVALID_TOKEN:
      return texts.whyToken;
    case close.BAD_REQUEST:
      return wasConnected ? texts.whyStopped(state.code) : texts.whyTokenNeeded;
    case close.TOKEN_ENDED:
      return texts.whyTokenEnded;
    case close.RENEWAL_FORBIDDEN:
      return texts.whyRenewal;
    case close.KICKED:
      return texts.whyModerator;
    case close.TOO_MANY_CONNECTIONS:
      return texts.whyTooMany;
    case close.BANNED:
      return texts.whyBanned;
    default:
      return state.kind === 'stopped' ? texts.whyStopped(state.code) : texts.whyLost;
  }
}

/** Messages of the page about other things than the connection, such as a link to a missing message. */
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

/** The state of this room only. */
export function RoomNotice(): JSX.Element | null {
  const app = useApp();
  const texts = useTexts();
  const room = app.navigation.current.value;
  room.version.value;
  if (room.state.kind === 'closed') {
    return (
      <Bar id="room-closed" kind="stopped">
        <p role="status">
          <ChangingText>{room.state.code === LIMIT_EXCEEDED ? texts.roomLimit : texts.roomDenied}</ChangingText>
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
