// Puts the page together: one connection, and the parts of the page that show it or speak through it.

import { Composer } from './composer';
import { Connection, type Clock, type ConnectionState } from './connection';
import { byId } from './element';
import { chooseLanguage } from './i18n';
import { LogView } from './log_view';
import { chatAddress, roomName } from './room';
import { StatusView } from './status_view';
import { Title } from './title';

const clock: Clock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const timer = window.setTimeout(callback, milliseconds);
    return () => window.clearTimeout(timer);
  },
};

function run(): void {
  const language = chooseLanguage(navigator.languages);
  document.documentElement.lang = language.tag;

  const room = roomName(location.search);
  byId('room', HTMLElement).textContent = room;
  const title = new Title(room);
  const log = new LogView(language);
  let hasBeenConnected = false;

  const connection = new Connection({
    open: () => new WebSocket(chatAddress(location.href)),
    clock,
    random: Math.random,
    onState: (state) => changed(state),
    onText: (text) => {
      if (log.addFrame(text).kind === 'say') title.said();
    },
    onBinary: (size) => {
      log.addBinary(size);
      title.said();
    },
  });
  const status = new StatusView(language, () => connection.retryNow());
  const composer = new Composer(language, (text) => {
    const sent = connection.send(text);
    if (sent) log.toEnd(); // who speaks wants to see it arrive
    return sent;
  });

  function changed(state: ConnectionState): void {
    status.show(state);
    composer.setConnected(state.kind === 'connected');
    if (state.kind !== 'connected') return;
    if (hasBeenConnected) log.addNote(language.texts.cameBack);
    hasBeenConnected = true;
  }

  window.addEventListener('online', () => connection.wake());
  document.addEventListener('visibilitychange', () => {
    // Timers of a page in the background are held back: who looks again should not wait for them.
    if (!document.hidden) connection.wake();
  });

  connection.start();
  composer.focusIfKeyboard();
}

run();
