// Runs the tests with the SDK as the page contains it.

import { isSdk, leanFile } from './lean_sdk.mjs';

export default {
  plugins: [{ name: 'lean-sdk', enforce: 'pre', load: (file) => (isSdk.test(file) ? leanFile(file) : undefined) }],
  test: { server: { deps: { inline: ['centrifuge'] } } },
};
