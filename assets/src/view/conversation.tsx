// The conversation of the room: the list of messages, their menus, the button to the newest message.

import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { mentionableNames } from '../model/mentionable_names';
import type { Room } from '../app/room';
import { rowsOf, type Row } from '../model/rows';
import type { Message } from '../model/message';
import type { ConnectionState } from '../net/reconnector';
import type { Texts } from '../i18n/texts';
import type { Names } from '../text/segments';
import { linesOf, selectedOf } from './copying';
import { MessageRow, useName, type MessageActions } from './message_row';
import { MovesRow } from './moves_row';
import { useApp, useLanguage, useTexts } from './context';
import { Icon } from './icon';
import { LazyPart } from './lazy_part';
import { ChangingText } from './changing_text';
import { VirtualList, type ListHandle, type ListRow } from './virtual_list';

type ViewRow = ListRow & { readonly row: Row | { readonly kind: 'start'; readonly key: string } };

const guesses = new WeakMap<Message, number>();

/** Estimates the height of a row in pixels. */
function guessOf(row: Row): number {
  if (row.kind !== 'say') return 36;
  const { message } = row;
  const known = guesses.get(message);
  const lines = known ?? message.text.split('\n', 30).length + message.text.slice(0, 3_000).length / 70;
  if (known === undefined) guesses.set(message, lines);
  return (row.continued ? 4 : 38) + 24 * Math.ceil(lines);
}

interface Open {
  readonly kind: 'menu' | 'reactions';
  readonly message: Message;
  readonly anchor: Element;
}

export function Conversation({ room }: { room: Room }): JSX.Element {
  const app = useApp();
  const language = useLanguage();
  const { texts } = language;
  const nameOf = useName();
  const version = room.version.value;
  const list = useRef<ListHandle>(null);
  const [open, setOpen] = useState<Open>();
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set());
  const [highlighted, setHighlighted] = useState<number>();
  const names = useNames(room);

  const rows = useMemo<ViewRow[]>(() => {
    const all = rowsOf(room.timeline, room.unread.from).map((row) => ({
      key: row.key,
      guess: guessOf(row),
      canHold: row.kind === 'say',
      row,
    }));
    return [{ key: 'start', guess: 60, canHold: false, row: { kind: 'start', key: 'start' } }, ...all];
    // Not with each version: typing, joining and reading change no row.
  }, [room, room.timeline.changes, room.timeline.outbox.messages, room.unread.from]);

  const showMessage = (offset: number, isLink = false): void => {
    void room.history.find(offset).then((isThere) => {
      if (!isThere) {
        if (!room.subscription.isSubscribed) app.notices.showToast(texts.whyNoNetwork);
        else if (isLink) app.notices.bar.value = { text: texts.noSuchMessage };
        else app.notices.showToast(texts.replyGone);
        return;
      }
      setHighlighted(offset);
      list.current?.toRow(room.timeline.message(offset)?.key ?? '');
    });
  };
  const actions = useMemo<MessageActions>(
    () => ({
      openMenu: (message, anchor) => setOpen({ kind: 'menu', message, anchor }),
      openReactions: (message, anchor) => setOpen({ kind: 'reactions', message, anchor }),
      showMessage,
      showAll: (message) => setWhole((before) => new Set([...before, message.key])),
    }),
    [room],
  );

  const target = app.navigation.target.value;
  const isIn = room.state.kind === 'joined' && room.history.hasNewest;
  useEffect(() => {
    if (target === undefined || !isIn) return;
    app.navigation.target.value = undefined;
    showMessage(target, true);
  }, [target, isIn]);

  // The list scrolls to a message that the user sends.
  const pending = room.timeline.outbox.messages.length;
  const before = useRef(pending);
  useEffect(() => {
    if (pending > before.current) list.current?.toEnd();
    before.current = pending;
  }, [pending]);

  // In a new epoch the offset may belong to another message.
  const menuOf = open && room.timeline.message(open.message.offset ?? 0);
  const isThere = open && menuOf?.key === open.message.key && !menuOf.deleted;

  const copied = (event: ClipboardEvent): void => {
    const list = document.getElementById('contents');
    if (!list || event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement) return;
    const all = rows.flatMap(({ key, row }) =>
      row.kind === 'say' ? [{ key, message: row.message, name: nameOf(row.message) }] : [],
    );
    const found = selectedOf(list, getSelection(), all, texts.deleted);
    if (!found || found.length === 0) return;
    event.preventDefault();
    event.clipboardData?.setData('text/plain', linesOf(found, language, Date.now()));
  };
  // A selection may start or end outside of the list.
  useEffect(() => {
    document.addEventListener('copy', copied);
    return () => document.removeEventListener('copy', copied);
  });

  const render = ({ row }: ViewRow): JSX.Element => {
    switch (row.kind) {
      case 'start':
        return <Start room={room} version={version} />;
      case 'day':
        return <DayLine time={row.time} />;
      case 'unread':
        return (
          <div class="line" data-kind="unread" role="separator" aria-label={texts.unreadLine}>
            <span>{texts.unreadLine}</span>
          </div>
        );
      case 'gap':
        return (
          <p class="line" data-kind="gap">
            {texts.gap}
          </p>
        );
      case 'hole':
        return <Hole room={room} />;
      case 'moves':
        return <MovesRow moved={row.moved} time={row.time} />;
      case 'say':
        return (
          <MessageRow
            room={room}
            message={row.message}
            pendingChanges={room.pendingChanges.of(row.message.offset)}
            continued={row.continued}
            quoted={row.quoted}
            names={names}
            actions={actions}
            isWhole={whole.has(row.key)}
            isTarget={highlighted !== undefined && row.message.offset === highlighted}
          />
        );
    }
  };

  return (
    <div class="stage">
      <VirtualList
        rows={rows}
        render={render}
        handle={list}
        label={texts.log}
        isReady={room.history.hasNewest}
        startAt={room.unread.count > 0 ? 'unread' : undefined}
        onAtEnd={(isAtEnd) => app.navigation.setAtEnd(isAtEnd)}
        onNearStart={() => void room.history.loadOlder()}
        onKeyDown={(event) => moveBetweenMessages(event, room, actions)}
      />
      <ToEnd
        room={room}
        onClick={() => {
          list.current?.toEnd();
          list.current?.focus(); // the focused button is about to disappear
        }}
      />
      {isThere && open.kind === 'menu' && (
        <LazyPart onClose={() => setOpen(undefined)}>
          {({ MessageMenu }) => (
            <MessageMenu
              key={open} // a menu that opens again at once is a new element
              room={room}
              message={open.message}
              anchor={open.anchor}
              onClose={() => setOpen(undefined)}
              onMoreEmoji={() => setOpen({ ...open, kind: 'reactions' })}
            />
          )}
        </LazyPart>
      )}
      {isThere && open.kind === 'reactions' && (
        <LazyPart onClose={() => setOpen(undefined)}>
          {({ EmojiPicker }) => (
            <EmojiPicker
              anchor={open.anchor}
              onClose={() => setOpen(undefined)}
              onPick={(emoji) => room.pendingChanges.react(open.message.offset ?? 0, emoji)}
            />
          )}
        </LazyPart>
      )}
    </div>
  );
}

/** Returns the same object as long as the names are the same. */
function useNames(room: Room): Names {
  const app = useApp();
  const version = room.version.value;
  const reader = app.identity.current.value.name;
  const known = useMemo(() => mentionableNames(room), [room, version]);
  const joined = known.join('\n');
  return useMemo(() => ({ known, reader }), [joined, reader]);
}

function Start({ room, version }: { room: Room; version: number }): JSX.Element {
  void version; // draws again when the room has changed
  const texts = useTexts();
  const { kind } = useApp().connection.state.value;
  return (
    <p class="start">
      <ChangingText>{startOf(room, texts, kind)}</ChangingText>
    </p>
  );
}

/** Returns the text above the first message. */
function startOf(
  { history, timeline, state, mayPublish }: Room,
  texts: Texts,
  connection: ConnectionState['kind'],
): string {
  if (history.isLoading && history.hasOlder) return texts.loadingOlder;
  const isEmpty = timeline.outbox.messages.length === 0 && timeline.entries().every(({ kind }) => kind !== 'say');
  if (isEmpty) {
    if (state.kind === 'joined' && history.hasNewest) return mayPublish.value ? texts.empty : texts.emptyReadOnly;
    if (connection === 'stopped' || state.kind === 'closed') return ''; // the bar above shows the reason
    return connection === 'offline' ? texts.waiting : texts.roomJoining;
  }
  if (!history.hasNewest || history.hasOlder) return history.hasOlder && connection === 'offline' ? texts.waiting : '';
  return timeline.isWhole ? texts.beginning : texts.nothingOlder;
}

/** A hole in the history, which is loaded when the row is drawn. */
function Hole({ room }: { room: Room }): JSX.Element {
  const texts = useTexts();
  // In a layout effect, before the newest page can arrive and move the hole far up.
  useLayoutEffect(() => void room.history.loadOlder());
  return (
    <p class="line" data-kind="hole">
      {texts.hole}
    </p>
  );
}

function DayLine({ time }: { time: number }): JSX.Element {
  const language = useLanguage();
  const day = language.day(time, useApp().today.value);
  return (
    <div class="line" data-kind="day" role="separator" aria-label={day}>
      <ChangingText>{day}</ChangingText>
    </div>
  );
}

function ToEnd({ room, onClick }: { room: Room; onClick: () => void }): JSX.Element | null {
  const app = useApp();
  const texts = useTexts();
  room.version.value;
  if (app.navigation.isAtEnd.value) return null;
  const { count, hasMore } = room.unread;
  return (
    <button type="button" id="newer" class={count > 0 ? 'newer some' : 'newer'} onClick={onClick}>
      <Icon name="down" />
      <ChangingText>{count > 0 ? texts.newer(hasMore ? `${count}+` : count) : texts.toEnd}</ChangingText>
    </button>
  );
}

/** The arrow keys move between messages, and between the links and buttons of one. Enter opens the menu of a message. */
function moveBetweenMessages(event: KeyboardEvent, room: Room, actions: MessageActions): void {
  const element = event.target as HTMLElement;
  const article = element.closest('article');
  const isStep = event.key === 'ArrowUp' || event.key === 'ArrowDown';
  if (isStep && (element.id === 'contents' || element === article)) {
    const all = [...(event.currentTarget as HTMLElement).querySelectorAll('article')];
    const next = article ? all[all.indexOf(article) + (event.key === 'ArrowUp' ? -1 : 1)] : all[all.length - 1];
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest' });
  } else if ((event.key === 'ArrowRight' || event.key === 'ArrowLeft') && article) {
    // The Tab key skips the links and buttons of messages.
    const all = [article, ...article.querySelectorAll<HTMLElement>('.body :is(button, a)')];
    const at = all.indexOf(element);
    const next = at < 0 ? undefined : all[at + (event.key === 'ArrowRight' ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
  } else if (event.key === 'Escape' && article && element !== article) {
    article.focus({ preventScroll: true });
  } else if ((event.key === 'Enter' || event.key === 'ContextMenu') && article && element === article) {
    const message = room.timeline.message(Number(article.dataset.offset));
    if (!message || message.deleted) return;
    event.preventDefault();
    actions.openMenu(message, article);
  }
}
