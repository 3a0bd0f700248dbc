// The rooms that the user has opened, and other rooms of the server's list.

import type { JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Room } from '../app/room';
import { tidyRoomName } from '../text/room_name';
import { useApp, useTexts } from './context';
import { useFocusAfter } from './hooks';
import { Icon } from './icon';
import { ChangingText } from './changing_text';

export function Rooms(): JSX.Element {
  const app = useApp();
  const texts = useTexts();
  const [typed, setTyped] = useState('');
  const place = app.navigation.roomInInput(typed);
  const wanted = ('room' in place ? place.room : tidyRoomName(typed)).toLocaleLowerCase();
  const isWanted = ({ name }: { name: string }): boolean => name.toLocaleLowerCase().includes(wanted);
  const rooms = app.navigation.rooms.value;
  const isOpen = (name: string): boolean => rooms.some((room) => room.name === name);
  const waiting = app.navigation.stored.value.filter((name) => !isOpen(name));
  const others = (app.directory.list.value?.rooms ?? []).filter(({ name }) => !isOpen(name) && !waiting.includes(name));
  return (
    <nav class="rooms" aria-label={texts.rooms}>
      <div class="lists">
        <ul>
          {rooms.filter(isWanted).map((room) => (
            <OpenRoom key={room.name} room={room} />
          ))}
          {waiting
            .filter((name) => isWanted({ name }))
            .map((name) => (
              <WaitingRoom key={name} name={name} />
            ))}
        </ul>
        {others.some(isWanted) && (
          <ul class="others">
            {others.filter(isWanted).map(({ name, people }) => (
              <li key={name}>
                <RoomButton name={name}>
                  <PeopleCount count={people} />
                </RoomButton>
              </li>
            ))}
          </ul>
        )}
      </div>
      <RoomOpener name={typed} onChange={setTyped} />
    </nav>
  );
}

/** A stored room that is not joined. */
function WaitingRoom({ name }: { name: string }): JSX.Element {
  const app = useApp();
  const box = useRef<HTMLLIElement>(null);
  useFocusAfter(box);
  return (
    <li ref={box}>
      <RoomButton name={name} />
      <LeaveButton name={name} onClick={() => app.navigation.forget(name)} />
    </li>
  );
}

/** The button of a room that is not joined. */
function RoomButton({ name, children }: { name: string; children?: JSX.Element }): JSX.Element {
  const app = useApp();
  return (
    <button type="button" class="entry" onClick={() => app.navigation.switchTo(name)}>
      <span class="hash" aria-hidden="true">
        #
      </span>
      <bdi class="name">{name}</bdi>
      {children}
    </button>
  );
}

function LeaveButton({ name, onClick }: { name: string; onClick: () => void }): JSX.Element {
  const texts = useTexts();
  return (
    <button
      type="button"
      class="round small leave"
      aria-label={`${texts.leaveRoom}: ${name}`}
      title={texts.leaveRoom}
      onClick={onClick}
    >
      <Icon name="close" />
    </button>
  );
}

function OpenRoom({ room }: { room: Room }): JSX.Element {
  const app = useApp();
  const texts = useTexts();
  room.version.value;
  const { count, mentions } = room.unread;
  const isCurrent = room === app.navigation.current.value;
  const isMuted = app.preferences.isMuted(room.name);
  const people = room.members.count;
  const box = useRef<HTMLLIElement>(null);
  useFocusAfter(box);
  // New rooms in the list, or content below it, move the entry.
  const { length } = app.navigation.rooms.value;
  const isListed = app.directory.list.value !== undefined;
  useEffect(() => {
    if (isCurrent) box.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent, length, isListed]);
  return (
    <li ref={box}>
      <button
        type="button"
        class="entry"
        aria-current={isCurrent ? 'page' : undefined}
        data-muted={isMuted}
        onClick={() => app.navigation.switchTo(room.name)}
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
            <span key={count} aria-hidden="true">
              {count > 99 ? '99+' : count}
            </span>
            <span key={-count} class="unseen">
              {texts.unreadCount(count)}
            </span>
          </span>
        ) : (
          people > 0 && <PeopleCount count={people} />
        )}
      </button>
      {app.navigation.rooms.value.length > 1 && <LeaveButton name={room.name} onClick={() => app.navigation.leave(room)} />}
    </li>
  );
}

function PeopleCount({ count }: { count: number }): JSX.Element {
  const texts = useTexts();
  return (
    <span class="people" title={texts.peopleCount(count)}>
      <Icon name="people" />
      <span key={count} aria-hidden="true">
        {count}
      </span>
      <span key={-count} class="unseen">
        {texts.peopleCount(count)}
      </span>
    </span>
  );
}

/** The form that opens a room. Its text also filters the lists. */
function RoomOpener({ name, onChange }: { name: string; onChange: (name: string) => void }): JSX.Element {
  const app = useApp();
  const texts = useTexts();
  const note = useId();
  const place = app.navigation.roomInInput(name);
  const fault = 'fault' in place ? place.fault : undefined;
  const directory = app.directory.list.value;
  return (
    <form
      class="opener"
      onSubmit={(event) => {
        event.preventDefault();
        if ('fault' in place) return;
        onChange('');
        app.navigation.switchTo(place.room);
      }}
    >
      <input
        class="field"
        aria-label={texts.roomName}
        placeholder={texts.openRoom}
        value={name}
        onInput={(event) => onChange(event.currentTarget.value)}
        dir="auto"
        autocomplete="off"
        aria-describedby={`${note} who-enters`}
        aria-invalid={fault !== undefined && name !== ''}
      />
      <button type="submit" class="round" aria-label={texts.open} title={texts.open} disabled={fault !== undefined}>
        <Icon name="plus" />
      </button>
      <p id={note} class="note" role="alert">
        <ChangingText>{fault !== undefined && fault !== 'empty' ? texts.nameFaults[fault] : ''}</ChangingText>
      </p>
      {directory && (
        <p id="who-enters" class="hint">
          {directory.isPublic ? texts.roomsPublic : texts.roomsUnlisted}
        </p>
      )}
    </form>
  );
}
