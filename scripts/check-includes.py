#!/usr/bin/env python3
"""Fails on an include that points up or sideways: check-includes.py [--self-test | TREE]

TREE is a checkout; the default is this one. --self-test checks that the script finds forbidden includes.
"""

import pathlib
import re
import sys
import tempfile

# The folders of src/, or single headers of them, that each folder may include, from bottom to top. Every folder may
# include its own files; PUBLIC_OF_FOLDER has the public headers, <coroom/…>, that it may include.
ALLOWED = {
    "core": [],
    "limits": ["core"],
    "log": ["core", "limits"],
    "net": ["core"],
    "http": ["core", "limits", "net", "connection/linger.hpp"],
    "connection": ["core", "limits"],
    "websocket": ["core", "limits", "connection"],
    "room": ["core", "limits", "net"],
    "templates": ["core"],
    "moderation": ["core", "limits"],
    "application": ["core", "limits", "net", "http", "connection", "websocket", "room"],
    "web": ["core", "http", "templates", "application"],
    "centrifuge": ["core", "application", "connection/keep_alive.hpp", "net/timer_queue.hpp"],
    "testing": [],
    # The server's folders name each private header of the library that they use: a program with the installed
    # headers could not include it. A header that such a program would need belongs into include/coroom/ instead.
    "protocol": ["core/json_text.hpp", "core/keyed_hash.hpp", "core/whole_number.hpp"],
    "storage": [
        "core/deadline.hpp",
        "core/deletion_clock.hpp",
        "core/insist.hpp",
        "core/keyed_hash.hpp",
        "core/one_shot.hpp",
        "core/secret_file.hpp",
        "core/thrown.hpp",
    ],
    "auth": [
        "core/folder.hpp",
        "core/grammar.hpp",
        "core/json_text.hpp",
        "core/secret_file.hpp",
        "core/setting_value.hpp",
        "http/fetch.hpp",
        "http/fetch_target.hpp",
    ],
    "server": [
        "application/room_access.hpp",  # publishes text that the session has already checked
        "centrifuge/channel_marks.hpp",  # /chat and the list of rooms close the same rooms
        "core/grammar.hpp",
        "core/host.hpp",
        "core/keyed_hash.hpp",
        "core/processors.hpp",
        "core/refused_token.hpp",
        "core/setting_value.hpp",
        "core/utf8.hpp",
        "http/fetch_target.hpp",
        "limits/token_bucket.hpp",
        "log/line_writer.hpp",
        "protocol",
        "storage",
        "auth",
    ],
}
# The public headers by layers, bottom to top. Each may include those of its own layer and of the layers in its row.
PUBLIC_HEADERS = {
    "base": "asio_check clock compression counters disconnect error frame_writer framing io_backend log message network "
    "option_parser option_type rate_limit resource_limits run_on server_subscription shared_bytes slow_consumer statistics task timeouts tls_files token_fault "
    "token_verifier version",
    "values": "client_info member_visibility presence publication room_name room_options room_rules room_size",
    "http": "byte_source cookie_options http_error origin request sent",
    "client": "websocket_client",
    "broker": "broker",
    "moderation": "connection_filter moderated_connection moderation moderation_store restriction",
    "application": "application connection_handle connection_handler connection_set request_handler room settings site "
    "stream_handler websocket_handler",
    "web": "assets static_file_handler web_site",
    "centrifuge": "centrifuge centrifuge_codes",
    "testing": "testing",
}
BELOW_APPLICATION = ["base", "values", "http", "broker", "moderation"]
PUBLIC_ALLOWED = {
    "base": [],
    "values": ["base"],
    "http": ["base"],
    "client": ["base"],
    "broker": ["base", "values"],
    "moderation": ["base", "values"],
    "application": BELOW_APPLICATION,
    "web": [*BELOW_APPLICATION, "application"],
    "centrifuge": [*BELOW_APPLICATION, "application"],
    "testing": [*BELOW_APPLICATION, "application"],
}
# The layers of public headers that the folders of src/ may include.
PUBLIC_OF_FOLDER = {
    "core": ["base"],
    "limits": ["base", "values"],
    "log": ["base"],
    "net": ["base"],
    "http": ["base", "http"],
    "connection": ["base"],
    "websocket": ["base", "client"],
    "room": ["base", "values", "broker"],
    "templates": ["base"],
    "moderation": ["base", "values", "moderation"],
    "application": [*BELOW_APPLICATION, "application"],
    "web": [*BELOW_APPLICATION, "application", "web"],
    "centrifuge": [*BELOW_APPLICATION, "application", "centrifuge"],
    "testing": ["testing"],
    "protocol": ["base", "values"],
    "storage": ["base", "values", "broker", "moderation"],
    "auth": ["base", "http"],
    "server": [*BELOW_APPLICATION, "application", "centrifuge", "web"],
}
LAYER_OF = {name: layer for layer, names in PUBLIC_HEADERS.items() for name in names.split()}
# The headers that a public header may include; an installation has no others.
PUBLIC = re.compile(r"<(coroom/[\w/]+\.hpp|boost/.+|tl/expected\.hpp|[a-z_]+)>")

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^">]+)[">]')


def complaint_about(file, opening, header):
    """Returns why `file` may not include `header`, or None. `file` is relative to the tree."""
    place, *folders = file.parts[:-1]
    public = re.fullmatch(r"coroom/(\w+)\.hpp", header)
    if public and opening == "<":
        return complaint_about_public(file, public[1])
    if place == "include":
        closing = ">" if opening == "<" else '"'
        if PUBLIC.fullmatch(opening + header + closing):
            return None
        return "a public header may include only <coroom/…>, Boost, <tl/expected.hpp> and the standard library"
    layer = folders[0] if folders else None
    target = header.split("/")[0]
    if target not in ALLOWED or "/" not in header:
        return None if opening == "<" else "a private include starts with a folder of src/"
    if layer == target or (layer and {target, header} & set(ALLOWED[layer])):
        return None
    return f"{layer or 'a file beside the layers'} may not include {target}"


def complaint_about_public(file, name):
    """Returns why `file` may not include <coroom/NAME.hpp>, or None."""
    layer = LAYER_OF.get(name)
    if layer is None:
        return f"the header is in no layer: add it to the table in {pathlib.Path(__file__).name}"
    if file.parts[0] == "include":
        own = LAYER_OF.get(file.stem)
        return None if own == layer or layer in PUBLIC_ALLOWED.get(own, []) else f"{file.stem} ({own}) may not include {layer}"
    folder = file.parts[1] if len(file.parts) > 2 else None
    return None if folder is None or layer in PUBLIC_OF_FOLDER[folder] else f"{folder} may not include {layer}"


def complaints(tree):
    for file in sorted([*tree.glob("src/**/*.[ch]pp"), *tree.glob("include/**/*.hpp")]):
        name = file.relative_to(tree)
        if name.parts[0] == "src" and len(name.parts) > 2 and name.parts[1] not in ALLOWED:
            yield f"{name}:1: src/{name.parts[1]} is not a layer: add it to the table in {pathlib.Path(__file__).name}"
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            include = INCLUDE.match(line)
            reason = include and complaint_about(name, *include.groups())
            if reason:
                yield f"{name}:{number}: {include[2]}: {reason}"


SELF_TEST = [  # a file, its include, and whether that is allowed
    ("src/net/shard.hpp", '"core/clock.hpp"', True),
    ("src/net/shard.hpp", '"net/turn.hpp"', True),
    ("src/net/shard.hpp", "<coroom/task.hpp>", True),
    ("src/net/shard.hpp", "<coroom/settings.hpp>", False),
    ("src/room/hub.hpp", "<coroom/broker.hpp>", True),
    ("include/coroom/publication.hpp", "<coroom/room.hpp>", False),
    ("include/coroom/room.hpp", "<coroom/broker.hpp>", True),
    ("src/net/shard.hpp", "<sys/socket.h>", True),
    ("src/server/main.cpp", '"storage/sqlite_broker.hpp"', True),
    ("src/server/main.cpp", '"core/host.hpp"', True),
    ("src/server/main.cpp", '"core/task_group.hpp"', False),
    ("src/protocol/lines.cpp", '"websocket/frame.hpp"', False),
    ("include/coroom/room.hpp", "<coroom/task.hpp>", True),
    ("include/coroom/room.hpp", "<boost/asio/awaitable.hpp>", True),
    ("include/coroom/room.hpp", "<string_view>", True),
    ("src/core/clock.hpp", '"net/shard.hpp"', False),
    ("src/core/clock.hpp", "<net/shard.hpp>", False),
    ("src/core/clock.hpp", ' "net/shard.hpp"  // a reason', False),
    ("src/net/shard.hpp", '"turn.hpp"', False),
    ("src/net/shard.hpp", '"../core/clock.hpp"', False),
    ("src/http/http_connection.cpp", '"websocket/frame.hpp"', False),
    ("src/websocket/connection_state.cpp", '"http/response.hpp"', False),
    ("src/room/room_actor.cpp", '"websocket/frame.hpp"', False),
    ("src/protocol/lines.cpp", '"websocket/connection_state.hpp"', False),
    ("src/auth/origins.cpp", '"room/hub.hpp"', False),
    ("src/templates/tags.cpp", '"http/response.hpp"', False),
    ("src/application/upgrade.cpp", '"server/server_config.hpp"', False),
    ("src/application/dispatcher.cpp", '"web/static_urls.hpp"', False),
    ("src/application/dispatcher.cpp", "<coroom/assets.hpp>", False),
    ("src/web/request_handler.cpp", '"application/request_context.hpp"', True),
    ("src/pch.hpp", '"core/clock.hpp"', False),
    ("src/elsewhere/file.cpp", "<string>", False),
    ("include/coroom/room.hpp", '"room/hub.hpp"', False),
    ("include/coroom/room.hpp", "<spdlog/spdlog.h>", False),
    ("include/coroom/room.hpp", "<sys/socket.h>", False),
]


def self_test():
    wrong = []
    for path, include, right in SELF_TEST:
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True)
            file.write_text(f"#pragma once\n#include {include}\n", encoding="utf-8")
            found = list(complaints(pathlib.Path(folder)))
        if bool(found) == right or any(not line.startswith(f"{path}:") for line in found):
            wrong.append(f"{path} includes {include}: {found or 'no complaint'}")
    return wrong


def main():
    argument = sys.argv[1] if len(sys.argv) > 1 else None
    if argument in ("-h", "--help"):
        print(__doc__)
        return
    if argument == "--self-test":
        found = self_test()
    else:
        found = list(complaints(pathlib.Path(argument) if argument else pathlib.Path(__file__).parents[1]))
    print(*found, sep="\n", end="\n" if found else "")
    print(f"check-includes: {len(found)} wrong" if found else "check-includes: ok")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
