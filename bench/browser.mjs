// The browser that is the load where the page is measured.

import process from 'node:process';
import { chromium } from 'playwright-core';

/** A Chromium without a window, that asks no other host for anything. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.COROOM_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
