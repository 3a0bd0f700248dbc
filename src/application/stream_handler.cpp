#include "application/connection_ref.hpp"
#include "application/session.hpp"
#include "websocket/outgoing.hpp"

#include <coroom/stream_handler.hpp>

#include <utility>

namespace coroom {

Result<> StreamHandler::receive(const ConnectionHandle& stream, Message message) {
  const auto receive = [message = std::move(message)](detail::application::Session& session) mutable {
    session.receive(std::move(message));
  };
  return stream.ref_ && stream.ref_->post(receive) ? Result<>() : detail::websocket::closed_error();
}

}  // namespace coroom
