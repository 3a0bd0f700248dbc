"""The schema of the Centrifuge protocol in Protobuf for google.protobuf, without protoc.

The tests read with it what the server writes with another library, and the other way around.
"""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.internal import decoder, encoder

SCALARS = {
    name: getattr(descriptor_pb2.FieldDescriptorProto, f"TYPE_{name.upper()}")
    for name in ("bool", "bytes", "int32", "int64", "string", "uint32", "uint64")
}

# Each field is NUMBER NAME TYPE; map<T> has keys of text, and T* is repeated.
MESSAGES = {
    "Command": """1 id uint32, 4 connect ConnectRequest, 5 subscribe SubscribeRequest, 6 unsubscribe ChannelRequest,
        7 publish PublishRequest, 8 presence ChannelRequest, 9 presence_stats ChannelRequest, 10 history HistoryRequest,
        11 ping Empty, 12 send SendRequest, 13 rpc RPCRequest, 14 refresh RefreshRequest,
        15 sub_refresh SubRefreshRequest""",
    "ConnectRequest": "1 token string, 2 data bytes, 3 subs map<SubscribeRequest>, 4 name string, 5 version string",
    "SubscribeRequest": """1 channel string, 2 token string, 3 recover bool, 6 epoch string, 7 offset uint64,
        8 data bytes, 9 positioned bool, 10 recoverable bool, 11 join_leave bool, 13 tf FilterNode, 14 flag int64""",
    "FilterNode": "1 op string, 2 key string, 3 cmp string, 4 val string, 5 vals string*, 6 nodes FilterNode*",
    "ChannelRequest": "1 channel string",
    "PublishRequest": "1 channel string, 2 data bytes",
    "HistoryRequest": "1 channel string, 7 limit int32, 8 since StreamPosition, 9 reverse bool",
    "StreamPosition": "1 offset uint64, 2 epoch string",
    "SendRequest": "1 data bytes",
    "RPCRequest": "1 data bytes, 2 method string",
    "RefreshRequest": "1 token string",
    "SubRefreshRequest": "1 channel string, 2 token string",
    "Empty": "",
    "Reply": """1 id uint32, 2 error Error, 4 push Push, 5 connect ConnectResult, 6 subscribe SubscribeResult,
        7 unsubscribe Empty, 8 publish Empty, 9 presence PresenceResult, 10 presence_stats PresenceStatsResult,
        11 history HistoryResult, 12 ping Empty, 13 rpc RPCResult, 14 refresh RefreshResult,
        15 sub_refresh SubRefreshResult""",
    "Error": "1 code uint32, 2 message string, 3 temporary bool",
    "Push": """2 channel string, 4 pub Publication, 5 join JoinOrLeave, 6 leave JoinOrLeave, 7 unsubscribe Unsubscribe,
        8 message MessagePush, 9 subscribe SubscribePush, 11 disconnect Disconnect""",
    "ClientInfo": "1 user string, 2 client string, 3 conn_info bytes, 4 chan_info bytes",
    "Publication": "4 data bytes, 5 info ClientInfo, 6 offset uint64, 7 tags map<string>, 9 time int64",
    "JoinOrLeave": "1 info ClientInfo",
    "Unsubscribe": "2 code uint32, 3 reason string",
    "SubscribePush": "1 recoverable bool, 4 epoch string, 5 offset uint64, 6 positioned bool, 7 data bytes",
    "MessagePush": "1 data bytes",
    "Disconnect": "1 code uint32, 2 reason string, 3 reconnect bool",
    "ConnectResult": """1 client string, 2 version string, 3 expires bool, 4 ttl uint32, 5 data bytes,
        6 subs map<SubscribeResult>, 7 ping uint32, 8 pong bool, 9 session string, 10 node string""",
    "SubscribeResult": """1 expires bool, 2 ttl uint32, 3 recoverable bool, 6 epoch string, 7 publications Publication*,
        8 recovered bool, 9 offset uint64, 10 positioned bool, 11 data bytes, 12 was_recovering bool""",
    "PresenceResult": "1 presence map<ClientInfo>",
    "PresenceStatsResult": "1 num_clients uint32, 2 num_users uint32",
    "HistoryResult": "1 publications Publication*, 2 epoch string, 3 offset uint64",
    "RPCResult": "1 data bytes",
    "RefreshResult": "1 client string, 2 version string, 3 expires bool, 4 ttl uint32",
    "SubRefreshResult": "1 expires bool, 2 ttl uint32",
}


def set_type(field, name):
    if name in SCALARS:
        field.type = SCALARS[name]
    else:
        field.type = field.TYPE_MESSAGE
        field.type_name = f".centrifuge.{name}"


def add_map(message, field, value):
    """Makes a field a map: a repeated message with a key and a value."""
    entry = message.nested_type.add(name=field.name.title().replace("_", "") + "Entry")
    entry.options.map_entry = True
    for number, (name, kind) in enumerate((("key", "string"), ("value", value)), 1):
        set_type(entry.field.add(name=name, number=number, label=field.LABEL_OPTIONAL), kind)
    field.label = field.LABEL_REPEATED
    set_type(field, f"{message.name}.{entry.name}")


def message_classes():
    file = descriptor_pb2.FileDescriptorProto(name="centrifuge.proto", package="centrifuge", syntax="proto3")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for text in filter(None, (part.split() for part in fields.split(","))):
            number, field_name, kind = text
            field = message.field.add(name=field_name, number=int(number))
            field.label = field.LABEL_REPEATED if kind.endswith("*") else field.LABEL_OPTIONAL
            if kind.startswith("map<"):
                add_map(message, field, kind[len("map<"):-1])
            else:
                set_type(field, kind.rstrip("*"))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return {name: factory.GetPrototype(pool.FindMessageTypeByName(f"centrifuge.{name}")) for name in MESSAGES}


CLASSES = message_classes()
Command, Reply = CLASSES["Command"], CLASSES["Reply"]


def delimited(*messages):
    """Returns the bytes of messages, each behind its length."""
    parts = []
    for message in messages:
        body = message.SerializeToString()
        encoder._EncodeVarint(parts.append, len(body))
        parts.append(body)
    return b"".join(parts)


def replies_in(frame):
    """Returns the replies of a frame."""
    replies = []
    position = 0
    while position < len(frame):
        size, position = decoder._DecodeVarint(frame, position)
        assert position + size <= len(frame), "a length beyond the end"
        replies.append(Reply.FromString(frame[position:position + size]))
        position += size
    return replies
