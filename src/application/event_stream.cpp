#include "application/event_stream.hpp"

#include <coroom/version.hpp>

#include <string_view>
#include <utility>

namespace coroom::detail::application {
namespace {

/// Adds a field if it is missing.
void set_default(Headers& headers, std::string_view name, std::string_view value) {
  if (!headers.get(name)) headers.add(std::string(name), std::string(value));
}

std::string_view media_type(Framing::Kind framing) {
  switch (framing) {
    case Framing::Kind::events:
      return "text/event-stream";
    case Framing::Kind::bytes:
      return "application/octet-stream";
    default:
      return "application/x-ndjson";
  }
}

}  // namespace

std::string stream_head(http::Response answer, Framing::Kind framing) {
  const bool events = framing == Framing::Kind::events;
  set_default(answer.headers, "Content-Type", media_type(framing));
  set_default(answer.headers, "Cache-Control", "no-store");
  set_default(answer.headers, "X-Accel-Buffering", "no");  // else a buffering proxy would hold events back
  std::string head = "HTTP/1.1 200 OK\r\nServer: coroom/" COROOM_VERSION "\r\nDate: " + http::date_now() +
                     "\r\nConnection: close";
  for (const auto& [name, value] : answer.headers)
    head.append("\r\n").append(name).append(": ").append(value);
  head += "\r\n\r\n";
  if (events) head += ":\n\n";  // a comment: some clients keep the first event back after an empty line
  return head;
}

}  // namespace coroom::detail::application
