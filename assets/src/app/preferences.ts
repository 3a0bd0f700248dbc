// The user's settings, which all tabs share, and the language that results from them.

import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { loadCatalogue, type Catalogues } from '../i18n/catalogues';
import { choiceOf, type LanguageChoice, type Tongue } from '../i18n/choice';
import { generatedName, languageOf, type Language } from '../i18n/language';
import type { Texts } from '../i18n/texts';
import { loadSettings, saveSettings, type Settings } from '../model/settings';
import type { Store } from '../model/storage';
import type { Disposer } from './disposer';
import type { Notices } from './notices';
import { mayNotify } from './notifications';

/** After so many messages the generated name counts as accepted. */
const MESSAGES_UNTIL_NAMED = 3;

export class Preferences {
  readonly settings: Signal<Settings>;
  readonly language: ReadonlySignal<Language>;
  private readonly catalogues: Signal<Catalogues>;
  private readonly choice: ReadonlySignal<LanguageChoice>;
  private messagesSent = 0;

  constructor(
    private readonly store: Store,
    private readonly notices: Notices,
    catalogues: Catalogues,
  ) {
    this.settings = signal(loadSettings(store));
    this.catalogues = signal(catalogues);
    this.choice = computed(() => choiceOf(this.settings.value.language, navigator.languages));
    this.language = computed(() => languageOf(this.choice.value, this.catalogues.value));
    if (this.settings.peek().name === '') this.generateName();
  }

  /** Loads the language that is chosen, now and after each change. */
  start(): Disposer {
    return effect(() => void this.loadLanguage(this.choice.value.tongue));
  }

  /** Returns the texts in the current language, without a subscription of the caller to changes. */
  get texts(): Texts {
    return this.language.peek().texts;
  }

  change(some: Partial<Settings>): void {
    this.settings.value = { ...this.stored(), ...some };
    saveSettings(this.store, this.settings.peek());
  }

  /** Takes over changes of another tab. Returns whether the name has changed. */
  follow(): boolean {
    const before = this.settings.peek();
    const now = this.stored();
    if (JSON.stringify(now) === JSON.stringify(before)) return false;
    this.settings.value = now;
    return now.name !== before.name;
  }

  /** Generates a name, so that the user need not choose one before reading or writing. */
  generateName(): void {
    this.change({ name: generatedName(this.texts), named: false });
  }

  /** Accepts the generated name after the user has sent a few messages. */
  messageSent(): void {
    this.messagesSent += 1;
    if (this.messagesSent === MESSAGES_UNTIL_NAMED && !this.settings.peek().named) this.change({ named: true });
  }

  isMuted(room: string): boolean {
    return this.settings.value.muted.includes(room);
  }

  toggleMute(room: string): void {
    const others = this.stored().muted.filter((name) => name !== room);
    this.change({ muted: this.isMuted(room) ? others : [...others, room] });
  }

  async chooseLanguage(language: Settings['language']): Promise<void> {
    const isLoaded = await this.loadLanguage(choiceOf(language, navigator.languages).tongue);
    this.change(isLoaded ? { language } : {}); // the list is drawn again and shows the valid choice
  }

  async chooseNotifications(notifications: Settings['notifications']): Promise<void> {
    if (notifications !== 'off' && !(await mayNotify())) {
      this.notices.showToast(this.texts.notifyBlocked);
      this.change({ notifications: 'off' });
      return;
    }
    this.change({ notifications });
  }

  /** Shows a toast if the language cannot be loaded. */
  private async loadLanguage(tongue: Tongue): Promise<boolean> {
    if (this.catalogues.peek()[tongue]) return true;
    try {
      const loaded = await loadCatalogue(tongue);
      this.catalogues.value = { ...this.catalogues.peek(), ...loaded };
      return true;
    } catch {
      this.notices.showToast(this.texts.partMissing);
      return false;
    }
  }

  /** Another tab may have changed the settings. */
  private stored(): Settings {
    const stored = loadSettings(this.store);
    return stored.name === '' ? this.settings.peek() : stored;
  }
}
