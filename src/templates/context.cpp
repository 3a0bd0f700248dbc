#include "templates/context.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace coroom::detail::templates {
namespace {

namespace json = boost::json;
namespace mustache = kainjow::mustache;

constexpr std::string_view static_url_call = "static_url(";

template <class Number>
mustache::data number(Number value) {
  std::array<char, 32> text{};  // characters; the longest number has 24
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
  return {std::string(text.data(), written.ptr)};
}

mustache::data list_of(const json::array& array) {
  mustache::list items;
  items.reserve(array.size());
  for (const json::value& item : array) items.push_back(to_data(item));
  return {items};
}

mustache::data members_of(const json::object& object) {
  mustache::data members(mustache::data::type::object);
  for (const auto& [key, value] : object) members[std::string(key)] = to_data(value);
  return members;
}

/// Returns the path in `static_url('…')` or `static_url("…")`; nullopt for any other form.
std::optional<std::string_view> static_path_in(std::string_view call) {
  if (!call.ends_with(')')) return std::nullopt;
  call.remove_prefix(static_url_call.size());
  call.remove_suffix(1);
  const std::string_view path = mustache::trim(call);
  if (path.size() < 2 || path.front() != path.back()) return std::nullopt;
  if (path.front() != '\'' && path.front() != '"') return std::nullopt;
  return path.substr(1, path.size() - 2);
}

}  // namespace

mustache::data to_data(const json::value& value) {
  switch (value.kind()) {
    case json::kind::object:
      return members_of(value.get_object());
    case json::kind::array:
      return list_of(value.get_array());
    case json::kind::string:
      if (value.get_string().empty()) return {false};
      return {std::string(value.get_string())};
    case json::kind::int64:
      return number(value.get_int64());
    case json::kind::uint64:
      return number(value.get_uint64());
    case json::kind::double_:
      return number(value.get_double());
    case json::kind::bool_:
      return {value.get_bool()};
    case json::kind::null:
      break;
  }
  return {false};
}

const mustache::data* TemplateContext::get(const std::string& name) const {
  if (!name.starts_with(static_url_call)) return context::get(name);
  const auto path = static_path_in(name);
  if (!path) {
    error_ = "static_url takes one path in quotes, unlike " + name;
    return nullptr;
  }
  const auto known = urls_.find(*path);
  if (known != urls_.end()) return &known->second;
  return &urls_.emplace(*path, mustache::data(static_url_(*path))).first->second;
}

const mustache::data* TemplateContext::get_partial(const std::string& name) const {
  const auto found = partials_.find(name);
  return found == partials_.end() ? nullptr : &found->second;
}

}  // namespace coroom::detail::templates
