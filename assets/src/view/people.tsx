// The members of the room, and other authors of its messages.

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Room } from '../app/room';
import { personOf, type Named } from '../model/publication';
import { Avatar } from './avatar';
import { useApp, useLanguage, useTexts } from './context';
import { useTick } from './hooks';
import { PersonName } from './person_name';

/** More members are only counted; the filter finds them. */
const MAX_MEMBERS = 200;
const MAX_AWAY = 20;

interface ListedPerson extends Named {
  readonly tabs: number;
}

export function People(): JSX.Element {
  const app = useApp();
  const texts = useTexts();
  const room = app.navigation.current.value;
  room.version.value;
  const [filter, setFilter] = useState('');
  useTick(1_000, room.typing.list(Date.now()).length > 0); // announcements of typing expire without an event
  const here = room.members.list(filter).map(({ person, name, connections }) => ({ person, name, tabs: connections }));
  const away = awayFrom(room, filter);
  return (
    <div class="people-list">
      <input
        type="search"
        class="field"
        aria-label={texts.filter}
        placeholder={texts.filter}
        value={filter}
        onInput={(event) => setFilter(event.currentTarget.value)}
        dir="auto"
      />
      <h3>
        {texts.online} <span class="count" translate={false}>{room.members.count}</span>
      </h3>
      {here.length === 0 && filter !== '' && <p class="nobody">{texts.nobody}</p>}
      <ul id="members">
        {here.slice(0, MAX_MEMBERS).map((one) => (
          <PersonItem key={one.person} one={one} isHere room={room} />
        ))}
      </ul>
      {here.length > MAX_MEMBERS && (
        <p key={here.length} class="nobody">
          {texts.morePeople(here.length - MAX_MEMBERS)}
        </p>
      )}
      {away.length > 0 && <h3>{texts.away}</h3>}
      {away.length > 0 && (
        <ul>
          {away.map((one) => (
            <PersonItem key={one.person} one={one} isHere={false} room={room} />
          ))}
        </ul>
      )}
    </div>
  );
}

function PersonItem({
  one: { person, name, tabs },
  isHere,
  room,
}: {
  one: ListedPerson;
  isHere: boolean;
  room: Room;
}): JSX.Element {
  const app = useApp();
  const language = useLanguage();
  const { texts } = language;
  const isReader = person === personOf(app.identity.self());
  const named = { person, name: name || (isReader ? app.identity.name : '') };
  const isOnline = app.connection.state.value.kind === 'connected'; // offline, the members are unknown
  const state = !isHere ? 'away' : !isOnline ? 'unknown' : room.typing.has(person, Date.now()) ? 'typing' : 'here';
  return (
    <li class="member" data-person={person} data-presence={state}>
      <Avatar person={person} name={language.nameOf(named)} />
      <PersonName one={named} />
      {isReader && <span class="you">{texts.you}</span>}
      {tabs > 1 && isReader && <span key={`tabs ${tabs}`} class="tabs">{texts.tabs(tabs)}</span>}
    </li>
  );
}

/** Returns the authors that are not members now, the last to write first. */
function awayFrom(room: Room, filter: string): ListedPerson[] {
  const wanted = filter.trim().toLocaleLowerCase();
  const people = new Map<string, ListedPerson>();
  for (const entry of room.timeline.entries().slice(-500).reverse()) {
    if (entry.kind !== 'say' || entry.message.author.user === '' || people.size === MAX_AWAY) continue;
    const person = personOf(entry.message.author);
    const { name } = entry.message.author;
    if (room.members.has(person) || people.has(person) || !name.toLocaleLowerCase().includes(wanted)) continue;
    people.set(person, { person, name, tabs: 0 });
  }
  return [...people.values()];
}
