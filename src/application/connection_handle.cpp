#include "application/connection_ref.hpp"
#include "websocket/outgoing.hpp"

#include <coroom/connection_handle.hpp>
#include <coroom/frame_writer.hpp>

#include <boost/json/serialize.hpp>

#include <string>

namespace coroom {
namespace {

using detail::application::ConnectionRef;

Result<> send(ConnectionRef& ref, Message::Kind kind, std::string_view data) {
  auto frame = detail::websocket::encoded(kind, data, ref.framing);
  if (!frame) return tl::unexpected(frame.error());
  const auto push = [frame = std::move(*frame)](detail::websocket::Session& session) { session.push(frame); };
  return ref.post(push) ? Result<>() : detail::websocket::closed_error();
}

}  // namespace

Result<> ConnectionHandle::write_message(std::string_view text) const {
  return send(*ref_, Message::Kind::text, text);
}

Result<> ConnectionHandle::write_message(const Message& message) const {
  return send(*ref_, message.kind, message.data);
}

Result<> ConnectionHandle::write_message(const boost::json::value& value) const {
  return send(*ref_, Message::Kind::text, boost::json::serialize(value));
}

Result<> ConnectionHandle::close(std::uint16_t code, std::string_view reason) const {
  Disconnect disconnect(code, reason);
  if (auto allowed = detail::websocket::check(disconnect); !allowed) return allowed;
  ref_->post([disconnect = std::move(disconnect)](detail::websocket::Session& session) {
    session.close(disconnect);
  });
  return {};
}

}  // namespace coroom
