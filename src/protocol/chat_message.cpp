#include "protocol/chat_message.hpp"

#include "core/whole_number.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <utility>

namespace coroom::detail::protocol {
namespace {

namespace json = boost::json;
using Form = ChatMessage::Form;

constexpr std::int64_t greatest_offset = (std::int64_t{1} << 53) - 1;  // exact in JavaScript

/// Returns 0 if the value is not an offset.
std::uint64_t offset_in(const json::value& value) {
  const std::int64_t* number = value.if_int64();
  const double* real = value.if_double();
  const auto whole = real != nullptr ? detail::whole_number<std::int64_t>(*real) : std::nullopt;
  const std::int64_t offset = number != nullptr ? *number : whole.value_or(0);
  return offset > 0 && offset <= greatest_offset ? static_cast<std::uint64_t>(offset) : 0;
}

bool is_text(const json::value* value, std::size_t longest) {
  const json::string* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr && !text->empty() && text->size() <= longest;
}

/// Accepts an absent text too.
bool is_text_if_there(const json::value* value, std::size_t longest) {
  return value == nullptr || is_text(value, longest);
}

bool has_form(Form form, const json::object& fields) {
  const json::value* text = fields.if_contains("text");
  const json::value* id = fields.if_contains("id");
  switch (form) {
    case Form::message: {
      const json::value* reply = fields.if_contains("reply");
      return is_text(text, longest_text) && is_text(id, longest_message_id) &&
             (reply == nullptr || offset_in(*reply) != 0);
    }
    case Form::edit:
      return is_text(text, longest_text) && is_text_if_there(id, longest_message_id);
    case Form::removal:
      return text == nullptr;
    case Form::reaction: {
      const json::value* on = fields.if_contains("on");
      return text == nullptr && is_text(fields.if_contains("emoji"), longest_emoji) && on != nullptr &&
             on->is_bool();
    }
    case Form::other:
    case Form::malformed:
    case Form::removed:
      break;
  }
  return false;
}

ChatMessage read(const json::object& fields) {
  constexpr ChatMessage malformed{Form::malformed};
  ChatMessage message;
  const json::value* target = nullptr;
  for (const auto& [name, form] : {std::pair("edit", Form::edit), std::pair("delete", Form::removal),
                                   std::pair("react", Form::reaction)}) {
    const json::value* value = fields.if_contains(name);
    if (value == nullptr) continue;
    if (target != nullptr) return malformed;  // several at once
    target = value;
    message.form = form;
  }
  if (target != nullptr) {
    message.offset = offset_in(*target);
    return message.offset != 0 && has_form(message.form, fields) ? message : malformed;
  }
  const json::value* removed = fields.if_contains("deleted");
  if (removed != nullptr && *removed == true && !fields.contains("text") &&
      is_text(fields.if_contains("id"), longest_message_id)) {
    message.form = Form::removed;
    return message;
  }
  // Other applications use `text` too; an object with an id as well is meant for the page.
  if (!fields.contains("text") || !fields.contains("id")) return message;
  message.form = Form::message;
  return has_form(message.form, fields) ? message : malformed;
}

/// Returns the fields of a chat message that was accepted before; empty for any other data.
json::object fields_of(std::string_view data) {
  json::error_code ec;
  json::value value = json::parse({data.data(), data.size()}, ec);
  return !ec && value.is_object() ? std::move(value.get_object()) : json::object();
}

}  // namespace

ChatMessage read_chat_message(std::string_view data) {
  if (!data.starts_with('{')) return {};
  std::array<unsigned char, 2048> memory;  // most messages fit and allocate nothing
  json::monotonic_resource resource(memory.data(), memory.size());
  json::error_code ec;
  const json::value value = json::parse({data.data(), data.size()}, ec, &resource);
  // A page may accept JSON that this parser rejects, and show an edit that was never checked.
  if (ec || !value.is_object()) return {Form::malformed};
  return read(value.get_object());
}

ShownMessage show_chat_message(std::string_view data) {
  if (!data.starts_with('{')) return {};
  const json::object fields = fields_of(data);
  ShownMessage shown{read(fields).form, {}};
  const json::value* text = fields.if_contains("text");
  if (shown.form != Form::malformed && text != nullptr && text->is_string()) shown.text = text->get_string();
  return shown;
}

std::string edited_message(std::string_view message, std::string_view edit) {
  json::object fields = fields_of(message);
  fields["text"] = fields_of(edit).at("text");
  return json::serialize(fields);
}

std::string removed_message(std::string_view message) {
  json::object fields;
  fields["deleted"] = true;
  fields["id"] = fields_of(message).at("id");
  return json::serialize(fields);
}

std::string superseded_edit(std::uint64_t offset) {
  return json::serialize(json::object{{"edit", offset}});
}

}  // namespace coroom::detail::protocol
