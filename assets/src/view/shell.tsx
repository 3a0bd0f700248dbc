// The layout of the page: rooms, conversation, people. On a small screen the rooms and the people are dialogs.

import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { ConnectionBar, ConnectionStatus, NoticeBar, RoomNotice } from './bars';
import { Composer } from './composer';
import { Conversation } from './conversation';
import { useApp, useLanguage, useTexts } from './context';
import { useMedia, useTick } from './hooks';
import { Icon, type IconName } from './icon';
import { LazyPart, preloadParts } from './lazy_part';
import { Modal } from './modal';
import { listed } from './moves_row';
import { People } from './people';
import { Rooms } from './rooms';
import { ChangingText } from './changing_text';
import { Welcome } from './welcome';

const HAS_ROOMS = '(min-width: 60rem)';
const HAS_PEOPLE = '(min-width: 80rem)';

export function Shell(): JSX.Element {
  const app = useApp();
  const texts = useTexts();
  const room = app.navigation.current.value;
  const hasRooms = useMedia(HAS_ROOMS);
  const hasPeople = useMedia(HAS_PEOPLE);
  const panel = app.navigation.panel.value;
  const close = (): void => {
    app.navigation.panel.value = 'none';
  };
  const isConnected = app.connection.state.value.kind === 'connected';
  useEffect(() => {
    if (isConnected) preloadParts();
  }, [isConnected]);
  useEffect(() => {
    if (panel === 'rooms') void app.directory.load();
  }, [panel]);
  return (
    <div class="page">
      <a
        class="skip"
        href="#msg"
        onClick={(event) => {
          event.preventDefault(); // the fragment of the address is for messages
          document.getElementById('msg')?.focus();
        }}
      >
        {texts.skip}
      </a>
      {hasRooms && (
        <aside class="side left" aria-label={texts.rooms}>
          <Brand />
          <Rooms />
        </aside>
      )}
      <main class="chat">
        <TopBar hasRooms={hasRooms} hasPeople={hasPeople} />
        <ConnectionBar />
        <RoomNotice />
        <NoticeBar />
        <Conversation key={room.name} room={room} />
        <TypingLine />
        {app.identity.mayRename && !app.preferences.settings.value.named && <Welcome />}
        <Composer key={`draft ${room.name}`} room={room} />
      </main>
      {hasPeople && (
        <aside class="side right" aria-label={texts.people}>
          <h2>{texts.people}</h2>
          <People />
        </aside>
      )}
      {panel === 'rooms' && !hasRooms && (
        <Side label={texts.rooms} className="drawer first" onClose={close}>
          <Rooms />
        </Side>
      )}
      {panel === 'people' && !hasPeople && (
        <Side label={texts.people} className="drawer last" onClose={close}>
          <People />
        </Side>
      )}
      {panel === 'settings' && (
        <LazyPart onClose={close}>
          {({ SettingsPanel }) => (
            <Side label={texts.settings} className="card" onClose={close}>
              <SettingsPanel />
            </Side>
          )}
        </LazyPart>
      )}
      {app.notices.toCopy.value && (
        <Side
          label={texts.copyYourself}
          className="card"
          onClose={() => {
            app.notices.toCopy.value = '';
          }}
        >
          <textarea
            class="field"
            readOnly
            rows={3}
            aria-label={texts.copyYourself}
            value={app.notices.toCopy.value}
            autofocus
            onFocus={(event) => event.currentTarget.select()}
          />
        </Side>
      )}
      <LiveRegions />
    </div>
  );
}

/** Loaded at once and used by all drawings, because the side bar may appear while there is no network. */
const logo = new Image(28, 28);
logo.src = new URL('favicon.svg', document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href).href;
logo.alt = '';

function Brand(): JSX.Element {
  return (
    <p class="brand" translate={false} ref={(box) => box?.prepend(logo)}>
      coroom
    </p>
  );
}

function Side({
  label,
  className,
  onClose,
  children,
}: {
  label: string;
  className: string;
  onClose: () => void;
  children: JSX.Element;
}): JSX.Element {
  const texts = useTexts();
  return (
    <Modal label={label} className={className} onClose={onClose}>
      <header>
        <h2>{label}</h2>
        <button type="button" class="round" aria-label={texts.close} title={texts.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </Modal>
  );
}

function TopBar({ hasRooms, hasPeople }: { hasRooms: boolean; hasPeople: boolean }): JSX.Element {
  const app = useApp();
  const texts = useTexts();
  const room = app.navigation.current.value;
  room.version.value;
  const unread = app.navigation.rooms.value.reduce((sum, one) => {
    one.version.value;
    return one === room || app.preferences.isMuted(one.name) ? sum : sum + one.unread.count;
  }, 0);
  const { count } = room.members;
  return (
    <header class="top">
      {!hasRooms && (
        <PanelButton
          icon="rooms"
          label={unread > 0 ? texts.roomsUnread(unread) : texts.rooms}
          panel="rooms"
        >
          {unread > 0 && <span class="dot" aria-hidden="true" />}
        </PanelButton>
      )}
      <div class="titles">
        <h1 id="room" dir="auto" translate={false}>
          {room.name}
        </h1>
        <ConnectionStatus />
      </div>
      {!hasPeople && (
        <PanelButton icon="people" label={texts.peopleHere(count)} panel="people">
          <span class="count" aria-hidden="true" translate={false}>
            {count}
          </span>
        </PanelButton>
      )}
      <button
        type="button"
        id="share"
        class="round"
        aria-label={texts.share}
        title={texts.share}
        onClick={() => void app.navigation.share(room)}
      >
        <Icon name="share" />
      </button>
      <PanelButton icon="settings" label={texts.settings} panel="settings" />
    </header>
  );
}

function PanelButton({
  icon,
  label,
  panel,
  children,
}: {
  icon: IconName;
  label: string;
  panel: 'rooms' | 'people' | 'settings';
  children?: JSX.Element | false;
}): JSX.Element {
  const app = useApp();
  return (
    <button
      type="button"
      id={`open-${panel}`}
      class="round"
      aria-label={label}
      title={label}
      aria-haspopup="dialog"
      onClick={() => {
        app.navigation.panel.value = panel;
      }}
    >
      <Icon name={icon} />
      {children}
    </button>
  );
}

/** Always present, so that nothing moves when a member starts typing. */
function TypingLine(): JSX.Element {
  const room = useApp().navigation.current.value;
  const language = useLanguage();
  room.version.value;
  const typists = room.typing.list(Date.now());
  useTick(1_000, typists.length > 0);
  const text =
    typists.length === 0
      ? ''
      : typists.length > 3
        ? language.texts.typingMany
        : language.texts.typing(listed(language, typists), typists.length);
  return (
    <p id="typing" class="typing" dir="auto">
      {typists.length > 0 && (
        <span class="dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      )}
      <ChangingText>{text}</ChangingText>
    </p>
  );
}

function LiveRegions(): JSX.Element {
  const app = useApp();
  return (
    <>
      <div id="announcements" class="unseen" aria-live="polite">
        {app.notices.announcements.list.value.map(({ key, text }) => (
          <p key={key}>{text}</p>
        ))}
      </div>
      <div id="toast" class="toast" role="status">
        {app.notices.toast.value && <span key={app.notices.toast.value}>{app.notices.toast.value}</span>}
      </div>
    </>
  );
}
