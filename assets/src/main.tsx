// Starts the page.

import { render } from 'preact';
import { App } from './app/app';
import { baseOf } from './net/address';
import { AppContext } from './view/context';
import { Shell } from './view/shell';

const script = document.currentScript;
if (!(script instanceof HTMLScriptElement)) throw new Error('the page needs its own script element');
const app = new App(baseOf(script.src));
const root = document.createElement('div');
root.id = 'app';
document.body.prepend(root);
render(
  <AppContext.Provider value={app}>
    <Shell />
  </AppContext.Provider>,
  root,
);
