// What the SDK uses of Node's EventEmitter. The build puts it in the place of npm's `events`, of which it is a tenth
// (build.mjs).

type Listener = (...values: readonly unknown[]) => void;

export class Emitter {
  #listeners = new Map<string, readonly Listener[]>();

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  /** Those that are removed meanwhile are called all the same, as Node does. Returns whether anybody listens. */
  emit(event: string, ...values: readonly unknown[]): boolean {
    const listeners = this.#listeners.get(event) ?? [];
    for (const listener of listeners) listener.apply(this, [...values]);
    return listeners.length > 0;
  }

  removeAllListeners(event?: string): this {
    if (event === undefined) this.#listeners.clear();
    else this.#listeners.delete(event);
    return this;
  }
}
