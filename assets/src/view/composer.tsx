// The form in which a message is written. A draft stays in the field until it is sent. A note says why a draft can't be
// sent.

import type { JSX } from 'preact';
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { mentionableNames } from '../model/mentionable_names';
import type { App } from '../app/app';
import type { Room } from '../app/room';
import type { Texts } from '../i18n/texts';
import { completionAt, type Completion } from '../text/completion';
import { isBlank, tidied } from '../text/tidy';
import { useApp, useLanguage } from './context';
import { controlKey, enterSends, isOfKeyboard, KEY_CODE_COMPOSING } from './enter_key';
import { useFiles } from './use_files';
import { useMedia } from './hooks';
import { Icon } from './icon';
import { LazyPart } from './lazy_part';
import { plain } from './message_text';
import { useName } from './message_row';
import { ChangingText } from './changing_text';
import { useTypingAnywhere } from './use_typing_anywhere';

export function Composer({ room }: { room: Room }): JSX.Element {
  const app = useApp();
  const language = useLanguage();
  const { texts } = language;
  room.version.value;
  room.field.version.value;
  const field = useRef<HTMLTextAreaElement>(null);
  const [completion, setCompletion] = useState<Completion>();
  const [chosen, setChosen] = useState(0);
  const [picker, setPicker] = useState<Element>();
  const isTouched = useMedia('(hover: none)');
  const [hasKeyboard, setKeyboard] = useState(!isTouched);
  const sends = enterSends(app.preferences.settings.value.enter, isTouched);
  const [isFile, setFile] = useState(false);
  useFiles(useCallback(() => setFile(true), []));
  useTypingAnywhere(field);

  const change = (text: string): void => room.field.setText(text);

  // A reply or an edit that starts elsewhere on the page continues here.
  const { text: draft, editing, reply, focusCalls } = room.field;
  useLayoutEffect(() => {
    setCompletion(undefined);
    if (focusCalls > 0 || matchMedia('(hover: hover)').matches) focusEnd(field.current);
  }, [room, focusCalls]);

  // The field is as tall as the draft, up to the limit of the style sheet.
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [draft]);

  const excess = room.excess(draft);
  const closed = disabledPlaceholder(room, app, texts);
  const maySend = !isBlank(draft) && excess === undefined && closed === undefined;

  const submit = (): void => {
    if (!maySend) return;
    setCompletion(undefined);
    if (editing?.offset !== undefined) {
      const { offset: target } = editing;
      const text = tidied(draft);
      const wasChanged = text !== editing.text;
      room.field.cancel();
      if (wasChanged) room.pendingChanges.submit({ kind: 'edit', target, text });
    } else {
      room.send(tidied(draft));
    }
    field.current?.focus({ preventScroll: true });
  };

  const look = (): void => {
    const element = field.current;
    if (!element) return;
    const next =
      element.selectionStart === element.selectionEnd
        ? completionAt(element.value, element.selectionStart, mentionableNames(room), texts.emojiLabels)
        : undefined;
    setCompletion(next);
    setChosen(0);
  };

  const insert = (text: string, from: number, to: number): void => {
    const element = field.current;
    if (!element) return;
    element.setRangeText(text, from, to, 'end'); // moves the caret before the next key
    element.focus({ preventScroll: true });
    change(element.value);
    setCompletion(undefined);
  };
  const take = (index: number): void => {
    const choice = completion?.choices[index];
    if (completion && choice) insert(choice.text, completion.from, field.current?.selectionStart ?? draft.length);
  };

  const pressed = (event: KeyboardEvent): void => {
    // The key belongs to the input method. Safari ends the composition before the event of the key.
    if (event.isComposing || event.keyCode === KEY_CODE_COMPOSING) return;
    if (isOfKeyboard(event)) setKeyboard(true);
    if (completion && completed(event)) return;
    if (event.key === 'Enter' && !event.shiftKey && (sends || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape' && (editing || reply !== undefined)) {
      room.field.cancel();
    } else if (event.key === 'ArrowUp' && draft === '' && !editing && closed === undefined) {
      const last = room.timeline.lastOwn();
      if (!last) return;
      event.preventDefault();
      room.field.startEditing(last);
    }
  };
  /** Returns whether the key was for the list of suggestions. */
  const completed = (event: KeyboardEvent): boolean => {
    const { length } = completion?.choices ?? [];
    if (event.key === 'ArrowDown') setChosen((chosen + 1) % length);
    else if (event.key === 'ArrowUp') setChosen((chosen + length - 1) % length);
    else if (event.key === 'Enter' || event.key === 'Tab') take(chosen);
    else if (event.key === 'Escape') setCompletion(undefined);
    else return false;
    event.preventDefault();
    return true;
  };

  return (
    <form
      id="composer"
      class="composer"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {(editing || reply !== undefined) && <ComposerContext room={room} />}
      {completion && (
        <ul id="choices" class="choices" role="listbox" aria-label={texts.suggestions}>
          {completion.choices.map(({ label, picture }, index) => (
            <li
              key={label}
              id={`choice-${index}`}
              role="option"
              aria-selected={index === chosen}
              onPointerDown={(event) => {
                event.preventDefault(); // the field keeps the focus
                take(index);
              }}
            >
              <span aria-hidden="true">{picture}</span> <bdi>{label}</bdi>
            </li>
          ))}
        </ul>
      )}
      <div class="writing">
        <button
          type="button"
          class="round"
          aria-label={texts.emoji}
          title={texts.emoji}
          aria-haspopup="dialog"
          disabled={closed !== undefined}
          onClick={(event) => setPicker(event.currentTarget)}
        >
          <Icon name="emoji" />
        </button>
        <label class="unseen" for="msg">
          {texts.draft}
        </label>
        <textarea
          ref={field}
          id="msg"
          rows={1}
          dir="auto"
          enterkeyhint={sends ? 'send' : 'enter'}
          value={draft}
          readOnly={closed !== undefined}
          placeholder={closed ?? texts.placeholder(room.name)}
          aria-describedby="note hint"
          aria-invalid={excess !== undefined}
          aria-autocomplete="list"
          aria-controls={completion ? 'choices' : undefined}
          aria-activedescendant={completion ? `choice-${chosen}` : undefined}
          onInput={(event) => {
            change(event.currentTarget.value);
            setFile(false);
            if (event.currentTarget.value !== '') room.typed();
            look();
          }}
          onKeyDown={pressed}
          onBlur={() => setCompletion(undefined)}
        />
        <button
          id="send"
          type="submit"
          class="round primary"
          disabled={!maySend}
          title={editing ? texts.save : texts.send}
        >
          <span class="unseen">{editing ? texts.save : texts.send}</span>
          <Icon name={editing ? 'check' : 'send'} />
        </button>
      </div>
      <p id="note" class="note" role="alert">
        <ChangingText>
          {excess !== undefined
            ? texts.tooLong(language.size(excess.size), language.size(excess.limit))
            : isFile
              ? texts.noFiles
              : ''}
        </ChangingText>
      </p>
      <p id="hint" class={hasKeyboard ? 'hint some' : 'hint'}>
        <ChangingText>{closed !== undefined ? '' : sends ? texts.hint : texts.hintNewLine(controlKey(navigator.platform))}</ChangingText>
      </p>
      {picker && (
        <LazyPart onClose={() => setPicker(undefined)}>
          {({ EmojiPicker }) => (
            <EmojiPicker
              anchor={picker}
              onClose={() => setPicker(undefined)}
              onPick={(emoji) => {
                const { selectionStart = draft.length, selectionEnd = draft.length } = field.current ?? {};
                insert(emoji, selectionStart, selectionEnd);
              }}
            />
          )}
        </LazyPart>
      )}
    </form>
  );
}

/** Returns the placeholder of a disabled field, and undefined for an enabled one. */
function disabledPlaceholder(room: Room, app: App, texts: Texts): string | undefined {
  if (!room.mayPublish.value) return texts.readOnly;
  const isOut = app.connection.state.value.kind === 'stopped' && !app.identity.hasConnected;
  return isOut || room.state.kind === 'closed' ? '' : undefined;
}

/** The message that the draft edits or replies to. */
function ComposerContext({ room }: { room: Room }): JSX.Element {
  const { texts } = useLanguage();
  const name = useName();
  room.version.value;
  // The message may have been edited or deleted since.
  const message = room.timeline.message(room.field.editing?.offset ?? room.field.reply ?? 0) ?? room.field.editing;
  return (
    <div class="above">
      <Icon name={room.field.editing ? 'edit' : 'reply'} />
      <p>
        <strong>
          <ChangingText>{room.field.editing ? texts.editing : message ? texts.replyTo(name(message)) : texts.reply}</ChangingText>
        </strong>
        <span class="what" dir="auto">
          <ChangingText>{message ? (message.deleted ? texts.deleted : plain(message.text)) : texts.replyGone}</ChangingText>
        </span>
      </p>
      <button
        type="button"
        class="round small"
        aria-label={texts.cancel}
        title={texts.cancel}
        onClick={() => room.field.cancel()}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

function focusEnd(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.focus({ preventScroll: true });
  // Now and not with the next frame: a key that comes in between must find the caret where it stays.
  field.setSelectionRange(field.value.length, field.value.length);
}
