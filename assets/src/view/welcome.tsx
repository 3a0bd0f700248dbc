// The bar of the first visit, which shows the generated name. The user may read and write without choosing another.

import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { useApp, useTexts } from './context';
import { useFocusAfter } from './hooks';
import { LazyPart } from './lazy_part';
import { isolated } from './moves_row';
import { ChangingText } from './changing_text';

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
        <LazyPart onClose={() => setChanging(false)}>{({ NameForm }) => <NameForm autofocus onCancel={cancel} />}</LazyPart>
      ) : (
        <>
          <p>
            <ChangingText>{texts.welcome(isolated(app.preferences.settings.value.name))}</ChangingText>
          </p>
          <button type="button" class="plain" onClick={() => setChanging(true)}>
            {texts.changeName}
          </button>
          <button type="button" class="plain quiet" onClick={() => app.preferences.change({ named: true })}>
            {texts.keepName}
          </button>
        </>
      )}
    </div>
  );
}
