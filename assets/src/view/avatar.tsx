import type { JSX } from 'preact';
import { hueOf } from '../text/hues';
import { initials } from '../text/names';

/** A person's initials. Hidden from screen readers, because the name is next to them. */
export function Avatar({ person, name }: { person: string; name: string }): JSX.Element {
  return (
    <span class="avatar" data-hue={hueOf(person)} aria-hidden="true" translate={false}>
      {initials(name)}
    </span>
  );
}
