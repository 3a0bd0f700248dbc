// A person's name where it stands for itself, with a code behind it where others are called so too.

import type { JSX } from 'preact';
import type { Named } from '../model/publication';
import { codeOf } from '../text/same_names';
import { useLanguage } from './context';

/** A browser that translates the page leaves it as it is. */
export function Name({ one }: { one: Named }): JSX.Element {
  const language = useLanguage();
  const code = codeOf(one.person, one.name);
  return (
    <>
      <bdi class="name" translate={false}>
        {language.nameOf(one)}
      </bdi>
      {code !== '' && (
        <span class="code" translate={false}>
          ·{code}
        </span>
      )}
    </>
  );
}
