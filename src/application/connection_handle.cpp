#include "application/connection_ref.hpp"
#include "application/session.hpp"
#include "websocket/outgoing.hpp"

#include <coroom/connection_handle.hpp>
#include <coroom/frame_writer.hpp>

#include <string>
#include <utility>

namespace coroom {

Result<> ConnectionHandle::write_message(const Message& message) const {
  if (!ref_) return detail::websocket::closed_error();
  auto frame = detail::websocket::encoded(message.kind, message.data, ref_->framing);
  if (!frame) return tl::unexpected(frame.error());
  const auto push = [frame = std::move(*frame)](detail::application::Session& session) {
    session.push(frame);
  };
  return ref_->post(push) ? Result<>() : detail::websocket::closed_error();
}

Result<> ConnectionHandle::close(std::uint16_t code, std::string_view reason) const {
  Disconnect disconnect{code, std::string(reason)};
  if (auto allowed = detail::websocket::check(disconnect); !allowed) return allowed;
  if (!ref_) return {};
  ref_->post([disconnect = std::move(disconnect)](detail::application::Session& session) {
    session.close(disconnect);
  });
  return {};
}

}  // namespace coroom
