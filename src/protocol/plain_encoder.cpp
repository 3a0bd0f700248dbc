#include "protocol/plain_encoder.hpp"

#include "core/json_text.hpp"
#include "protocol/chat_lines.hpp"

namespace coroom::protocol {

void PlainEncoder::encode(std::string_view /*room*/, const Publication& publication, FrameWriter& out) const {
  using Kind = Publication::Kind;
  if (publication.kind == Kind::binary) {
    out.binary(publication.data);
    return;
  }
  thread_local std::string line;  // its memory is used again for every line of the thread
  line.clear();
  append_line_head(line, publication.author->address, publication.time);
  if (publication.kind == Kind::enter) {
    line += entered;
  } else if (publication.kind == Kind::leave) {
    line += left;
  } else if (publication.kind == Kind::json) {
    line.append(said).append(text_of_json(publication.data));
  } else {
    line.append(said).append(publication.data);
  }
  out.text(line);
}

}  // namespace coroom::protocol
