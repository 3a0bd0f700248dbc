// Removes the half of the SDK that the page does not use. The source is cut as text, along its layout: a class begins
// and ends in the first column, a method is indented by four columns, and a statement is one line. A cut without a match,
// as in another version of the SDK, fails the build.

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

const values = (value, ...expressions) => expressions.map((expression) => [expression, value]);

/**
  * Expressions with a constant value, by class, because neither the page nor its server uses their feature. Lines that
  * assign to them are removed.
 */
const FIXED = {
  BaseSubscription: [
    // Each publication is complete, and streams start at the current position.
    ...values('false', 'this._map', 'this._sharedPoll', 'result.delta'),
    ...values('null', 'this._getState', 'this._tagsFilter'),
    ...values('undefined', 'options.delta', 'options.getState', 'options.since', 'options.tagsFilter'),
    ...values('undefined', 'options.mapPageSize', 'options.mapPresenceType', 'options.mapUnrecoverableStrategy'),
    ...values('undefined', 'options.sharedPollGetSignature'),
    ['this._delta', `''`],
    // Subscriptions have no data and no token, which could expire.
    ...values('undefined', 'options.data', 'options.getData', 'options.token', 'options.getToken'),
    ...values('true', 'this._getToken === null', 'this._canSubscribeWithoutGettingToken()'),
    ...values('false', 'this._getToken !== null', 'result.expires === true'),
    ['this._getData', 'null'],
    ...values('0', 'this._debounceMs', 'result.publish_debounce'),
    ...values('undefined', 'options.minResubscribeDelay', 'options.maxResubscribeDelay'),
    ['this._centrifuge._debugEnabled', 'false'],
  ],
  Subscription: [['this._debounceMs', '0']],
  Centrifuge: [
    ...values('null', 'this._config.data', 'this._config.getData', 'self._config.getData'),
    ...values('null', 'this._config.eventsource', 'this._config.fetch', 'this._config.readableStream'),
    ...values('null', 'this._config.networkEventTarget', 'this._config.pageEventTarget', 'this._config.sockjs'),
    ['Object.keys(this._config.headers).length', '0'],
    // A list of transports, which speak JSON.
    [`typeof this._endpoint === 'string'`, 'false'],
    ...values('true', 'Array.isArray(this._endpoint)', 'this._emulation', 'self._emulation'),
    ['this._codecName()', `'json'`],
    [`transport.name() === 'webtransport'`, 'false'],
    // The server makes no subscriptions for clients.
    ['this._isServerSub(channel)', 'false'],
    ['data.subscribe', 'undefined'],
    ...values('false', 'this._debugEnabled', `this._config.debug === true || localStorageItem('centrifuge.debug')`),
  ],
  HttpStreamTransport: [...values(`'json'`, 'this._protocol', 'self._protocol'), [`protocol === 'json'`, 'true']],
  WebsocketTransport: values('false', `protocol === 'protobuf'`, `subProtocol !== ''`),
};

/** True in each browser for which the page is built. */
const PRESENT = [
  /typeof (?:globalThis\.)?(?:fetch|AbortController|Error|EventSource|EventTarget|Event|MessageEvent|ReadableStream|TextDecoder) !== 'undefined'/g,
  /isFunction\(target\.removeEventListener\)/g,
  /'Promise' in globalThis/g,
  /this\._\w+\.hasOwnProperty\(\w+\)/g, // in a loop over a plain object
];

/** Replaces the package of the same name by the part that the SDK and the page use. */
const EMITTER = `class EventEmitter {
    constructor() {
        this._handlers = {};
    }
    on(event, handler) {
        this._handlers[event] = [...(this._handlers[event] || []), handler];
        return this;
    }
    emit(event, ...args) {
        for (const handler of this._handlers[event] || []) handler.apply(this, args);
    }
    removeAllListeners() {
        this._handlers = {};
    }
}`;

const CLASS = /^class (\w+)(?: extends (\w+))? \{\n.*?^\}\n/gms;

function cut(text, what, by = '') {
  const rest = text.replace(what, by);
  if (rest === text) throw new Error(`lean_sdk.mjs: the SDK has no ${what} any more`);
  return rest;
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Replaces the names of enumerators by their values. */
function withoutEnumerations(text) {
  const values = new Map();
  const rest = cut(text, /^var (\w+);\n\(function \(\1\) \{\n.*?^\}\)\(\1 .*?;$/gms, (whole, name) => {
    const entries = [...whole.matchAll(/\["(\w+)"\] = (\d+|"\w+")/g)].map(([, key, value]) => [key, value]);
    for (const [key, value] of entries) values.set(`${name}.${key}`, value);
    return `const ${name} = { ${entries.map((entry) => entry.join(': ')).join(', ')} };`;
  });
  return rest.replace(/\b[A-Za-z]+\.[A-Za-z]+\b/g, (name) => values.get(name) ?? name);
}

function withFixed(text) {
  let result = text;
  for (const [name, fixed] of Object.entries(FIXED))
    result = cut(result, new RegExp(String.raw`^class ${name} .*?^\}\n`, 'ms'), (whole) => {
      let rest = whole;
      for (const [expression, value] of fixed) {
        const pattern = escaped(expression);
        rest = rest.replace(new RegExp(String.raw`^\s*${pattern} = .*;(?: //.*)?\n`, 'gm'), '');
        rest = cut(rest, new RegExp(String.raw`(?<![\w.])${pattern}(?!\w)`, 'g'), value);
      }
      return rest;
    });
  return result;
}

/**
  * Returns the methods that constructors, functions and the page cannot reach. `this` and `self` are objects of the
  * method's class or of a derived one; any other object may be of any class.
 *
  * @param text in esbuild's format
  * @param named the methods that the page calls
 */
function uncalled(text, named) {
  let called = text;
  const calledOf = new Map(); // the text of a class and of its derived classes, by name
  let waiting = [];
  for (const [whole, name, base] of text.matchAll(CLASS)) {
    const family = base === 'BaseSubscription' ? base : name;
    let rest = whole;
    for (const [body, method] of whole.matchAll(/^ {2}(?:static )?(\w+)\([^\n]*\) \{\n.*?^ {2}\}\n/gms)) {
      if (method === 'constructor' || named.has(method)) continue;
      waiting.push({ name, family, method, body });
      called = called.replace(body, '');
      rest = rest.replace(body, '');
    }
    calledOf.set(family, (calledOf.get(family) ?? '') + rest);
  }
  for (;;) {
    const found = waiting.filter(
      ({ family, method }) =>
        new RegExp(String.raw`(?<!\b(?:this|self))\.${method}\b`).test(called) ||
        new RegExp(String.raw`\b(?:this|self)\.${method}\b`).test(calledOf.get(family)),
    );
    if (found.length === 0) return waiting;
    waiting = waiting.filter((one) => !found.includes(one));
    for (const { family, body } of found) {
      called += body;
      calledOf.set(family, calledOf.get(family) + body);
    }
  }
}

/** A value without side effects, in the format of the SDK or of esbuild. */
const CONSTANT = String.raw`(?:null|!0|!1|true|false|''|""|'\w+'|"\w+"|\d+|\[\]|\{\}|(?:/\* @__PURE__ \*/ )?new (?:Map|Set)\(\)|Promise\.resolve\(\))`;

/**
  * Returns the fields that are assigned and never read.
 *
  * @param text in esbuild's format
 */
function unread(text) {
  const fields = new Set([...text.matchAll(/\b(?:this|self)\.(_\w+)\b/g)].map(([, field]) => field));
  const count = (pattern) => (text.match(new RegExp(pattern, 'g')) ?? []).length;
  return [...fields].filter(
    (field) =>
      count(String.raw`\.${field}\b`) === count(String.raw`\b(?:this|self)\.${field} = ${CONSTANT}(?=[,;)\s])`),
  );
}

/** @param named the methods that the page calls */
export function leanSource(source, named) {
  let text = source
    .replace(/^\s*\/\/.*\n/gm, '')
    .replace(/^\s*\/\*\*.*?\*\/\n?/gms, '');
  text = cut(text, /^\s*(?:this|self)\._debug\(.*\);$/gm);
  text = cut(text, /^ {12}case '(?:sockjs|webtransport)':\n.*?^ {16}\}\);$/gms);
  text = cut(text, /^ {4}new(?:Map|SharedPoll)\w*Subscription\(.*?^ {4}\}$/gms);
  text = cut(text, /^ +this\._processServerSubs\(.*\n/m);
  text = cut(text, /^( +)for \(const channel in this\._serverSubs\) \{\n.*?^\1\}\n/gms);
  text = cut(text, /^ +this\.(?:_sharedPollTrackedItems\.clear|_cancelAllDebounce|_clearSharedPoll\w+)\(\);\n/gm);
  text = cut(text, /^ +yield this\._sharedPollQueue;\n/m);
  text = cut(text, /^ +const protoStreamBuf = .*\n/m);
  text = cut(text, /^Centrifuge\.\w+ = .*\n/gm);
  text = cut(text, /^var events = .*?^var EventEmitter = .*?$/ms, EMITTER);
  for (const present of PRESENT) text = cut(text, present, 'true');
  text = withFixed(withoutEnumerations(text));
  // Repeated, because a removed method may have been the only user of another one.
  for (let before; before !== text;) {
    before = text;
    const printed = transformSync(text, { minifySyntax: true, treeShaking: true, format: 'esm' }).code;
    for (const { name, method } of uncalled(printed, named)) {
      const pattern = String.raw`(^class ${name}\b.*?)^ {4}(?:static )?${method}\([^\n]*\) \{\n.*?^ {4}\}\n`;
      text = cut(text, new RegExp(pattern, 'ms'), '$1');
    }
    for (const field of unread(printed))
      text = text.replace(new RegExp(String.raw`^\s*(?:this|self)\.${field} = ${CONSTANT};(?: //.*)?\n`, 'gm'), '');
  }
  return text;
}

export const isSdk = /node_modules.centrifuge.build.index\.mjs$/;
const here = path.dirname(fileURLToPath(import.meta.url));

/** Returns the names of all functions that the code in a folder calls. */
function calledIn(folder) {
  const files = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));
  return new Set(files.flatMap((text) => [...text.matchAll(/\b(\w+)\(/g)].map(([, name]) => name)));
}

export function leanFile(file) {
  return leanSource(readFileSync(file, 'utf8'), calledIn(path.join(here, 'src', 'net')));
}

/** The plugin for esbuild. */
export const leanSdk = {
  name: 'lean-sdk',
  setup({ onLoad }) {
    onLoad({ filter: isSdk }, ({ path: file }) => ({ contents: leanFile(file) }));
  },
};
