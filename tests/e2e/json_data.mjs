// Lets a test treat the data of a Protobuf client as JSON values, as those of a JSON client are. Pages load it as well.

/** Returns the JSON value of bytes, and replaces those within other values. No bytes are no value. */
function readJson(value) {
  if (value instanceof Uint8Array)
    return value.length === 0 ? undefined : JSON.parse(new TextDecoder().decode(value));
  if (typeof value === 'object' && value !== null && !(value instanceof Error))
    for (const [key, inner] of Object.entries(value)) value[key] = readJson(inner);
  return value;
}

/** Makes the events of a client or of a subscription contain JSON values. */
function readEvents(emitter) {
  const emit = emitter.emit;
  emitter.emit = (event, ...contexts) => emit.call(emitter, event, ...contexts.map(readJson));
}

/**
  * Makes a client of the SDK's Protobuf build take and return JSON values for the bytes of the protocol. Subscriptions
  * call the client's methods.
 */
export function withJsonData(client) {
  const original = {};
  for (const method of ['publish', 'rpc', 'history', 'presence', 'newSubscription'])
    original[method] = client[method].bind(client);
  const bytesOf = (value) => (value === undefined ? undefined : new TextEncoder().encode(JSON.stringify(value)));
  client.publish = (channel, data) => original.publish(channel, bytesOf(data));
  client.rpc = async (method, data) => readJson(await original.rpc(method, bytesOf(data)));
  client.history = async (...args) => readJson(await original.history(...args));
  client.presence = async (...args) => readJson(await original.presence(...args));
  client.newSubscription = (...args) => {
    const subscription = original.newSubscription(...args);
    readEvents(subscription);
    return subscription;
  };
  readEvents(client);
  return client;
}
