#include "server/namespaces.hpp"

#include "server/flag_values.hpp"
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
    rule<&RoomRules::allow_user_limited>("allow_user_limited_channels"),
    rule<&RoomRules::ignore_marks>("ignore_channel_marks"),
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
constexpr std::string_view typing_prefix = "typing:";

// Keys of the file that are not members of a Namespace.
constexpr std::string_view pattern_key = "channel_regex";
constexpr std::string_view unknown_key = "unknown_namespace";  // of the default namespace only

/// Returns ROOM for `typing:ROOM`. The typing room of a typing room follows the same room.
std::string_view followed_room(std::string_view room) {
  while (room.starts_with(typing_prefix)) room.remove_prefix(typing_prefix.size());
  return room;
}

/// Returns the part of a name before its first colon; empty: there is none.
std::string_view namespace_in(std::string_view room) {
  const std::size_t colon = room.find(':');
  return colon == std::string_view::npos ? std::string_view() : room.substr(0, colon);
}

/// Returns the namespace for typing notices of rooms in this namespace.
Namespace typing_in(const Namespace& room) {
  const Permission& publish = room.rules.publish;
  Namespace made;
  made.options = {.presence = false, .join_leave = false};
  made.rules.allow_user_limited = room.rules.allow_user_limited;
  made.rules.ignore_marks = room.rules.ignore_marks;
  made.rules.subscribe = room.rules.subscribe;
  made.rules.publish = {.subscriber = publish.client || publish.subscriber, .anonymous = publish.anonymous};
  return made;
}

}  // namespace

Result<UnknownNamespace> parse_unknown_namespace(const std::string& text) {
  static const auto parse = one_of<UnknownNamespace>(
      {{"refuse", UnknownNamespace::refuse}, {"default", UnknownNamespace::use_default}});
  return parse(text);
}

Namespace Namespaces::of(std::string_view room) const {
  const std::string_view name = namespace_in(room);
  if (const auto found = named.find(name); found != named.end()) return found->second;
  return name == typing ? typing_in(of(followed_room(room))) : others;
}

bool Namespaces::is_in_default(std::string_view room) const {
  const std::string_view name = namespace_in(room);
  return name != typing && !named.contains(name);
}

bool Namespaces::refuses_unknown() const {
  const auto usual = named.empty() ? UnknownNamespace::use_default : UnknownNamespace::refuse;
  return unknown.value_or(usual) == UnknownNamespace::refuse;
}

tl::expected<void, RoomFault> Namespaces::check(std::string_view room) const {
  if (!named.contains(typing)) room = followed_room(room);
  const std::string_view name = namespace_in(room);
  const bool is_named = named.contains(name);
  if (!name.empty() && !is_named && refuses_unknown()) {
    return tl::unexpected(
        RoomFault{RoomFault::Kind::unknown_namespace,
                  "This server has no namespace of that name, which is the part before the colon."});
  }
  const auto pattern = patterns_.find(is_named ? name : "");
  if (pattern == patterns_.end()) return {};
  const std::string_view rest = is_named ? room.substr(name.size() + 1) : room;
  if (pattern->second.matches(rest)) return {};
  const std::string where = is_named ? "The namespace '" + std::string(name) + "'" : "The default namespace";
  return tl::unexpected(
      RoomFault{RoomFault::Kind::bad_name, where + " does not permit this name of a room."});
}

Result<> Namespaces::set(std::string_view key, std::string_view value) {
  const std::size_t dot = key.rfind('.');
  const bool is_default = dot == std::string_view::npos;
  const std::string_view option = is_default ? key : key.substr(dot + 1);
  const std::string_view name = is_default ? "" : key.substr(0, dot);
  if (is_default && option == unknown_key) return set_unknown(value);
  const auto known = std::ranges::find(keys, option, &FileKey::name);
  if (known == keys.end() && option != pattern_key)
    return failure("'" + std::string(option) + "' is not an option of rooms");
  if (!is_default && !is_namespace_name(name))
    return failure("a namespace's name consists of 1 to 64 letters, digits, dashes and underscores");
  given_.emplace(name, option);
  Namespace& of = is_default ? others : named.try_emplace(std::string(name)).first->second;
  return known == keys.end() ? set_pattern(name, value) : known->read(of, value);
}

Result<> Namespaces::set_unknown(std::string_view value) {
  const auto policy = parse_unknown_namespace(std::string(value));
  if (!policy) return tl::unexpected(policy.error());
  unknown = *policy;
  return {};
}

Result<> Namespaces::set_pattern(std::string_view name, std::string_view value) {
  if (value.empty()) return failure("the value is empty: give an expression or leave the option out");
  auto pattern = NamePattern::make(value);
  if (!pattern) return tl::unexpected(pattern.error());
  patterns_.insert_or_assign(std::string(name), std::move(*pattern));
  return {};
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
