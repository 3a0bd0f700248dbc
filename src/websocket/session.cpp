#include "websocket/session.hpp"

#include "core/log.hpp"
#include "websocket/frame.hpp"

#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace coroom::websocket {

Session::Session(std::unique_ptr<Stream> stream, Context context)
    : stream_(std::move(stream)), context_(std::move(context)) {
  context_.shard.connections().push_back(*this);
}

task<> Session::run(Handshake handshake, Handler& handler) {
  const Result<> accepted = co_await stream_->accept(std::move(handshake));
  if (accepted) {
    context_.counters.add(Count::sessions);
    accepted_ = true;
    if (context_.shard.stopping()) stop();
    co_await converse(handler);
  } else {
    log::info("websocket handshake failed", {{"connection", context_.connection},
                                             {"peer", context_.peer.to_string()},
                                             {"cause", accepted.error().message}});
  }
  co_await stream_->finish();
}

task<> Session::converse(Handler& handler) {
  End end;
  std::optional<std::string> thrown;
  try {
    end = co_await read_messages(handler);
  } catch (const std::exception& error) {
    thrown = error.what();
  }
  if (thrown) {
    log::error("a handler threw", {{"connection", context_.connection}, {"what", *thrown}});
    close(Disconnect(close_code::internal_error, "internal error"));
    end = co_await read_to_end();
  }
  note_end(end);
  handler.on_close(end.disconnect);
}

task<End> Session::read_to_end() {
  while (true) {
    auto message = co_await stream_->read();
    if (!message) co_return std::move(message).error();
  }
}

task<End> Session::read_messages(Handler& handler) {
  co_await handler.open(*this);
  while (true) {
    auto message = co_await stream_->read();
    if (!message) co_return std::move(message).error();
    if (closing_) continue;  // the peer may go on until our close frame reaches it
    context_.counters.add(Count::messages);
    co_await handler.on_message(std::move(*message));
  }
}

net::Push Session::push(SharedBytes frames) {
  const net::Push verdict = stream_->push(std::move(frames));
  if (verdict == net::Push::queued || verdict == net::Push::closed) return verdict;
  if (!std::exchange(slow_, true)) {
    context_.counters.add(Count::slow_consumers);
    log::info("slow consumer", {{"connection", context_.connection},
                                {"peer", context_.peer.to_string()},
                                {"action", verdict == net::Push::dropped ? "drop oldest" : "close"}});
  }
  if (verdict == net::Push::overflow) {
    stream_->drop_data();
    close(Disconnect(close_code::slow, "slow"));
  }
  return verdict;
}

net::Push Session::write(Message::Kind kind, std::string_view data) {
  std::string frame;
  append_frame(frame, opcode_of(kind), data);
  return push(share(std::move(frame)));
}

void Session::close(Disconnect disconnect) {
  // Before the handshake is done there is nobody to send a close frame to; stop() comes again after it.
  if (!accepted_ || std::exchange(closing_, true)) return;
  stream_->close(std::move(disconnect));
}

void Session::stop() {
  close(Disconnect(close_code::shutdown, "shutdown"));
}

void Session::abort() {
  stream_->abort();
}

void Session::note_end(const End& end) {
  if (end.kind == End::Kind::violated) context_.counters.add(Count::websocket_errors);
  if (end.kind == End::Kind::lost) context_.counters.add(Count::sessions_lost);
  const auto level = end.kind == End::Kind::violated ? log::Level::info : log::Level::debug;
  log::write(level, end.kind == End::Kind::violated ? "websocket violation" : "websocket session ended",
             {{"connection", context_.connection},
              {"peer", context_.peer.to_string()},
              {"code", end.disconnect.code},
              {"cause", end.cause}});
}

}  // namespace coroom::websocket
