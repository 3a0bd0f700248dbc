#include "server/namespaces.hpp"

#include "server/units.hpp"

#include <coroom/option_type.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace coroom::server {
namespace {

template <class Value>
Result<> read(std::string_view text, Value& to) {
  auto parsed = OptionType<Value>::parse(text);
  if (!parsed) return tl::unexpected(parsed.error());
  to = *parsed;
  return {};
}

/// A key of the file with the function that reads its value.
struct FileKey {
  std::string_view name;
  Result<> (*read)(Namespace& of, std::string_view text);
};

template <auto Member>
FileKey rule(std::string_view name) {
  return {name, [](Namespace& of, std::string_view text) { return read(text, of.rules.*Member); }};
}

template <auto Member>
FileKey option(std::string_view name) {
  return {name, [](Namespace& of, std::string_view text) { return read(text, of.options.*Member); }};
}

template <auto Action, auto Member>
FileKey allow(std::string_view name) {
  return {name, [](Namespace& of, std::string_view text) { return read(text, of.rules.*Action.*Member); }};
}

Result<> read_history_bytes(Namespace& of, std::string_view text) {
  auto bytes = parse_bytes(text);
  if (!bytes) return tl::unexpected(bytes.error());
  of.options.history_bytes = *bytes;
  return {};
}

const std::array keys{
    option<&RoomOptions::presence>("presence"),
    option<&RoomOptions::join_leave>("join_leave"),
    option<&RoomOptions::history_size>("history_size"),
    option<&RoomOptions::history_ttl>("history_ttl"),
    FileKey{"history_bytes", read_history_bytes},
    option<&RoomOptions::durable>("history_durable"),
    rule<&RoomRules::force_push_join_leave>("force_push_join_leave"),
    rule<&RoomRules::force_recovery>("force_recovery"),
    rule<&RoomRules::force_positioning>("force_positioning"),
    rule<&RoomRules::slow_mode>("slow_mode"),
    allow<&RoomRules::subscribe, &Permission::client>("allow_subscribe_for_client"),
    allow<&RoomRules::subscribe, &Permission::anonymous>("allow_subscribe_for_anonymous"),
    allow<&RoomRules::publish, &Permission::client>("allow_publish_for_client"),
    allow<&RoomRules::publish, &Permission::subscriber>("allow_publish_for_subscriber"),
    allow<&RoomRules::publish, &Permission::anonymous>("allow_publish_for_anonymous"),
    allow<&RoomRules::presence, &Permission::client>("allow_presence_for_client"),
    allow<&RoomRules::presence, &Permission::subscriber>("allow_presence_for_subscriber"),
    allow<&RoomRules::presence, &Permission::anonymous>("allow_presence_for_anonymous"),
    allow<&RoomRules::history, &Permission::client>("allow_history_for_client"),
    allow<&RoomRules::history, &Permission::subscriber>("allow_history_for_subscriber"),
    allow<&RoomRules::history, &Permission::anonymous>("allow_history_for_anonymous"),
};

bool is_namespace_name(std::string_view name) {
  constexpr std::size_t longest = 64;
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  return !name.empty() && name.size() <= longest && name.find_first_not_of(letters) == std::string_view::npos;
}

constexpr std::string_view typing = "typing";  // this namespace exists even if the file does not name it

/// Returns the namespace for typing notices of rooms in this namespace.
Namespace typing_in(const Namespace& room) {
  const Permission& publish = room.rules.publish;
  Namespace made;
  made.options = {.presence = false, .join_leave = false};
  made.rules.subscribe = room.rules.subscribe;
  made.rules.publish = {.subscriber = publish.client || publish.subscriber, .anonymous = publish.anonymous};
  return made;
}

}  // namespace

Namespace Namespaces::of(std::string_view room) const {
  const std::size_t colon = room.find(':');
  if (colon == std::string_view::npos) return others;
  const std::string_view name = room.substr(0, colon);
  if (const auto found = named.find(name); found != named.end()) return found->second;
  if (name != typing) return others;
  // The typing room of a typing room follows the same rules.
  while (room.starts_with("typing:")) room.remove_prefix(typing.size() + 1);
  return typing_in(of(room));
}

bool Namespaces::is_in_default(std::string_view room) const {
  const std::size_t colon = room.find(':');
  if (colon == std::string_view::npos) return true;
  const std::string_view name = room.substr(0, colon);
  return name != typing && !named.contains(name);
}

Result<> Namespaces::set(std::string_view key, std::string_view value) {
  const std::size_t dot = key.rfind('.');
  const std::string_view option = dot == std::string_view::npos ? key : key.substr(dot + 1);
  const auto known = std::ranges::find(keys, option, &FileKey::name);
  if (known == keys.end()) return failure("'" + std::string(option) + "' is not an option of rooms");
  const std::string_view name = dot == std::string_view::npos ? "" : key.substr(0, dot);
  given_.emplace(name, option);
  if (dot == std::string_view::npos) return known->read(others, value);
  if (!is_namespace_name(name))
    return failure("a namespace's name consists of 1 to 64 letters, digits, dashes and underscores");
  return known->read(named.try_emplace(std::string(name)).first->second, value);
}

void Namespaces::settle_histories(const HistoryDefaults& defaults) {
  const auto settle = [&](const std::string& name, RoomOptions& options) {
    const auto is_given = [&](const char* option) { return given_.contains({name, option}); };
    const bool size_given = is_given("history_size");
    if (!size_given) options.history_size = defaults.size;
    if (!is_given("history_ttl")) options.history_ttl = defaults.ttl;
    if (!is_given("history_bytes")) options.history_bytes = size_given ? 0 : defaults.bytes;
  };
  settle("", others.options);
  for (auto& [name, one] : named) settle(name, one.options);
}

}  // namespace coroom::server
