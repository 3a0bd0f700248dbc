// What the checks of TypeScript do not see. All rules are errors: `npm run lint`.

import { fileURLToPath } from 'node:url';
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const NODE = { process: 'readonly', console: 'readonly', Buffer: 'readonly', URL: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly' };
const BROWSER = { document: 'readonly', location: 'readonly', URL: 'readonly', WebSocket: 'readonly', URLSearchParams: 'readonly' };

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  { files: ['*.mjs'], languageOptions: { globals: NODE } },
  { files: ['src/**/*.js'], languageOptions: { globals: BROWSER } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: fileURLToPath(new URL('.', import.meta.url)) } },
    rules: {
      // `() => act()` is how events are answered here, and a number in a text is a number.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // To read a signal is to be drawn again when it changes.
      '@typescript-eslint/no-unused-expressions': 'off',
      // `on…={async () => …}` waits for nobody; `no-floating-promises` sees what is forgotten.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      // A value that is not used has to be looked at all the same, as a room's version is.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      // Codes of keys that some browsers know no other name for, and states of the SDK by their values.
      '@typescript-eslint/no-deprecated': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // What names and texts are made of is looked at a code point at a time.
      '@typescript-eslint/no-misused-spread': 'off',
      'no-control-regex': 'off',
      'no-misleading-character-class': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['test/**'],
    rules: {
      // Stand-ins for what the browser or the SDK has.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
);
