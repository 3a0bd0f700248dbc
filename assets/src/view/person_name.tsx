// A person's name, with a code if another person has the same name.

import type { JSX } from 'preact';
import type { Named } from '../model/publication';
import { codeOf } from '../text/same_names';
import { useLanguage } from './context';

/** Browsers do not translate it. */
export function PersonName({ one }: { one: Named }): JSX.Element {
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
