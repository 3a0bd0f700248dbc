// Starts the page.

import { render } from 'preact';
import { takeToken } from './app/address_token';
import { App } from './app/app';
import { browserStore } from './model/storage';
import { baseOf, placeAt } from './net/address';
import { BadLink } from './view/bad_link';
import { AppContext } from './view/context';
import { Shell } from './view/shell';

const script = document.currentScript;
if (!(script instanceof HTMLScriptElement)) throw new Error('the page needs its own script element');
const base = baseOf(script.src);
const token = takeToken(browserStore(() => sessionStorage));
const place = placeAt(new URL(location.href), base);
const root = document.createElement('div');
root.id = 'app';
document.body.prepend(root);
render(
  'fault' in place ? (
    <BadLink base={base} fault={place.fault} />
  ) : (
    <AppContext.Provider value={new App(base, token, place.room)}>
      <Shell />
    </AppContext.Provider>
  ),
  root,
);
