// The browser that loads the page in measurements.

import process from 'node:process';
import { chromium } from 'playwright-core';

/** Starts a headless Chromium without requests of its own to other hosts. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.COROOM_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
