#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace coroom::detail::protocol {

constexpr std::size_t longest_text = 16 * 1024;  // bytes of what is said, so that a page can show all of it
constexpr std::size_t longest_emoji = 32;        // bytes; one of several code points fits
constexpr std::size_t longest_message_id = 64;   // bytes; a UUID fits

/// What a publication is to the chat page.
struct ChatMessage {
  enum class Form {
    other,      ///< of another application, or plain text: no concern of the page's
    malformed,  ///< nearly one of those that follow; no page shall have to guess
    message,    ///< `{"text":"…","id":"…"}`, and perhaps `"reply":OFFSET`
    edit,       ///< `{"edit":OFFSET,"text":"…"}`, and perhaps an id
    removal,    ///< `{"delete":OFFSET}`
    reaction,   ///< `{"react":OFFSET,"emoji":"…","on":true}`, or false
    removed     ///< `{"deleted":true,"id":"…"}`: what a history has in place of a deleted message
  };

  Form form = Form::other;
  std::uint64_t offset = 0;  ///< of the publication that an edit, a removal or a reaction is about
};

/// Reads `data` of a publication, JSON in one line. More fields than these do not matter.
ChatMessage read_chat_message(std::string_view data);

/// A chat message as a line of text can show it.
struct ShownMessage {
  ChatMessage::Form form = ChatMessage::Form::other;
  std::string text;  ///< of a message or an edit, or the field `text` of another application's object
};

/// Reads `data` of a publication, JSON in one line, for a line of text.
ShownMessage show_chat_message(std::string_view data);

/// Data that a history has in place of others, once they were revised. `message` is of Form::message, `edit`
/// of Form::edit; more fields of theirs are kept.
///@{
std::string edited_message(std::string_view message, std::string_view edit);
std::string removed_message(std::string_view message);
std::string superseded_edit(std::uint64_t offset);  ///< of the message: the edit without its text
///@}

}  // namespace coroom::detail::protocol
