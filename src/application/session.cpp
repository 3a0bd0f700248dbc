#include "application/session.hpp"

#include "connection/linger.hpp"
#include "core/completed.hpp"
#include "core/thrown.hpp"
#include "core/work_trail.hpp"
#include "websocket/frame.hpp"
#include "websocket/outgoing.hpp"

#include <coroom/log.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>
#include <variant>

namespace coroom::detail::application {
namespace {

using connection::ControlFrame;
using connection::End;
using connection::Protocol;

// No application needs frequent pings; a client that floods the server with them makes it write pongs.
constexpr RateLimit control_limit{.messages = 100, .bytes = 0};

// To call on_close() while memory is short.
constexpr int most_tries = 16;

/// A reply's frames with their share of the budgets. The share is released when the frames are sent or
/// dropped.
struct QueuedReply {
  SharedBytes frames;
  limits::HeldForOne held;
};

}  // namespace

/// Awaits calls of the handler. The result is false if one has thrown.
class Session::HandlerCalls : public RoutineCalls {
 public:
  [[nodiscard]] bool await_ready() const { return false; }
  bool await_suspend(std::coroutine_handle<> caller) {
    session_.call_ = this;
    const bool waits = start(caller);
    if (waits) session_.on_call_waits();
    return waits;
  }

  /// An exception after a cancellation is no fault of the handler.
  bool await_resume() {
    session_.call_ = nullptr;
    if (thrown() && !cancelled()) session_.fail("a handler threw", thrown());
    return thrown() == nullptr;
  }

 protected:
  explicit HandlerCalls(Session& session) : RoutineCalls(session.shard_.call_runners()), session_(session) {}
  ~HandlerCalls() = default;

  Session& session_;
};

/// One call, which `Make` makes.
template <class Make>
class Session::OneCall final : public HandlerCalls {
 public:
  OneCall(Session& session, Make make) : HandlerCalls(session), make_(std::move(make)) {}

 private:
  task<> next() override { return std::exchange(made_, true) ? task<>() : make_(); }

  Make make_;
  bool made_ = false;
};

class Session::MessageCalls final : public HandlerCalls {
 public:
  explicit MessageCalls(Session& session) : HandlerCalls(session) {}

 private:
  task<> next() override { return session_.next_call(); }
};

void Session::start(NewSession parts) {
  std::unique_ptr<Session> session(new Session(std::move(parts)));
  Session& started = *session;
  const auto routine = run(std::move(session)).handle();
  started.routine_ = routine;
  routine.resume();
}

Session::Session(NewSession parts)
    : running_(parts.shard.connection_tasks().count()),
      guard_(std::move(parts.guard)),
      shard_(parts.shard),
      counters_(parts.counters),
      settings_(std::move(parts.settings)),
      client_(std::move(parts.client)),
      protocol_(std::move(parts.protocol)),
      socket_(std::move(parts.socket), parts.shard, *this),
      queue_(parts.shard, socket_, settings_->queue),
      handler_(std::move(parts.handler)) {
  queue_.push_control(share(std::move(parts.answer)));
  shard_.connections().push_back(*this);
}

Session::~Session() {
  if (ref_) ref_->cut();
  shard_.timers().cancel(*this);
}

Session& Session::begun(const ConnectionHandler& handler) {
  if (handler.session_ == nullptr) throw std::logic_error("the handler has no connection before open()");
  return *handler.session_;
}

Session& Session::running(const ConnectionHandler& handler) {
  Session& session = begun(handler);
  if (session.end_) throw std::logic_error("the handler's connection has ended: call this before on_close()");
  return session;
}

Routine Session::run(std::unique_ptr<Session> self) {
  Session& session = *self;
  ConnectionHandler& handler = *session.handler_;
  handler.session_ = &session;
  session.counters_.add(Counter::sessions);
  if (session.shard_.stopping()) session.stop();
  session.set_timer();
  if (session.socket_.has_pending()) session.input_state_ = Input::ready;

  bool serves = co_await OneCall(session, [&] { return handler.open(); });
  while (serves && !session.end_) {
    MessageCalls calls(session);
    serves = co_await calls;
    if (serves && !session.end_ && !calls.have_waited()) co_await session.wakeup_;
  }
  session.phase_ = Phase::ending;
  while (!session.end_) {
    if (session.next_message()) continue;
    if (!session.end_) co_await session.wakeup_;
  }

  session.phase_ = Phase::joining;
  session.release_input();
  detail::log_what_is_thrown("the end of a session was not logged", [&session] { session.note_end(); });
  if (session.tasks_) session.tasks_->cancel();
  while (session.tasks_ && session.tasks_->size() != 0) {
    co_await OneCall(session, [&] { return session.tasks_->wait(); });
    if (session.tasks_->size() != 0) co_await session.next_turn();  // out of memory
  }
  session.phase_ = Phase::closing;
  if (session.ref_) session.ref_->cut();
  bool is_called = false;
  for (int tries = 0; !is_called && tries != most_tries; ++tries) {
    if (tries != 0) co_await session.next_turn();  // out of memory
    co_await OneCall(session, [&] {
      auto call = handler.on_close();
      is_called = true;
      return call;
    });
  }

  session.phase_ = Phase::draining;
  session.queue_.refuse_more();
  net::TimerQueue& timers = session.shard_.timers();
  timers.set(session, timers.now() + session.settings_->drain_timeout);
  while (!session.queue_.is_drained() && session.socket_.is_open()) co_await session.wakeup_;
  const bool lingers = session.protocol_->lingers();
  if (lingers || session.socket_.tls() != nullptr) session.socket_.shutdown_send();
  if (lingers) {
    session.phase_ = Phase::lingering;
    timers.set(session, timers.now() + connection::linger_time);
    while (session.keeps_lingering()) co_await session.wakeup_;
  }
  session.socket_.close();
}

/// Returns the handler's call for the next message. Returns an empty task if no message is complete, or the
/// shard should serve other connections first.
task<> Session::next_call() {
  while (!end_) {
    if (shard_.should_yield()) {
      keep_input();
      continue_soon();
      break;
    }
    auto message = next_message();
    if (!message) break;
    if (auto call = handle(*std::move(message)); call.valid()) return call;
  }
  return {};
}

/// Returns the next message; nullopt if none is complete, or the connection has ended. If memory is short,
/// the connection ends.
std::optional<Message> Session::next_message() {
  try {
    return take_message();
  } catch (const std::exception&) {
    fail("a session failed", std::current_exception());
    abort_socket();
    input_ = {};
    return std::nullopt;
  }
}

/// Reads at most once a turn, so that the shard serves its other connections.
std::optional<Message> Session::take_message() {
  while (!end_) {
    auto received = protocol_->next(input_, shard_.timer_time());
    if (protocol_->has_output() && send_output() == net::Push::overflow) {
      abort_socket();  // the client sends pings but never reads the pongs
    }
    if (!received) {
      release_input();
      set_timer();
      if (!read()) return std::nullopt;
    } else if (auto* message = std::get_if<Message>(&*received)) {
      return std::move(*message);
    } else if (auto* frame = std::get_if<ControlFrame>(&*received)) {
      act_on(*frame);
    } else {
      end_by(std::move(std::get<End>(*received)));
    }
  }
  return std::nullopt;
}

/// Returns whether there is new input, or the end.
bool Session::read() {
  if (input_state_ == Input::none) return false;
  if (last_read_ == shard_.turn()) {
    continue_soon();
    return false;
  }
  last_read_ = shard_.turn();
  boost::system::error_code ec;
  const std::span<char> buffer = shard_.read_buffer();
  const std::size_t size = socket_.read_some(buffer, ec);
  queue_.after_read();
  if (ec == boost::asio::error::would_block) {
    input_state_ = Input::none;
    return false;
  }
  if (ec) {
    end_by(protocol_->on_read_error(ec.message()));
    return true;
  }
  // A read that does not fill the buffer has emptied the socket, unless TLS has kept bytes back.
  if (size < buffer.size() && !socket_.has_pending() && input_state_ == Input::ready)
    input_state_ = Input::none;
  input_ = buffer.first(size);
  return true;
}

task<> Session::handle(Message&& message) {
  detail::WorkTrail::of_this_thread().add(detail::WorkKind::message, client_.connection);
  counters_.add(Counter::messages);
  switch (settings_->handler_counts ? RateVerdict::ok : charge_received(message.data.size())) {
    case RateVerdict::ok:
      return handler_->on_message(std::move(message));
    case RateVerdict::too_fast:
      return handler_->on_too_fast(std::move(message));
    case RateVerdict::flooding:
      close(Disconnect(close_code::policy_violation, "too many messages"));
  }
  return {};
}

void Session::act_on(const ControlFrame& frame) {
  if (phase_ != Phase::serving) return;
  if (control_meter_.take(control_limit, 1, 0, shard_.now()) == RateVerdict::flooding)
    close(Disconnect(close_code::policy_violation, "too many pings"));
  try {
    handler_->on_control(frame);
  } catch (...) {
    fail("a handler threw", std::current_exception());
  }
}

void Session::end_by(End how) {
  end_ = std::make_unique<const End>(std::move(how));
  if (protocol_->has_output()) send_output();
}

/// Copies input that is in the shard's buffer, which other connections use meanwhile.
void Session::keep_input() {
  if (input_.empty() || !rest_.empty()) return;
  try {
    rest_.assign(input_.begin(), input_.end());
    input_ = rest_;
  } catch (const std::exception&) {  // out of memory: the input is lost
    input_ = {};
    abort_socket();
  }
}

void Session::release_input() {
  input_ = {};
  if (!rest_.empty()) std::string().swap(rest_);
}

/// Discards what the client still sends. Returns whether there may be more.
bool Session::keeps_lingering() {
  if (!socket_.is_open()) return false;
  boost::system::error_code ec;
  const std::size_t size = socket_.read_some(shard_.read_buffer(), ec);
  lingered_bytes_ += size;
  if (size != 0) continue_soon();
  return (!ec || ec == boost::asio::error::would_block) && lingered_bytes_ <= connection::linger_bytes;
}

void Session::on_ready(const Readiness& readiness) {
  if (readiness.readable && input_state_ == Input::none) input_state_ = Input::ready;
  if (readiness.ending) input_state_ = Input::ending;
  if (readiness.lost && link_ == Link::up) link_ = Link::lost;
  if (readiness.writable) queue_.on_writable();
  if (call_ != nullptr) return cancel_call_if_lost();
  wakeup_.notify();
}

/// The input must outlast the turn now. A loss that came before the call is reported to it in the next turn.
void Session::on_call_waits() {
  keep_input();
  if (link_ != Link::up) continue_soon();
}

void Session::cancel_call_if_lost() {
  const bool serves = phase_ == Phase::serving && link_ != Link::up;
  if (serves || (phase_ == Phase::closing && link_ == Link::aborted)) call_->cancel();
}

void Session::on_time() {
  if (phase_ == Phase::draining || phase_ == Phase::lingering) return abort_socket();
  if (end_) return;
  try {
    const auto now = shard_.timers().now();
    switch (protocol_->on_time(now, call_ == nullptr)) {
      case Protocol::TimeAction::none:
        break;
      case Protocol::TimeAction::check_peer:
        if (protocol_->is_lost_after(socket_.silence(), now)) abort_socket();
        break;
      case Protocol::TimeAction::give_up:
        abort_socket();
    }
    send_output();
    set_timer();
  } catch (const std::exception&) {  // out of memory: no timer would check the connection again
    abort_socket();
  }
}

/// Closes the socket. The routine notices it by its next read.
void Session::abort_socket() {
  socket_.close();
  link_ = Link::aborted;
  input_state_ = Input::ending;
  continue_soon();
}

/// Sends the control frames of the protocol.
net::Push Session::send_output() {
  net::Push verdict = net::Push::queued;
  if (protocol_->has_output()) verdict = queue_.push_control(share(protocol_->take_output()));
  if (!protocol_->is_open()) queue_.refuse_more();
  return verdict;
}

/// A timer that is set too early stays: it is checked when its time has come.
void Session::set_timer() {
  const auto due = protocol_->due();
  if (due && (!Timer::is_set() || *due < Timer::due())) shard_.timers().set(*this, *due);
}

RateVerdict Session::charge_received(std::size_t bytes, std::size_t messages) {
  const auto now = shard_.now();
  RateVerdict pace = meter_.take(settings_->rate_limit, messages, bytes, now);
  const bool is_own = pace != RateVerdict::ok;
  if (!is_own && client_.quota && !client_.quota->take(messages, bytes, now)) pace = RateVerdict::too_fast;
  if (pace != RateVerdict::ok) {
    counters_.add(Counter::messages_refused);
    if (!std::exchange(fast_logged_, true)) {
      logging::info("too many messages", {{"connection", client_.connection},
                                          {"peer", client_.address.to_string()},
                                          {"limit", is_own ? "connection" : "address"}});
    }
  }
  return pace;
}

task<Result<>> Session::write(Message::Kind kind, std::string_view data) {
  if (!is_open()) return detail::completed(websocket::closed_error());
  const std::size_t size = data.size() + websocket::longest_head;
  if (websocket::is_plain(framing()) && queue_.has_room_for(size)) return detail::completed(push(kind, data));
  auto frames = websocket::encoded(kind, data, framing());
  if (!frames) return detail::completed(Result<>(tl::unexpected(std::move(frames).error())));
  shard_.traffic().write();
  return write_when_fits(*std::move(frames));
}

task<Result<>> Session::write_when_fits(SharedBytes frames) {
  const std::size_t size = frames->size();
  if (is_open() && !queue_.has_room_for(size)) {
    held_bytes_ += size;
    co_await queue_.room_for(size);
    held_bytes_ -= size;
  }
  const bool sent = is_open() && push(std::move(frames)) != net::Push::closed;
  co_return sent ? Result<>() : websocket::closed_error();
}

Result<> Session::push(Message::Kind kind, std::string_view data) {
  if (!is_open()) return websocket::closed_error();
  if (!websocket::is_plain(framing())) {
    auto frames = websocket::encoded(kind, data, framing());
    if (!frames) return tl::unexpected(std::move(frames).error());
    shard_.traffic().write();
    return push(*std::move(frames)) == net::Push::closed ? websocket::closed_error() : Result<>();
  }
  if (auto valid = websocket::check_text(kind, data); !valid) return valid;
  shard_.traffic().write();
  const auto append = [kind, data](std::string& out) {
    websocket::append_frame(out, websocket::opcode_of(kind), data);
  };
  const net::Push verdict = queue_.append(data.size() + websocket::longest_head, append);
  return check_push(verdict) == net::Push::closed ? websocket::closed_error() : Result<>();
}

net::Push Session::push(SharedBytes frames) {
  return check_push(queue_.push(std::move(frames)));
}

/// Treats the client as a slow consumer where data was dropped or did not fit.
net::Push Session::check_push(net::Push verdict) {
  if (verdict == net::Push::dropped) {
    note_slow("drop oldest");
    notify_of_dropped(queue_.take_dropped_bytes());
  }
  if (verdict == net::Push::overflow) end_slow();
  return verdict;
}

void Session::end_slow() {
  note_slow("close");
  queue_.drop_data();
  close(Disconnect(close_code::slow, "slow"));
}

/// A room delivers to its members meanwhile, and a handler must not leave one now. So the handler is notified
/// by a task of its own, once for all that was dropped until then.
void Session::notify_of_dropped(std::size_t bytes) {
  dropped_bytes_ += bytes;
  if (reports_dropped_ || end_) return;
  detail::log_what_is_thrown("a handler was not notified",
                             [this] { reports_dropped_ = spawn_owned(report_dropped()); });
}

task<> Session::report_dropped() {
  namespace this_coro = boost::asio::this_coro;
  co_await boost::asio::post(co_await this_coro::executor, as_result);
  reports_dropped_ = false;
  const auto cancelled = (co_await this_coro::cancellation_state).cancelled();
  if (cancelled == boost::asio::cancellation_type::none)
    handler_->on_dropped(std::exchange(dropped_bytes_, 0));
}

void Session::note_slow(std::string_view action) {
  if (std::exchange(slow_logged_, true)) return;
  counters_.add(Counter::slow_consumers);
  logging::info(
      "slow consumer",
      {{"connection", client_.connection}, {"peer", client_.address.to_string()}, {"action", action}});
}

task<bool> Session::may_reply(std::size_t bytes) {
  const auto now = shard_.now();
  if (!reply_meter_.has_left(settings_->reply_limit, now)) co_return false;
  if (client_.quota && !client_.quota->may_be_replied_to(now)) co_return false;
  if (is_open() && !queue_.has_room_for(bytes)) co_await queue_.room_for(bytes);
  co_return true;
}

task<bool> Session::write_reply(Message::Kind kind, std::string data) {
  if (!is_open()) co_return true;
  auto frames = websocket::encoded(kind, std::exchange(data, {}), framing());
  if (!frames) co_return true;
  shard_.traffic().write();
  const std::size_t size = (*frames)->size();
  const auto now = shard_.now();
  reply_meter_.take(settings_->reply_limit, 0, size, now);
  if (client_.quota) client_.quota->pay_for_reply(size, now);
  auto held = hold_in_budgets(size);
  if (!held) co_return false;
  const auto reply = std::make_shared<QueuedReply>(QueuedReply{*std::move(frames), std::move(*held)});
  co_await write_when_fits(SharedBytes(reply, reply->frames.get()));
  co_return true;
}

std::optional<limits::HeldForOne> Session::hold_in_budgets(std::size_t bytes) const {
  limits::HeldForOne held;
  if (client_.quota && !held.of_address.take(client_.quota->queue_budget(), bytes)) return std::nullopt;
  if (!held.of_all.take(settings_->queue_budget, bytes)) return std::nullopt;
  return held;
}

Result<> Session::ping(std::string_view payload) {
  if (!is_open() || !protocol_->ping(payload) || send_output() != net::Push::queued)
    return websocket::closed_error();
  return {};
}

void Session::receive(Message message) {
  if (!is_open()) return;
  auto held = hold_in_budgets(message.data.size());
  if (!held || !protocol_->receive(std::move(message), std::move(*held)))
    return close(Disconnect(close_code::too_big, "too much input is queued"));
  continue_soon();
}

void Session::spawn(task<> work) {
  if (end_) throw std::logic_error("the handler's connection has ended: call this before on_close()");
  if (!spawn_owned(std::move(work))) throw std::logic_error("the handler's connection has ended");
}

bool Session::spawn_owned(task<> work) {
  if (!tasks_) {
    tasks_ = std::make_unique<OwnedTasks>(
        shard_.executor(), [this](const std::exception_ptr& thrown) { fail("a handler threw", thrown); });
  }
  return tasks_->spawn(std::move(work));
}

ConnectionHandle Session::handle() {
  if (ref_ == nullptr) ref_ = std::make_shared<ConnectionRef>(*this, shard_, framing());
  if (end_) ref_->cut();
  return ConnectionHandle(ref_);
}

void Session::fail(std::string_view event, const std::exception_ptr& thrown) {
  logging::error(event, {{"connection", client_.connection}, {"error", detail::what_of(thrown)}});
  close(Disconnect(close_code::internal_error, "internal error"));
}

void Session::close(Disconnect disconnect) {
  if (!is_open()) return;
  try {
    protocol_->close(std::move(disconnect), shard_.timers().now());
    send_output();
    set_timer();
    continue_soon();                 // the end may be known now
  } catch (const std::exception&) {  // out of memory
    abort_socket();
  }
}

void Session::stop() {
  close(Disconnect(close_code::shutdown, "shutdown"));
}

void Session::abort() {
  abort_socket();
}

void Session::add_to(Statistics& statistics) const {
  ++statistics.connections;
  ++statistics.sessions;
  statistics.queued_bytes += queue_.pending_bytes() + protocol_->queued_input() + held_bytes_;
}

void Session::note_end() const {
  if (end_->kind == End::Kind::violated) counters_.add(Counter::websocket_errors);
  if (end_->kind == End::Kind::lost) counters_.add(Counter::sessions_lost);
  const auto level = end_->kind == End::Kind::violated ? logging::Level::info : logging::Level::debug;
  logging::write(level, end_->kind == End::Kind::violated ? "websocket violation" : "websocket session ended",
                 {{"connection", client_.connection},
                  {"peer", client_.address.to_string()},
                  {"code", end_->disconnect.code},
                  {"cause", end_->cause}});
}

}  // namespace coroom::detail::application
