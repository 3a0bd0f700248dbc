// The open rooms, and others with people in them.

import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Room } from '../app/room';
import { isRoomName, tidyRoomName } from '../text/room_name';
import { useApp, useTexts } from './context';
import { useFocusAfter } from './hooks';
import { Icon } from './icon';

export function Rooms(): JSX.Element {
  const app = useApp();
  const texts = useTexts();
  const rooms = app.rooms.value;
  const others = app.directory.value.filter(({ name }) => !rooms.some((room) => room.name === name));
  return (
    <nav class="rooms" aria-label={texts.rooms}>
      <ul>
        {rooms.map((room) => (
          <OpenRoom key={room.name} room={room} />
        ))}
      </ul>
      {others.length > 0 && (
        <ul class="others">
          {others.map(({ name, people }) => (
            <li key={name}>
              <button type="button" class="entry" onClick={() => app.switchTo(name)}>
                <span class="hash" aria-hidden="true">
                  #
                </span>
                <bdi class="name">{name}</bdi>
                <People count={people} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Opener />
    </nav>
  );
}

function OpenRoom({ room }: { room: Room }): JSX.Element {
  const app = useApp();
  const texts = useTexts();
  room.version.value;
  const { count, mentions } = room.unread;
  const isCurrent = room === app.current.value;
  const isMuted = app.isMuted(room);
  const people = room.members.count;
  const box = useRef<HTMLLIElement>(null);
  useFocusAfter(box);
  return (
    <li ref={box}>
      <button
        type="button"
        class="entry"
        aria-current={isCurrent ? 'page' : undefined}
        data-muted={isMuted}
        onClick={() => app.switchTo(room.name)}
      >
        <span class="hash" aria-hidden="true">
          #
        </span>
        <bdi class="name">{room.name}</bdi>
        {isMuted && (
          <span class="mute" title={texts.muted}>
            <Icon name="muted" />
            <span class="unseen">{texts.muted}</span>
          </span>
        )}
        {count > 0 && !isCurrent ? (
          <span class={mentions > 0 ? 'badge mentioned' : 'badge'}>
            <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
            <span class="unseen">{texts.unreadCount(count)}</span>
          </span>
        ) : (
          people > 0 && <People count={people} />
        )}
      </button>
      {app.rooms.value.length > 1 && (
        <button
          type="button"
          class="round small leave"
          aria-label={`${texts.leaveRoom}: ${room.name}`}
          title={texts.leaveRoom}
          onClick={() => app.leave(room)}
        >
          <Icon name="close" />
        </button>
      )}
    </li>
  );
}

function People({ count }: { count: number }): JSX.Element {
  const texts = useTexts();
  return (
    <span class="people" title={texts.peopleCount(count)}>
      <Icon name="people" />
      <span aria-hidden="true">{count}</span>
      <span class="unseen">{texts.peopleCount(count)}</span>
    </span>
  );
}

function Opener(): JSX.Element {
  const app = useApp();
  const texts = useTexts();
  const [name, setName] = useState('');
  const wanted = tidyRoomName(name);
  return (
    <form
      class="opener"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isRoomName(wanted)) return;
        setName('');
        app.switchTo(wanted);
      }}
    >
      <input
        class="field"
        aria-label={texts.roomName}
        placeholder={texts.openRoom}
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
        dir="auto"
      />
      <button type="submit" class="round" aria-label={texts.open} title={texts.open} disabled={!isRoomName(wanted)}>
        <Icon name="plus" />
      </button>
    </form>
  );
}
