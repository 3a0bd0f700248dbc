import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { choiceOf, type Tongue } from '../i18n/choice';
import { ENTER, LANGUAGES, NOTIFICATIONS, THEMES } from '../model/settings';
import { cleanName, MAX_NAME_LENGTH } from '../text/names';
import { playSound } from '../app/sound';
import { useApp, useTexts } from './context';
import { isolated } from './moves_row';
import { ChangingText } from './changing_text';

/** The languages' own names. They show users of traditional characters that the page has simplified ones only. */
const TONGUES: Readonly<Record<Tongue, string>> = { zh: '简体中文', en: 'English' };

export function SettingsPanel(): JSX.Element {
  const app = useApp();
  const texts = useTexts();
  const settings = app.preferences.settings.value;
  const room = app.navigation.current.value;
  const automatic = choiceOf('auto', navigator.languages).tongue;
  return (
    <div class="settings">
      {app.identity.mayRename && <NameForm />}
      <ChoiceField
        label={texts.language}
        value={settings.language}
        values={LANGUAGES}
        onChange={(language) => void app.preferences.chooseLanguage(language)}
        names={{ auto: texts.automaticLanguage(TONGUES[automatic]), ...TONGUES }}
      />
      <ChoiceField
        label={texts.theme}
        value={settings.theme}
        values={THEMES}
        onChange={(theme) => app.preferences.change({ theme })}
        names={{ auto: texts.automatic, light: texts.light, dark: texts.dark }}
      />
      <ChoiceField
        label={texts.enter}
        value={settings.enter}
        values={ENTER}
        onChange={(enter) => app.preferences.change({ enter })}
        names={{ auto: texts.automatic, send: texts.enterSends, newline: texts.enterNewLine }}
      />
      <ChoiceField
        label={texts.notifications}
        value={settings.notifications}
        values={NOTIFICATIONS}
        onChange={(chosen) => void app.preferences.chooseNotifications(chosen)}
        names={{ off: texts.notifyOff, mentions: texts.notifyMentions, all: texts.notifyAll }}
      />
      <label class="switch">
        <input
          type="checkbox"
          checked={settings.sound}
          onChange={(event) => {
            app.preferences.change({ sound: event.currentTarget.checked });
            if (event.currentTarget.checked) void playSound();
          }}
        />
        <span>{texts.sound}</span>
      </label>
      <label class="switch">
        <input type="checkbox" checked={app.preferences.isMuted(room.name)} onChange={() => app.preferences.toggleMute(room.name)} />
        <span>{texts.mute(isolated(room.name))}</span>
      </label>
    </div>
  );
}

export function NameForm({ autofocus = false, onCancel }: { autofocus?: boolean; onCancel?: () => void }): JSX.Element {
  const app = useApp();
  const texts = useTexts();
  const [typed, setTyped] = useState<string>();
  const name = typed ?? app.preferences.settings.value.name; // another tab may have changed it
  const [failure, setFailure] = useState('');
  const [isAsking, setAsking] = useState(false);
  const hasFailed = failure !== '';
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (autofocus) field.current?.focus();
  }, []);
  const note = useId(); // two forms may be open
  const mayBe = cleanName(name) !== '';
  return (
    <form
      class="name-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isAsking) return;
        setFailure('');
        setAsking(true);
        void app.connection.rename(name).then((outcome) => {
          setAsking(false);
          if (outcome === 'done') setTyped(undefined);
          setFailure(outcome === 'done' ? '' : outcome === 'unreachable' ? texts.whyNoNetwork : texts.nameFailed);
        });
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel?.();
      }}
    >
      <label>
        <span>{texts.name}</span>
        <input
          ref={field}
          class="field"
          name="name"
          data-first
          maxLength={2 * MAX_NAME_LENGTH}
          value={name}
          dir="auto"
          autocomplete="nickname"
          aria-describedby={note}
          aria-invalid={hasFailed || !mayBe}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setFailure('');
          }}
        />
      </label>
      <button type="submit" class="plain" disabled={!mayBe || settingsUnchanged(app.preferences.settings.value, name)}>
        {texts.save}
      </button>
      {onCancel && (
        <button type="button" class="plain quiet" onClick={onCancel}>
          {texts.cancel}
        </button>
      )}
      <p id={note} class="hint" role={hasFailed ? 'alert' : 'status'}>
        <ChangingText>{failure || (isAsking ? texts.sending : texts.nameHint)}</ChangingText>
      </p>
    </form>
  );
}

function settingsUnchanged(settings: { name: string; named: boolean }, name: string): boolean {
  return settings.named && settings.name === cleanName(name);
}

function ChoiceField<T extends string>({
  label,
  value,
  values,
  names,
  onChange,
}: {
  label: string;
  value: T;
  values: readonly T[];
  names: Readonly<Record<T, string>>;
  onChange: (value: T) => void;
}): JSX.Element {
  return (
    <label class="choice">
      <span>{label}</span>
      <select class="field" value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {values.map((one) => (
          <option key={one} value={one}>
            {names[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
