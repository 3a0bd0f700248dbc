#include "websocket/connection_state.hpp"

#include "connection/linger.hpp"
#include "websocket/frame.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace coroom::detail::websocket {

using connection::ControlFrame;
using connection::End;

namespace {

MessageReader::Inflation inflation_of(const std::optional<Compression>& compression) {
  using Inflation = MessageReader::Inflation;
  if (!compression) return Inflation::none;
  return compression->client_keeps_window ? Inflation::with_a_window : Inflation::each;
}

Framing framing_of(const std::optional<Compression>& compression) {
  return compression ? Framing{.deflate = compression->to_client} : Framing();
}

}  // namespace

ConnectionState::ConnectionState(std::shared_ptr<const ConnectionLimits> limits,
                                 const std::optional<Compression>& compression, TimePoint now)
    : Protocol(framing_of(compression)),
      limits_(std::move(limits)),
      reader_(limits_->max_message_size, inflation_of(compression)),
      keep_alive_(limits_->pings) {
  keep_alive_.start(now, limits_->pings.interval);
}

std::optional<ConnectionState::ProtocolEvent> ConnectionState::next(std::span<char>& data, TimePoint now) {
  if (!data.empty()) keep_alive_.heard();
  const std::size_t size = data.size();
  auto received = take(data);
  if (!received) watch_partial(now);
  if (closing_) closing_->bytes_after += size - data.size();
  if (phase_ == Phase::close_sent && closing_->bytes_after > connection::linger_bytes) {
    phase_ = Phase::abandoned;  // the client ignores our close frame, and goes on sending
    return closed_by_us();
  }
  return received;
}

/// Takes bytes up to the next event; returns nullopt once all are taken.
std::optional<ConnectionState::ProtocolEvent> ConnectionState::take(std::span<char>& data) {
  while (auto event = reader_.next(data)) {
    if (auto* message = std::get_if<Message>(&*event)) {
      partial_since_.reset();
      return std::move(*message);
    }
    return on_event(*event);
  }
  return std::nullopt;
}

/// Acts on an event that is no message.
ConnectionState::ProtocolEvent ConnectionState::on_event(MessageReader::Received& event) {
  if (auto* control = std::get_if<Control>(&event)) {
    const bool is_ping = control->opcode == Opcode::ping;
    if (is_ping && phase_ == Phase::open) append_frame(output_, Opcode::pong, control->payload);
    return ControlFrame{is_ping ? ControlFrame::Kind::ping : ControlFrame::Kind::pong,
                        std::move(control->payload)};
  }
  if (auto* close = std::get_if<CloseFrame>(&event)) {
    phase_ = Phase::close_received;
    if (closing_) return closed_by_us();
    send_close(Disconnect(close->disconnect.code));  // RFC 6455 section 5.5.1: the code is echoed
    return End{End::Kind::closed, std::move(close->disconnect), "closed by the client"};
  }
  if (closing_) return closed_by_us();
  const Disconnect& why = std::get<Violation>(event).disconnect;
  phase_ = Phase::violated;
  send_close(why);
  return End{End::Kind::violated, why, why.reason};
}

/// Most reads of a busy connection end inside a message. So the time counts from the first such read.
void ConnectionState::watch_partial(TimePoint now) {
  if (!reader_.is_partial()) {
    partial_since_.reset();
  } else if (!partial_since_) {
    partial_since_ = now;
  }
}

End ConnectionState::on_read_error(std::string_view cause) {
  if (closing_) return closed_by_us();
  if (phase_ == Phase::silent) cause = "no answer to a ping";
  return End{End::Kind::lost, Disconnect(close_code::abnormal), std::string(cause)};
}

End ConnectionState::closed_by_us() const {
  const bool is_violation = closing_->kind == End::Kind::violated;
  return {closing_->kind, closing_->sent, is_violation ? closing_->sent.reason : "closed by the server"};
}

void ConnectionState::send_close(const Disconnect& disconnect) {
  keep_alive_.stop();
  append_close_frame(output_, disconnect);
}

void ConnectionState::close(Disconnect disconnect, TimePoint now) {
  close(std::move(disconnect), now, End::Kind::closed);
}

void ConnectionState::close(Disconnect disconnect, TimePoint now, End::Kind kind) {
  if (phase_ != Phase::open) return;
  closing_ = std::make_unique<ClosingHandshake>(
      ClosingHandshake{std::move(disconnect), kind, now + limits_->close_timeout});
  phase_ = Phase::close_sent;
  reader_.discard_messages();  // the client may send until our close frame reaches it
  send_close(closing_->sent);
}

bool ConnectionState::ping(std::string_view payload) {
  if (phase_ == Phase::open) append_frame(output_, Opcode::ping, payload);
  return true;
}

ConnectionState::TimeAction ConnectionState::on_time(TimePoint now, bool reads) {
  if (phase_ == Phase::close_sent && now >= closing_->due) {
    closing_->due = now + limits_->close_timeout;
    if (reads) return TimeAction::give_up;
  }
  if (phase_ != Phase::open) return TimeAction::none;
  if (partial_since_ && now - *partial_since_ >= limits_->message_timeout) {
    close(Disconnect(close_code::policy_violation, "a message took too long"), now, End::Kind::violated);
    return TimeAction::none;
  }
  switch (keep_alive_.on_time(now)) {
    case connection::KeepAlive::Action::wait:
      break;
    case connection::KeepAlive::Action::ping:
      ping({});
      break;
    case connection::KeepAlive::Action::overdue:
      return TimeAction::check_peer;
  }
  return TimeAction::none;
}

bool ConnectionState::is_lost_after(std::chrono::milliseconds silence, TimePoint now) {
  if (silence >= limits_->pings.timeout) {
    phase_ = Phase::silent;
    return true;
  }
  keep_alive_.answered(now);
  return false;
}

std::optional<ConnectionState::TimePoint> ConnectionState::due() const {
  if (phase_ == Phase::close_sent) return closing_->due;
  if (phase_ != Phase::open) return std::nullopt;
  auto due = keep_alive_.due();
  if (partial_since_) {
    const TimePoint late = *partial_since_ + limits_->message_timeout;
    due = due ? std::min(*due, late) : late;
  }
  return due;
}

}  // namespace coroom::detail::websocket
