#pragma once

#include "centrifuge/json_reply.hpp"
#include "centrifuge/protobuf_reply.hpp"
#include "centrifuge/reply.hpp"

#include <cstdint>
#include <string>

namespace coroom::detail::centrifuge {

/// Returns the reply to a command, a result or a CentrifugeError, in the encoding of the connection.
template <class Result>
std::string encoded_reply(Encoding encoding, std::uint64_t id, const Result& result) {
  std::string reply;
  if (encoding == Encoding::protobuf) {
    protobuf::append_reply(reply, id, result);
  } else {
    json::append_reply(reply, id, result);
  }
  return reply;
}

/// Returns the result of `connect`: a reply, or a push to a one-way connection.
inline std::string encoded_reply(Encoding encoding, std::uint64_t id, const ConnectResult& result) {
  std::string reply;
  if (encoding == Encoding::json_pushes) {
    json::append_push(reply, json::Envelope::none, result);
  } else if (encoding == Encoding::protobuf) {
    protobuf::append_reply(reply, id, result);
  } else {
    json::append_reply(reply, id, result);
  }
  return reply;
}

/// Appends a push in the encoding of the connection. `content` is that of the overloads of append_push().
template <class... Content>
void append_encoded_push(std::string& out, Encoding encoding, const Content&... content) {
  switch (encoding) {
    case Encoding::json:
      return json::append_push(out, json::Envelope::push, content...);
    case Encoding::protobuf:
      return protobuf::append_push(out, content...);
    case Encoding::json_pushes:
      return json::append_push(out, json::Envelope::none, content...);
  }
}

/// Returns such a push.
template <class... Content>
std::string encoded_push(Encoding encoding, const Content&... content) {
  std::string push;
  append_encoded_push(push, encoding, content...);
  return push;
}

}  // namespace coroom::detail::centrifuge
