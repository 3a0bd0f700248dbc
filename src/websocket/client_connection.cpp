#include "websocket/client_connection.hpp"

#include <coroom/log.hpp>

#include <boost/asio/co_spawn.hpp>

#include <chrono>
#include <exception>
#include <utility>

namespace coroom::detail::websocket {
namespace {

std::chrono::nanoseconds now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

}  // namespace

ClientConnection::ClientConnection(const boost::asio::any_io_executor& executor,
                                   std::unique_ptr<ClientStream> stream, ConnectOptions options)
    : executor_(executor),
      stream_(std::move(stream)),
      options_(std::move(options)),
      pings_{.interval = options_.ping_interval,
             .timeout = options_.ping_timeout.count() > 0 ? options_.ping_timeout : options_.ping_interval},
      ping_timer_(executor),
      closing_deadline_(std::in_place, executor, [this] { stream_->abort(); }) {
  if (options_.on_message) on_message_ = std::make_shared<const OnMessage>(std::move(options_.on_message));
  stream_->on_pong([this] {
    if (keep_alive_.answered(now())) ping_timer_.cancel();
  });
}

void ClientConnection::start() {
  spawn(read_messages());
  spawn(write_outbox());
  if (options_.ping_interval.count() > 0) spawn(keep_alive());
}

void ClientConnection::spawn(task<> work) {
  boost::asio::co_spawn(executor_, std::move(work),
                        [self = shared_from_this()](const std::exception_ptr& failure) {
                          if (failure) self->end(Disconnect(close_code::abnormal, "internal error"));
                        });
}

task<std::optional<Message>> ClientConnection::read() {
  const auto self = shared_from_this();
  while (!inbox_ && !ended_) co_await changed_.wait();
  std::optional<Message> message = std::exchange(inbox_, std::nullopt);
  changed_.notify();
  co_return message;
}

task<bool> ClientConnection::write(Message message) {
  const auto self = shared_from_this();
  const auto outgoing = enqueue(Outgoing::Kind::message, std::move(message));
  if (!outgoing) co_return false;
  while (!outgoing->sent) co_await outgoing->settled.wait();
  co_return *outgoing->sent;
}

bool ClientConnection::ping(std::string payload) {
  return enqueue(Outgoing::Kind::ping, Message(Message::Kind::binary, std::move(payload))) != nullptr;
}

void ClientConnection::close(Disconnect disconnect) {
  if (const auto outgoing = enqueue(Outgoing::Kind::close, Message())) {
    outgoing->disconnect = std::move(disconnect);
    closing_ = true;
    closing_deadline_->expires_after(options_.close_timeout);
  }
}

void ClientConnection::abandon() {
  abandoned_ = true;
  end(Disconnect(close_code::abnormal, "the client was destroyed"));
}

std::shared_ptr<ClientConnection::Outgoing> ClientConnection::enqueue(Outgoing::Kind kind, Message message) {
  if (closing_ || ended_) return nullptr;
  auto outgoing = std::make_shared<Outgoing>(kind);
  outgoing->message = std::move(message);
  outbox_.push_back(outgoing);
  changed_.notify();
  return outgoing;
}

task<> ClientConnection::read_messages() {
  const auto self = shared_from_this();
  while (true) {
    auto message = co_await stream_->read();
    if (!message) {
      Disconnect how = std::move(message).error().disconnect;
      if (!lost_why_.empty()) how.reason = lost_why_;
      end(std::move(how));
      co_return;
    }
    if (closing_ || ended_) continue;  // the peer may send until our close frame reaches it
    if (on_message_) {
      deliver(std::move(*message));
      continue;
    }
    inbox_ = std::move(*message);
    changed_.notify();
    while (inbox_ && !closing_ && !ended_) {
      held_up_ = true;
      co_await changed_.wait();
    }
  }
}

void ClientConnection::deliver(Message message) {
  const auto on_message = on_message_;  // the callback may destroy the client, which drops on_message_
  try {
    (*on_message)(std::move(message));
  } catch (const std::exception& error) {
    logging::error("on_message of a WebSocket client threw", {{"error", error.what()}});
    close(Disconnect(close_code::internal_error, "internal error"));
  }
}

task<> ClientConnection::write_outbox() {
  const auto self = shared_from_this();
  while (true) {
    while (outbox_.empty() && !ended_) co_await changed_.wait();
    if (ended_) co_return;
    const auto outgoing = std::move(outbox_.front());
    outbox_.pop_front();
    const bool sent = co_await send(*outgoing);
    settle(*outgoing, sent);
    // The peer's close frame may still be on its way, so reading goes on after a failed write.
    if (!sent && closing_deadline_) closing_deadline_->expires_after(options_.close_timeout);
  }
}

task<bool> ClientConnection::send(Outgoing& outgoing) {
  switch (outgoing.kind) {
    case Outgoing::Kind::message:
      return stream_->write(std::move(outgoing.message));
    case Outgoing::Kind::ping:
      return stream_->ping(std::move(outgoing.message.data));
    case Outgoing::Kind::close:
      return stream_->close(std::move(outgoing.disconnect));
  }
  std::terminate();
}

task<> ClientConnection::keep_alive() {
  using connection::KeepAlive;
  const auto self = shared_from_this();
  keep_alive_.start(now(), pings_.interval);
  while (!ended_) {
    ping_timer_.expires_at(std::chrono::steady_clock::time_point(*keep_alive_.due()));
    co_await ping_timer_.async_wait(as_result);
    switch (keep_alive_.on_time(now())) {
      case KeepAlive::Action::wait:
        break;
      case KeepAlive::Action::ping: {
        const auto outgoing = enqueue(Outgoing::Kind::ping, Message());
        if (!outgoing) co_return;
        held_up_ = inbox_.has_value();
        while (!outgoing->sent) co_await outgoing->settled.wait();
        keep_alive_.extend(now());
        break;
      }
      case KeepAlive::Action::overdue:
        if (!held_up_) {
          lost_why_ = "no answer to a ping";
          stream_->abort();
          co_return;
        }
        keep_alive_.answered(now());  // the pong may be unread
    }
  }
}

void ClientConnection::settle(Outgoing& outgoing, bool sent) {
  outgoing.sent = sent;
  outgoing.settled.notify();
}

void ClientConnection::end(Disconnect how) {
  if (ended_) return;
  ended_ = std::move(how);
  stream_->abort();
  for (const auto& outgoing : std::exchange(outbox_, {})) settle(*outgoing, false);
  changed_.notify();
  ping_timer_.cancel();
  closing_deadline_.reset();
  const auto on_message = std::exchange(on_message_, nullptr);  // it may own the client: break the cycle
  if (on_message && !abandoned_) (*on_message)(std::nullopt);
}

}  // namespace coroom::detail::websocket
