// The page for a link to no room: it shows the reason, and links to rooms.

import type { JSX } from 'preact';
import type { Language } from '../i18n/language';
import { RoomMemory } from '../model/room_memory';
import { browserStore } from '../model/storage';
import { DEFAULT_ROOM, roomUrl, type RoomResult } from '../net/address';

interface Props extends Extract<RoomResult, { fault: unknown }> {
  readonly base: URL;
  readonly language: Language;
}

export function BadLink({ base, fault, language: { tag, texts } }: Props): JSX.Element {
  document.documentElement.lang = tag;
  return (
    <main class="bad-link">
      <h1>{texts.badLink}</h1>
      <p role="alert">{texts.nameFaults[fault]}</p>
      <p>{texts.badLinkOffer}</p>
      <ul>
        {[...new Set([DEFAULT_ROOM, ...new RoomMemory(browserStore(() => localStorage)).rooms()])].map((name) => (
          <li key={name}>
            <a href={roomUrl(base, name)}>
              # <bdi>{name}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </main>
  );
}
