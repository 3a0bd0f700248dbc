#include "websocket/session.hpp"

#include "core/thrown.hpp"
#include "core/work_trail.hpp"
#include "websocket/frame.hpp"

#include <coroom/log.hpp>

#include <boost/asio/post.hpp>

#include <chrono>
#include <exception>
#include <string>
#include <tuple>
#include <utility>

namespace coroom::detail::websocket {
namespace {

// No application needs frequent pings; a client that floods the server with them makes it write pongs.
constexpr RateLimit control_limit{.messages = 100, .bytes = 0};

/// A reply's frames with their share of the budgets. The share is released when the frames are sent or
/// dropped.
struct QueuedReply {
  SharedBytes frames;
  limits::HeldForOne held;
};

}  // namespace

Session::Session(std::unique_ptr<Stream> stream, Context context)
    : stream_(std::move(stream)),
      context_(std::move(context)),
      meter_(context_.rate_limit),
      control_meter_(control_limit),
      reply_meter_({.messages = 0, .bytes = context_.reply_rate}) {
  context_.shard.connections().push_back(*this);
}

task<> Session::run(Handler& handler) {
  handler_ = &handler;
  context_.counters.add(Counter::sessions);
  stream_->on_control([this, &handler](Opcode kind, std::string_view payload) {
    handler.on_control(kind, payload);
    if (control_meter_.take(1, 0, std::chrono::steady_clock::now()) == RateVerdict::flooding)
      close(Disconnect(close_code::policy_violation, "too many pings"));
  });
  if (context_.shard.stopping()) stop();
  End end;
  std::exception_ptr thrown;
  try {
    co_await scope_.run(read_messages(handler, end));
  } catch (...) {
    thrown = std::current_exception();
  }
  if (!ended_) {
    if (tell_of(thrown)) close(Disconnect(close_code::internal_error, "internal error"));
    end = co_await read_to_end();
  }
  ended_ = true;
  handler_ = nullptr;
  note_end(end);
  co_await handler.join();
  thrown = nullptr;
  try {
    co_await scope_.run(handle(handler.on_close(end.disconnect)));
  } catch (...) {
    thrown = std::current_exception();
  }
  if (thrown) std::ignore = tell_of(thrown);
  co_await stream_->finish();
}

/// Logs an exception from a handler and returns whether it is the handler's fault. Ignores exceptions after a
/// cancellation, as cancelled calls may throw.
bool Session::tell_of(const std::exception_ptr& thrown) {
  if (!thrown || scope_.cancelled()) return false;
  logging::error("a handler threw",
                 {{"connection", context_.connection}, {"error", detail::what_of(thrown)}});
  return true;
}

void Session::fail(const std::exception_ptr& thrown) {
  logging::error("a handler threw",
                 {{"connection", context_.connection}, {"error", detail::what_of(thrown)}});
  close(Disconnect(close_code::internal_error, "internal error"));
}

/// Reads until the connection ends, after its handler has failed or was cancelled. Discards all messages.
task<End> Session::read_to_end() {
  stream_->on_control(nullptr);
  while (true) {
    auto taken = stream_->take();
    if (!taken) {
      co_await stream_->readable();
    } else if (!*taken) {
      co_return std::move(*taken).error();
    }
  }
}

task<> Session::read_messages(Handler& handler, End& end) {
  co_await handle(handler.open(*this));
  while (true) {
    detail::WorkTrail::of_this_thread().add(detail::WorkKind::message, context_.connection);
    auto taken = stream_->take();
    if (!taken) {
      co_await stream_->readable();
      continue;
    }
    tl::expected<Message, End>& message = *taken;
    if (!message) {
      ended_ = true;
      end = std::move(message).error();
      co_return;
    }
    if (closing_) continue;  // the peer may send until our close frame reaches it
    context_.counters.add(Counter::messages);
    switch (context_.handler_counts ? RateVerdict::ok : charge_received(message->data.size())) {
      case RateVerdict::ok:
        co_await handle(handler.on_message(std::move(*message)));
        break;
      case RateVerdict::too_fast:
        co_await handle(handler.on_too_fast(std::move(*message)));
        break;
      case RateVerdict::flooding:
        close(Disconnect(close_code::policy_violation, "too many messages"));
    }
    if (context_.shard.should_yield()) co_await boost::asio::post(context_.shard.executor(), as_result);
  }
}

RateVerdict Session::charge_received(std::size_t bytes, std::size_t messages) {
  const auto now = std::chrono::steady_clock::now();
  RateVerdict pace = meter_.take(messages, bytes, now);
  const bool is_own = pace != RateVerdict::ok;
  if (!is_own && context_.quota && !context_.quota->take(messages, bytes, now)) pace = RateVerdict::too_fast;
  if (pace != RateVerdict::ok) {
    context_.counters.add(Counter::messages_refused);
    if (!std::exchange(fast_, true)) {
      logging::info("too many messages", {{"connection", context_.connection},
                                          {"peer", context_.peer.to_string()},
                                          {"limit", is_own ? "connection" : "address"}});
    }
  }
  return pace;
}

/// Awaits one call of the handler. A call that outlasts the turn may take long, and nothing is read
/// meanwhile, so the stream then watches for the loss of the peer.
task<> Session::handle(task<> call) {
  handling_ = true;
  context_.shard.seal_at_turn_end(*this);
  std::exception_ptr thrown;
  try {
    co_await std::move(call);
  } catch (...) {
    thrown = std::current_exception();
  }
  handling_ = false;
  if (net::TurnHook::is_linked()) {
    net::TurnHook::unlink();
  } else {
    stream_->stop_watching();
  }
  if (thrown) std::rethrow_exception(thrown);
}

void Session::end_of_turn() {
  if (aborted_) {
    scope_.cancel();
  } else if (!ended_) {
    stream_->watch([this] { scope_.cancel(); });
  }
}

net::Push Session::push(SharedBytes frames) {
  const net::Push verdict = stream_->push(std::move(frames));
  if (verdict == net::Push::dropped) {
    note_slow("drop oldest");
    const std::size_t bytes = stream_->take_dropped_bytes();
    if (handler_ != nullptr) handler_->on_dropped(bytes);
  }
  if (verdict == net::Push::overflow) end_slow();
  return verdict;
}

void Session::end_slow() {
  note_slow("close");
  stream_->drop_data();
  close(Disconnect(close_code::slow, "slow"));
}

void Session::note_slow(std::string_view action) {
  if (std::exchange(slow_, true)) return;
  context_.counters.add(Counter::slow_consumers);
  logging::info(
      "slow consumer",
      {{"connection", context_.connection}, {"peer", context_.peer.to_string()}, {"action", action}});
}

task<bool> Session::write(SharedBytes frames) {
  const std::size_t size = frames->size();
  if (is_open() && !stream_->has_room_for(size)) {
    held_bytes_ += size;
    co_await stream_->room_for(size);
    held_bytes_ -= size;
  }
  co_return is_open() && push(std::move(frames)) != net::Push::closed;
}

task<bool> Session::may_reply(std::size_t bytes) {
  const auto now = std::chrono::steady_clock::now();
  if (!reply_meter_.has_left(now)) co_return false;
  if (context_.quota && !context_.quota->may_be_replied_to(now)) co_return false;
  if (is_open() && !stream_->has_room_for(bytes)) co_await stream_->room_for(bytes);
  co_return true;
}

task<bool> Session::write_reply(SharedBytes frames) {
  const auto now = std::chrono::steady_clock::now();
  reply_meter_.take(0, frames->size(), now);
  if (context_.quota) context_.quota->pay_for_reply(frames->size(), now);
  auto held = hold_in_budgets(frames->size());
  if (!held) co_return false;
  const auto reply = std::make_shared<QueuedReply>(QueuedReply{std::move(frames), std::move(*held)});
  SharedBytes bytes(reply, reply->frames.get());
  co_await write(std::move(bytes));
  co_return true;
}

std::optional<limits::HeldForOne> Session::hold_in_budgets(std::size_t bytes) const {
  limits::HeldForOne held;
  if (context_.quota && !held.of_address.take(context_.quota->queue_budget(), bytes)) return std::nullopt;
  if (!held.of_all.take(context_.queue_budget, bytes)) return std::nullopt;
  return held;
}

net::Push Session::ping(std::string_view payload) {
  return is_open() ? stream_->ping(payload) : net::Push::closed;
}

void Session::receive(Message message) {
  if (!is_open()) return;
  auto held = hold_in_budgets(message.data.size());
  if (held && stream_->receive(std::move(message), std::move(*held))) return;
  close(Disconnect(close_code::too_big, "too much input is queued"));
}

void Session::close(Disconnect disconnect) {
  if (std::exchange(closing_, true)) return;
  try {
    stream_->close(std::move(disconnect));
  } catch (const std::exception&) {  // out of memory: abort, since a second close() would do nothing
    stream_->abort();
  }
}

void Session::stop() {
  close(Disconnect(close_code::shutdown, "shutdown"));
}

void Session::abort() {
  aborted_ = true;
  stream_->abort();
  if (handling_) scope_.cancel();
}

void Session::add_to(Statistics& statistics) const {
  ++statistics.connections;
  ++statistics.sessions;
  statistics.queued_bytes += stream_->queued_bytes() + held_bytes_;
}

void Session::note_end(const End& end) {
  if (end.kind == End::Kind::violated) context_.counters.add(Counter::websocket_errors);
  if (end.kind == End::Kind::lost) context_.counters.add(Counter::sessions_lost);
  const auto level = end.kind == End::Kind::violated ? logging::Level::info : logging::Level::debug;
  logging::write(level, end.kind == End::Kind::violated ? "websocket violation" : "websocket session ended",
                 {{"connection", context_.connection},
                  {"peer", context_.peer.to_string()},
                  {"code", end.disconnect.code},
                  {"cause", end.cause}});
}

}  // namespace coroom::detail::websocket
