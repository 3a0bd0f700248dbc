#include "application/event_stream_state.hpp"

#include "core/thrown.hpp"

#include <coroom/frame_writer.hpp>

#include <utility>

namespace coroom::detail::application {

using connection::End;

std::optional<EventStreamState::ProtocolEvent> EventStreamState::next(std::span<char>& data,
                                                                      TimePoint /*now*/) {
  data = {};
  if (!inbox_.empty()) {
    Message message = std::move(inbox_.front().message);
    inbox_.pop_front();
    queued_ -= message.data.size();
    return message;
  }
  if (closed_by_) return End{End::Kind::closed, *closed_by_, "closed by the server"};
  return std::nullopt;
}

End EventStreamState::on_read_error(std::string_view cause) {
  return {End::Kind::lost, Disconnect(close_code::abnormal), std::string(cause)};
}

/// Writes the last message like a close frame, however full the queue is.
void EventStreamState::close(Disconnect disconnect, TimePoint /*now*/) {
  if (closed_by_) return;
  closed_by_ = std::move(disconnect);
  std::string message;
  detail::log_what_is_thrown("encoding the last message of a stream threw", [&] {
    if (farewell_) message = farewell_(*closed_by_);
  });
  if (!message.empty()) FrameWriter(output_, framing()).text(message);
}

bool EventStreamState::receive(Message message, limits::HeldForOne held) {
  const std::size_t size = message.data.size();
  if (closed_by_ || size > limits_.max_message_size || queued_ + size > limits_.queued_input) return false;
  inbox_.push_back(QueuedMessage{std::move(message), std::move(held)});
  queued_ += size;
  return true;
}

}  // namespace coroom::detail::application
