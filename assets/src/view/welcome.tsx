// At the first visit: a name is there already, and nobody has to choose before reading or writing.

import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { useApp, useTexts } from './context';
import { useFocusAfter } from './hooks';
import { Later } from './later';
import { isolated } from './moves_row';
import { Said } from './said';

export function Welcome(): JSX.Element {
  const app = useApp();
  const texts = useTexts();
  const [isChanging, setChanging] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useFocusAfter(box);
  const cancel = (): void => {
    setChanging(false);
    document.getElementById('msg')?.focus({ preventScroll: true });
  };
  return (
    <div ref={box} id="welcome" class="welcome">
      {isChanging ? (
        <Later onClose={() => setChanging(false)}>{({ NameForm }) => <NameForm autofocus onCancel={cancel} />}</Later>
      ) : (
        <>
          <p>
            <Said>{texts.welcome(isolated(app.settings.value.name))}</Said>
          </p>
          <button type="button" class="plain" onClick={() => setChanging(true)}>
            {texts.changeName}
          </button>
          <button type="button" class="plain quiet" onClick={() => app.change({ named: true })}>
            {texts.keepName}
          </button>
        </>
      )}
    </div>
  );
}
