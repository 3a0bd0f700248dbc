#include "protocol/plain_encoder.hpp"

#include "core/json_text.hpp"
#include "protocol/chat_message.hpp"

namespace coroom::detail::protocol {
namespace {

/// Appends the text of a JSON publication. Returns false if the publication has no line.
bool append_json(std::string& line, std::string_view data) {
  using Form = ChatMessage::Form;
  const ShownMessage shown = show_chat_message(data);
  switch (shown.form) {
    case Form::edit:
      line.append(edited).append(shown.text);
      return true;
    case Form::removal:
      line.append(removed);
      return true;
    case Form::reaction:
    case Form::removed:
      return false;
    case Form::message:
    case Form::other:
    case Form::malformed:
      break;
  }
  line.append(says).append(shown.text.empty() ? detail::text_of_json(data) : shown.text);
  return true;
}

}  // namespace

void PlainEncoder::encode(std::string_view /*room*/, const Publication& publication, FrameWriter& out) const {
  using Kind = Publication::Kind;
  if (publication.kind == Kind::binary) {
    out.binary(publication.data);
    return;
  }
  thread_local std::string line;  // reused for every line of the thread
  line.clear();
  append_line_head(line, *publication.client_info, addresses_, publication.time);
  if (publication.kind == Kind::join) {
    line += joined;
  } else if (publication.kind == Kind::leave) {
    line += left;
  } else if (publication.kind != Kind::json) {
    line.append(says).append(publication.data);
  } else if (!append_json(line, publication.data)) {
    return;
  }
  out.text(line);
}

}  // namespace coroom::detail::protocol
