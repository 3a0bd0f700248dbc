#include "server/room_flags.hpp"

#include "server/flag_values.hpp"
#include "server/units.hpp"

#include <coroom/option_type.hpp>

#include <filesystem>
#include <string>
#include <utility>

namespace coroom::server {
namespace {

const char* const group = "Rooms (more options, and namespaces, in the file of --config: docs/rooms.md)";

Result<std::filesystem::path> parse_folder(const std::filesystem::path& folder) {
  if (folder.empty()) return failure("the value is empty: give a folder or leave the option out");
  return folder;
}

void define_histories(coroom::OptionParser& flags, RoomFlags& rooms) {
  using TimeType = OptionType<std::chrono::milliseconds>;
  const auto defaults = [](const std::string& in_memory, const std::string& on_disk) {
    return " (default: " + in_memory + "; with --broker sqlite: " + on_disk + ")";
  };
  flags.define<std::string>(
      "history-size", "",
      "publications that a room keeps; 0: none" +
          defaults(std::to_string(kept_in_memory.size), std::to_string(kept_on_disk.size)),
      {.metavar = "NUMBER",
       .group = group,
       .callback = into(rooms.history_size, OptionType<std::size_t>::parse)});
  flags.define<std::string>(
      "history-ttl", "",
      "how long a room keeps a publication" +
          defaults(TimeType::format(kept_in_memory.ttl), TimeType::format(kept_on_disk.ttl)),
      {.metavar = "TIME", .group = group, .callback = into(rooms.history_ttl, TimeType::parse)});
  flags.define<std::string>(
      "history-bytes", "",
      "data that a room keeps; beyond it, the room loses its oldest publications; 0: unlimited (default: " +
          format_bytes(kept_in_memory.bytes) + "; unlimited if --history-size is set)",
      {.metavar = "BYTES", .group = group, .callback = into(rooms.history_bytes, parse_bytes)});
}

void define_storage(coroom::OptionParser& flags, ServerConfig& options, RoomFlags& rooms) {
  flags.define<std::string>(
      "broker", "",
      "storage of histories: memory, or sqlite, which survives a restart (default: sqlite with --data, else "
      "memory)",
      {.metavar = "NAME",
       .group = group,
       .callback = into(rooms.sqlite, one_of<bool>({{"memory", false}, {"sqlite", true}}))});
  flags.define<std::filesystem::path>(
      "data", {}, "folder for --broker sqlite, created if it does not exist; --broker memory does not use it",
      {.metavar = "DIR", .group = group, .callback = into(options.data, parse_folder)});
  define_bytes(flags, "history-memory", options.history_memory,
               "memory for all histories with --broker memory; beyond it, the largest histories lose their "
               "oldest publications",
               group, parse_some_bytes);
}

void define_channels(coroom::OptionParser& flags, ServerConfig& options, RoomFlags& rooms) {
  flags.define<std::string>(
      "unknown-namespace", "",
      "rooms x:y without a namespace x: refuse them with error 102, or let them follow the options of the "
      "default namespace (default: refuse once the file has a namespace, else default)",
      {.metavar = "refuse|default",
       .group = group,
       .callback = into(rooms.unknown_namespace, parse_unknown_namespace)});
  define_name<bool>(flags, "personal-channels", options.centrifuge.personal_rooms,
                    {{"off", false}, {"on", true}},
                    "on: subscribe each user's connections to the room #USER; guests have no such room",
                    {.metavar = "off|on", .group = group});
  flags.define<std::string>(
      "personal-channel-namespace", "",
      "namespace of these rooms, which are then NAME:#USER (default: the default namespace)",
      {.metavar = "NAME",
       .group = group,
       .callback = into(options.centrifuge.personal_namespace, parse_given<std::string>)});
}

/// Checks the namespace of personal rooms.
Result<> check_personal_rooms(const CentrifugeSettings& settings, const Namespaces& namespaces) {
  const std::string& name = settings.personal_namespace;
  if (!settings.personal_rooms) {
    if (name.empty()) return {};
    return failure("--personal-channel-namespace has no effect without --personal-channels on");
  }
  const auto named = namespaces.named.find(name);
  if (!name.empty() && named == namespaces.named.end()) {
    return failure("--personal-channel-namespace: the file of --config has no namespace '" + name +
                   "': add a section [rooms." + name + "]");
  }
  const RoomRules& rules = name.empty() ? namespaces.others.rules : named->second.rules;
  if (rules.ignore_marks && rules.subscribe.client) {
    return failure(
        "--personal-channels: every client could enter the personal rooms, because their namespace has "
        "ignore_channel_marks: remove that option, or give the rooms another namespace by "
        "--personal-channel-namespace");
  }
  return {};
}

}  // namespace

void define_rooms(coroom::OptionParser& flags, ServerConfig& options, RoomFlags& rooms) {
  define_histories(flags, rooms);
  define_storage(flags, options, rooms);
  define_channels(flags, options, rooms);
  flags.define_section("rooms", [&options](const std::string& key, const std::string& value) {
    return options.namespaces.set(key, value);
  });
}

Result<> settle(const RoomFlags& rooms, ServerConfig& options) {
  const auto give = [&](const char* key, const auto& value, auto& place) {
    if (!value) return;
    options.namespaces.note_given(key);
    place = *value;
  };
  RoomOptions& usual = options.namespaces.others.options;
  give("history_size", rooms.history_size, usual.history_size);
  give("history_ttl", rooms.history_ttl, usual.history_ttl);
  give("history_bytes", rooms.history_bytes, usual.history_bytes);
  if (rooms.unknown_namespace) options.namespaces.unknown = rooms.unknown_namespace;
  const bool sqlite = rooms.sqlite.value_or(options.data.has_value());
  if (sqlite && !options.data) return failure("--broker sqlite needs a folder: --data DIR");
  if (!sqlite) options.data.reset();
  options.namespaces.settle_histories(sqlite ? kept_on_disk : kept_in_memory);
  return check_personal_rooms(options.centrifuge, options.namespaces);
}

}  // namespace coroom::server
