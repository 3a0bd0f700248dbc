// Where a message is written. A draft leaves the field only when it is on its way, and what is too long stays, with a
// note that says why.

import type { JSX } from 'preact';
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { mentionable } from '../app/mentionable';
import type { App } from '../app/app';
import type { Room } from '../app/room';
import type { Texts } from '../i18n/texts';
import { completionAt, type Completion } from '../text/completion';
import { isBlank, tidied } from '../text/tidy';
import { useApp, useLanguage } from './context';
import { controlKey, enterSends, isOfKeyboard, KEY_CODE_COMPOSING } from './enter_key';
import { useFiles } from './files';
import { useMedia } from './hooks';
import { Icon } from './icon';
import { Later } from './later';
import { plain } from './message_text';
import { useName } from './message_row';
import { Said } from './said';
import { useTypingAnywhere } from './typing_anywhere';

export function Composer({ room }: { room: Room }): JSX.Element {
  const app = useApp();
  const language = useLanguage();
  const { texts } = language;
  room.version.value;
  room.fieldVersion.value;
  const field = useRef<HTMLTextAreaElement>(null);
  const [completion, setCompletion] = useState<Completion>();
  const [chosen, setChosen] = useState(0);
  const [picker, setPicker] = useState<Element>();
  const isTouched = useMedia('(hover: none)');
  const [hasKeyboard, setKeyboard] = useState(!isTouched);
  const sends = enterSends(app.settings.value.enter, isTouched);
  const [isFile, setFile] = useState(false);
  useFiles(useCallback(() => setFile(true), []));
  useTypingAnywhere(field);

  const change = (text: string): void => room.setDraft(text);

  // What is begun elsewhere on the page goes on here.
  const { draft, editing, reply, callsToField } = room;
  useLayoutEffect(() => {
    setCompletion(undefined);
    if (callsToField > 0 || matchMedia('(hover: hover)').matches) focusEnd(field.current);
  }, [room, callsToField]);

  // As tall as the draft, up to the limit that the style sets.
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [draft]);

  const excess = room.excess(draft);
  const closed = closedOf(room, app, texts);
  const maySend = !isBlank(draft) && excess === undefined && closed === undefined;

  const submit = (): void => {
    if (!maySend) return;
    setCompletion(undefined);
    if (editing?.offset !== undefined) {
      const { offset: target } = editing;
      const text = tidied(draft);
      const wasChanged = text !== editing.text;
      room.stopEditing();
      if (wasChanged) room.acts.do({ kind: 'edit', target, text });
    } else {
      room.say(tidied(draft));
    }
    field.current?.focus({ preventScroll: true });
  };

  const look = (): void => {
    const element = field.current;
    if (!element) return;
    const next =
      element.selectionStart === element.selectionEnd
        ? completionAt(element.value, element.selectionStart, mentionable(room), texts.emojiLabels)
        : undefined;
    setCompletion(next);
    setChosen(0);
  };

  const insert = (text: string, from: number, to: number): void => {
    const element = field.current;
    if (!element) return;
    element.setRangeText(text, from, to, 'end'); // with the caret, before another key comes
    element.focus({ preventScroll: true });
    change(element.value);
    setCompletion(undefined);
  };
  const take = (index: number): void => {
    const choice = completion?.choices[index];
    if (completion && choice) insert(choice.text, completion.from, field.current?.selectionStart ?? draft.length);
  };

  const pressed = (event: KeyboardEvent): void => {
    // Such a key takes what the input method offers. Safari ends the composition before it tells of the key.
    if (event.isComposing || event.keyCode === KEY_CODE_COMPOSING) return;
    if (isOfKeyboard(event)) setKeyboard(true);
    if (completion && completed(event)) return;
    if (event.key === 'Enter' && !event.shiftKey && (sends || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape' && (editing || reply !== undefined)) {
      room.stopEditing();
    } else if (event.key === 'ArrowUp' && draft === '' && !editing && closed === undefined) {
      const last = room.timeline.lastOwn();
      if (!last) return;
      event.preventDefault();
      room.startEditing(last);
    }
  };
  /** Whether the key was for the choices. */
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
      {(editing || reply !== undefined) && <Above room={room} />}
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
        <Said>
          {excess !== undefined
            ? texts.tooLong(language.size(excess.size), language.size(excess.most))
            : isFile
              ? texts.noFiles
              : ''}
        </Said>
      </p>
      <p id="hint" class={hasKeyboard ? 'hint some' : 'hint'}>
        <Said>{closed !== undefined ? '' : sends ? texts.hint : texts.hintNewLine(controlKey(navigator.platform))}</Said>
      </p>
      {picker && (
        <Later onClose={() => setPicker(undefined)}>
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
        </Later>
      )}
    </form>
  );
}

/** Why nothing can be written here; empty where something else on the page says it. */
function closedOf(room: Room, app: App, texts: Texts): string | undefined {
  if (!room.mayPublish.value) return texts.readOnly;
  const isOut = app.connection.value.kind === 'stopped' && app.self().client === '';
  return isOut || room.state.kind === 'closed' ? '' : undefined;
}

/** What is edited, or answered. */
function Above({ room }: { room: Room }): JSX.Element {
  const { texts } = useLanguage();
  const name = useName();
  room.version.value;
  // It may have been edited or deleted since.
  const message = room.timeline.message(room.editing?.offset ?? room.reply ?? 0) ?? room.editing;
  return (
    <div class="above">
      <Icon name={room.editing ? 'edit' : 'reply'} />
      <p>
        <strong>
          <Said>{room.editing ? texts.editing : message ? texts.replyTo(name(message)) : texts.reply}</Said>
        </strong>
        <span class="what" dir="auto">
          <Said>{message ? (message.deleted ? texts.deleted : plain(message.text)) : texts.replyGone}</Said>
        </span>
      </p>
      <button
        type="button"
        class="round small"
        aria-label={texts.cancel}
        title={texts.cancel}
        onClick={() => room.stopEditing()}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

function focusEnd(field: HTMLTextAreaElement | null): void {
  field?.focus({ preventScroll: true });
  requestAnimationFrame(() => field?.setSelectionRange(field.value.length, field.value.length));
}
