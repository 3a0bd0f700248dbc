#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace coroom::detail::protocol {

constexpr std::size_t longest_text = 16 * 1024;  // bytes of a message; a page can show all of it
constexpr std::size_t longest_emoji = 32;        // bytes; an emoji of several code points fits
constexpr std::size_t longest_message_id = 64;   // bytes; a UUID fits

/// A publication as the chat page interprets it.
struct ChatMessage {
  enum class Form {
    other,      ///< of another application, or plain text; the page ignores it
    malformed,  ///< similar to one of the following; rejected so that no page must guess
    message,    ///< `{"text":"…","id":"…"}`, optionally with `"reply":OFFSET`
    edit,       ///< `{"edit":OFFSET,"text":"…"}`, optionally with an id
    removal,    ///< `{"delete":OFFSET}`
    reaction,   ///< `{"react":OFFSET,"emoji":"…","on":true}`, or false
    removed     ///< `{"deleted":true,"id":"…"}`: replaces a deleted message in the history
  };

  Form form = Form::other;
  std::uint64_t offset = 0;  ///< of the publication that an edit, a removal or a reaction refers to
};

/// Reads the `data` of a publication, JSON. Ignores other fields.
ChatMessage read_chat_message(std::string_view data);

/// A chat message in a form for a line of text.
struct ShownMessage {
  ChatMessage::Form form = ChatMessage::Form::other;
  std::string text;  ///< of a message or an edit, or the field `text` of another application's object
};

/// Reads the `data` of a publication, JSON, for a line of text.
ShownMessage show_chat_message(std::string_view data);

/// Return the data that replaces earlier data in a history after a revision. `message` is of Form::message
/// and `edit` of Form::edit; other fields of the message are kept.
///@{
std::string edited_message(std::string_view message, std::string_view edit);
std::string removed_message(std::string_view message);
std::string superseded_edit(std::uint64_t offset);  ///< the edit without its text
///@}

}  // namespace coroom::detail::protocol
