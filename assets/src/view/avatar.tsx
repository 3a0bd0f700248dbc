import type { JSX } from 'preact';
import { hueOf } from '../text/hues';
import { initials } from '../text/names';

/** A picture of a person; the name stands beside it, so it says nothing to a screen reader. */
export function Avatar({ person, name }: { person: string; name: string }): JSX.Element {
  return (
    <span class="avatar" data-hue={hueOf(person)} aria-hidden="true" translate={false}>
      {initials(name)}
    </span>
  );
}
