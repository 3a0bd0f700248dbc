// In place of the page, where a link names no room: what is wrong with it, and where one may go from here.

import type { JSX } from 'preact';
import { chooseLanguage } from '../i18n/language';
import { RoomMemory } from '../model/room_memory';
import { loadSettings } from '../model/settings';
import { browserStore } from '../model/storage';
import { DEFAULT_ROOM, linkTo, type Place } from '../net/address';

export function BadLink({ base, fault }: { base: URL } & Extract<Place, { fault: unknown }>): JSX.Element {
  const store = browserStore(() => localStorage);
  const { tag, texts } = chooseLanguage(loadSettings(store).language, navigator.languages);
  document.documentElement.lang = tag;
  return (
    <main class="bad-link">
      <h1>{texts.badLink}</h1>
      <p role="alert">{texts.nameFaults[fault]}</p>
      <p>{texts.badLinkOffer}</p>
      <ul>
        {[...new Set([DEFAULT_ROOM, ...new RoomMemory(store).rooms()])].map((name) => (
          <li key={name}>
            <a href={linkTo(base, name)}>
              # <bdi>{name}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </main>
  );
}
