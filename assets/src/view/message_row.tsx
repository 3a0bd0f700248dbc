// One message with its author, its time, its reactions and its tools.

import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { memo } from './memo';
import type { PendingChange } from '../app/pending_changes';
import type { Room } from '../app/room';
import type { Texts } from '../i18n/texts';
import type { Message } from '../model/message';
import { UNKNOWN_OUTCOME } from '../model/outbox';
import { personOf, type Named } from '../model/publication';
import { isChangeable } from '../model/timeline';
import { BAD_REQUEST, MESSAGE_TOO_BIG, PROTOCOL_ERROR } from '../net/close_codes';
import { PERMISSION_DENIED, TOO_MANY_REQUESTS } from '../net/error_codes';
import { hueOf } from '../text/hues';
import { mentionsReader, type Names } from '../text/segments';
import { Avatar } from './avatar';
import { useApp, useLanguage, useTexts } from './context';
import { useFocusAfter, usePointedAt } from './hooks';
import { Icon, type IconName } from './icon';
import { isolated } from './moves_row';
import { PersonName } from './person_name';
import { cut, isLong, MessageText, plain } from './message_text';
import { ChangingText } from './changing_text';

export interface MessageActions {
  openMenu(message: Message, anchor: Element): void;
  openReactions(message: Message, anchor: Element): void;
  showMessage(offset: number): void;
  showAll(message: Message): void;
}

interface Props {
  readonly room: Room;
  readonly message: Message;
  readonly pendingChanges: readonly PendingChange[];
  readonly continued: boolean;
  readonly quoted: Message | undefined;
  readonly names: Names;
  readonly isWhole: boolean;
  readonly isTarget: boolean;
  readonly actions: MessageActions;
}

function useNamed(): (message: Message) => Named {
  const app = useApp();
  return ({ author, own }) => ({ person: personOf(author), name: author.name || (own ? app.identity.name : '') });
}

export function useName(): (message: Message) => string {
  const named = useNamed();
  const language = useLanguage();
  return (message) => language.displayName(named(message));
}

function UncachedRow({ room, message, pendingChanges, continued, quoted, names, isWhole, isTarget, actions }: Props): JSX.Element {
  const language = useLanguage();
  const { texts } = language;
  const named = useNamed()(message);
  const { person } = named;
  const name = language.displayName(named);
  const time = new Date(message.time);
  const text = message.text.trimEnd(); // other clients may send empty lines
  const cutShort = !isWhole && isLong(text);
  const isCalled = mentionsReader(message.text, names) || (quoted?.own === true && !message.own);
  const isEdited = message.edited && !message.deleted;
  // Screen readers read the text of the message, and not its buttons.
  const hasFailed = message.delivery.kind === 'failed';
  const describing = [message.reply !== undefined && 'quote', 'text', isEdited && 'edited', hasFailed && 'state']
    .filter(Boolean)
    .map((part) => `${part}-${message.key}`);
  const classes = [
    'line',
    continued && 'continued',
    message.own && 'own',
    isTarget && 'target',
    isCalled && 'mentioned',
  ];
  return (
    <article
      class={classes.filter(Boolean).join(' ')}
      data-kind="say"
      data-hue={hueOf(person)}
      data-delivery={message.delivery.kind}
      data-offset={message.offset}
      tabIndex={-1}
      aria-label={`${name}, ${language.time(message.time)}`}
      aria-describedby={describing.join(' ')}
    >
      {!continued && <Avatar person={person} name={language.nameOf(named)} />}
      {!continued && (
        <header class="head">
          <span class="who">
            <PersonName one={named} />
          </span>
          {message.own && <span class="you">{texts.you}</span>}
          <time dateTime={time.toISOString()} title={language.dateAndTime(message.time)}>
            {language.time(message.time)}
          </time>
        </header>
      )}
      {continued && (
        <time class="aside" dateTime={time.toISOString()} title={language.dateAndTime(message.time)}>
          {language.shortTime(message.time)}
        </time>
      )}
      <div class="body">
        {message.reply !== undefined && (
          <Quote id={`quote-${message.key}`} offset={message.reply} quoted={quoted} actions={actions} />
        )}
        <div id={`text-${message.key}`}>
          {message.deleted ? (
            <p class="deleted">{texts.deleted}</p>
          ) : message.isData ? (
            <pre class="text data" tabIndex={0} dir="ltr" translate={false}>
              <code>{cutShort ? cut(text) : text}</code>
            </pre>
          ) : (
            <MessageText text={cutShort ? cut(text) : text} names={names} />
          )}
        </div>
        {cutShort && (
          <button type="button" class="link" onClick={() => actions.showAll(message)}>
            {texts.showAll}
          </button>
        )}
        {isEdited && (
          <span class="edited" id={`edited-${message.key}`}>
            {texts.edited}
          </span>
        )}
        <DeliveryLine room={room} message={message} />
        {pendingChanges.map((pending) => (
          <PendingChangeLine key={pending.id} room={room} pending={pending} />
        ))}
        {message.reactions.size > 0 && <Reactions room={room} message={message} actions={actions} />}
      </div>
      {message.offset !== undefined && !message.deleted && <Tools message={message} actions={actions} room={room} />}
    </article>
  );
}

/** The row, which is drawn again only when one of its properties changes. */
export const MessageRow = memo(UncachedRow);

function Quote({
  id,
  offset,
  quoted,
  actions,
}: {
  id: string;
  offset: number;
  quoted: Message | undefined;
  actions: MessageActions;
}): JSX.Element {
  const texts = useTexts();
  const name = useName();
  const named = useNamed();
  return (
    <button
      type="button"
      class="quote"
      data-hue={quoted && hueOf(personOf(quoted.author))}
      onClick={() => actions.showMessage(offset)}
    >
      <span class="unseen" id={id}>
        <ChangingText>{quoted ? texts.replyTo(name(quoted)) : texts.reply}</ChangingText>
      </span>
      {quoted && (
        <span class="who" aria-hidden="true">
          <PersonName one={named(quoted)} />
        </span>
      )}
      <span class="what" dir="auto">
        <ChangingText>{quoted ? (quoted.deleted ? texts.deleted : plain(quoted.text)) : texts.replyGone}</ChangingText>
      </span>
    </button>
  );
}

function failureOf(code: number, texts: Texts): string {
  switch (code) {
    case UNKNOWN_OUTCOME:
    case PROTOCOL_ERROR:
    case BAD_REQUEST:
      return texts.failedUnknown;
    case MESSAGE_TOO_BIG:
      return texts.failedLong;
    case PERMISSION_DENIED:
      return texts.failedDenied;
    case TOO_MANY_REQUESTS:
      return texts.failedFast;
    default:
      return texts.failed;
  }
}

function DeliveryLine({ room, message }: { room: Room; message: Message }): JSX.Element | null {
  const texts = useTexts();
  const { connection } = useApp();
  const { kind } = message.delivery;
  if (kind === 'sent') return null;
  room.version.value;
  const isOnItsWay = connection.state.value.kind === 'connected' && room.state.kind !== 'closed';
  return (
    <>
      {kind === 'pending' && (
        <span class="pending">
          <Icon name="clock" />
          <ChangingText>{isOnItsWay ? texts.sending : texts.waiting}</ChangingText>
        </span>
      )}
      {/* With a connection the message arrives in a moment. */}
      {(kind === 'failed' || !isOnItsWay) && <PendingActions room={room} message={message} />}
    </>
  );
}

/** The actions for a message that has not arrived. */
function PendingActions({ room, message }: { room: Room; message: Message }): JSX.Element {
  const texts = useTexts();
  const { delivery } = message;
  const box = useRef<HTMLParagraphElement>(null);
  useFocusAfter(box, 'article');
  return (
    <p ref={box} class={delivery.kind}>
      {delivery.kind === 'failed' && (
        <>
          <span role="alert" id={`state-${message.key}`}>
            <ChangingText>{failureOf(delivery.code, texts)}</ChangingText>
          </span>
          <button type="button" class="link" onClick={() => room.sendAgain(message)}>
            {texts.resend}
          </button>
        </>
      )}
      <button type="button" class="link" onClick={() => room.takeBack(message)}>
        {texts.edit}
      </button>
      <button type="button" class="link" onClick={() => room.discard(message)}>
        {texts.discard}
      </button>
    </p>
  );
}

/** A change of the user that the server has not accepted yet. */
function PendingChangeLine({ room, pending }: { room: Room; pending: PendingChange }): JSX.Element | null {
  const texts = useTexts();
  const box = useRef<HTMLParagraphElement>(null);
  useFocusAfter(box, 'article');
  room.version.value;
  const { change, state } = pending;
  if (state.kind === 'begun') return null;
  const isRefused = state.kind === 'refused';
  const what = change.kind === 'react' ? change.emoji : change.kind === 'edit' ? texts.edit : texts.remove;
  const how = isRefused ? refusalOf(state.code, texts) : state.kind === 'sending' ? texts.sending : texts.waiting;
  return (
    <p ref={box} class={isRefused ? 'act failed' : 'act'} data-act={state.kind}>
      <span role={isRefused ? 'alert' : 'status'}>
        {what}: {change.kind === 'edit' && <q dir="auto">{plain(change.text).slice(0, 200)}</q>} <ChangingText>{how}</ChangingText>
      </span>
      {isRefused && (
        <button type="button" class="link" onClick={() => room.pendingChanges.retry(pending)}>
          {texts.tryAgain}
        </button>
      )}
      {change.kind === 'edit' && state.kind !== 'sending' && !room.field.editing && (
        <button type="button" class="link" onClick={() => room.takeBackEdit(pending)}>
          {texts.edit}
        </button>
      )}
      {state.kind !== 'sending' && (
        <button type="button" class="link" onClick={() => room.pendingChanges.discard(pending)}>
          {texts.discard}
        </button>
      )}
    </p>
  );
}

function refusalOf(code: number, texts: Texts): string {
  return code === TOO_MANY_REQUESTS ? texts.failedFast : texts.changeFailed;
}

/** The largest number of emoji; more would hide the message. */
const MAX_REACTIONS = 20;

function Reactions({ room, message, actions }: { room: Room; message: Message; actions: MessageActions }): JSX.Element {
  const app = useApp();
  const language = useLanguage();
  const self = personOf(app.identity.self());
  const mayPublish = room.mayPublish.value;
  const nameOf = ({ person, name }: Named): string =>
    person === self ? language.texts.you : isolated(language.displayName({ person, name: room.members.nameOf(person) || name }));
  return (
    <div class="reactions">
      {[...message.reactions].slice(0, MAX_REACTIONS).map(([emoji, people]) => {
        const who = language.texts.reactedBy(
          `${emoji} ${people.length}`,
          language.list(people.slice(0, 20).map(nameOf)),
        );
        return (
          <button
            key={emoji}
            type="button"
            class="reaction"
            tabIndex={-1}
            translate={false}
            aria-pressed={people.some(({ person }) => person === self)}
            aria-label={who}
            title={who}
            aria-disabled={!mayPublish}
            onClick={() => mayPublish && room.pendingChanges.react(message.offset ?? 0, emoji)}
          >
            <bdi>{emoji}</bdi> {people.length}
          </button>
        );
      })}
      {mayPublish && (
        <button
          type="button"
          class="reaction add"
          tabIndex={-1}
          aria-label={language.texts.react}
          onClick={(event) => actions.openReactions(message, event.currentTarget)}
        >
          <Icon name="emoji" />
        </button>
      )}
    </div>
  );
}

/** Buttons for the mouse. With the keyboard, Enter on the message opens the menu. */
function Tools({ room, message, actions }: { room: Room; message: Message; actions: MessageActions }): JSX.Element {
  const texts = useTexts();
  const canEdit = message.own && isChangeable(message);
  const box = useRef<HTMLDivElement>(null);
  useFocusAfter(box, 'article');
  const isPointedAt = usePointedAt(box, 'article');
  const tool = { isNamed: isPointedAt };
  return (
    <div ref={box} class="tools">
      {room.mayPublish.value && (
        <>
          <Tool {...tool} icon="emoji" label={texts.react} onClick={(at) => actions.openReactions(message, at)} />
          <Tool {...tool} icon="reply" label={texts.reply} onClick={() => room.field.startReply(message)} />
          {canEdit && <Tool {...tool} icon="edit" label={texts.edit} onClick={() => room.field.startEditing(message)} />}
        </>
      )}
      <button
        type="button"
        class="menu-button"
        tabIndex={-1}
        aria-label={texts.actions}
        title={texts.actions}
        aria-haspopup="menu"
        onClick={(event) => actions.openMenu(message, event.currentTarget)}
      >
        <Icon name="more" />
      </button>
    </div>
  );
}

/**
  * A shortcut to an entry of the menu. Screen readers skip it, except at the message under the pointer, where voice control
  * can use its name.
 */
function Tool({
  isNamed,
  icon,
  label,
  onClick,
}: {
  isNamed: boolean;
  icon: IconName;
  label: string;
  onClick: (at: Element) => void;
}): JSX.Element {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-hidden={!isNamed}
      aria-label={label}
      title={label}
      onClick={(event) => onClick(event.currentTarget)}
    >
      <Icon name={icon} />
    </button>
  );
}
