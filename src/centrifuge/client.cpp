#include "centrifuge/client.hpp"

#include "centrifuge/codes.hpp"
#include "centrifuge/recovery.hpp"
#include "core/json_text.hpp"

#include <coroom/log.hpp>

#include <boost/asio/post.hpp>

#include <chrono>
#include <utility>
#include <variant>

namespace coroom::detail::centrifuge {
namespace {

// The most commands of one client that wait for their replies. At this limit the client is read no further.
constexpr std::size_t pending_limit = 1024;

/// Returns the channel of a command; empty if the command has no channel.
std::string channel_of(const Command& command) {
  return std::visit(
      [](const auto& request) {
        if constexpr (requires { request.channel; }) {
          return request.channel;
        } else {
          return std::string();
        }
      },
      command.request);
}

}  // namespace

Client::Client(Transport& transport, const CentrifugeSettings& settings, SharedClientInfo self,
               const boost::asio::any_io_executor& executor, const Clock& clock)
    : transport_(transport),
      settings_(settings),
      executor_(executor),
      clock_(clock),
      client_info_(std::move(self)),
      liveness_(
          executor, clock, settings, [this] { transport_.push("{}"); },
          [this](const Disconnect& why) { disconnect(why); }) {}

task<> Client::on_frame(std::string frame) {
  liveness_.set_busy(true);
  std::size_t bytes = frame.size();  // the first command is charged for the whole frame
  CommandReader reader(frame);
  while (auto command = reader.next()) {
    const RateVerdict pace = transport_.charge_received(std::exchange(bytes, 0), 1);
    if (pace == RateVerdict::flooding) co_return disconnect(disconnect::too_many_requests);
    const bool connects = *command && std::holds_alternative<ConnectRequest>((*command)->request);
    if (!*command) {
      co_await refuse_bad(command->error());
    } else if (pace == RateVerdict::ok) {
      co_await handle(std::move(**command));
    } else {
      co_await refuse_too_fast(**command);
    }
    if (ended_ || (connects && !connected_)) co_return;  // a client that may not connect gets one reply
    if (transport_.should_yield()) co_await boost::asio::post(executor_, as_result);
    if (ended_) co_return;
  }
  liveness_.set_busy(false);
}

void Client::end() {
  ended_ = true;
  liveness_.stop();
  expiry_.reset();
  registration_.reset();
  subscriptions_.clear();
  answered_.notify();
}

void Client::disconnect(const Disconnect& why) {
  if (ended_) return;
  end();  // at once: a lost client may take long to close, and must not stay in its rooms meanwhile
  transport_.close(why);
}

task<> Client::handle(Command command) {
  const bool first = std::holds_alternative<ConnectRequest>(command.request);
  if (first == connected_)
    co_return co_await refuse_bad(command.id, first ? "a second connect" : "a command before connect");
  co_await std::visit([this, &command](auto& request) { return handle(command.id, std::move(request)); },
                      command.request);
}

/// Closes the connection only if the command has no readable id: then the client can match no reply to its
/// command. A `send` has no reply, so it is dropped.
task<> Client::refuse_bad(CommandFault fault) {
  note_violation(fault.why);
  if (!fault.command.id) {
    if (!fault.command.sends) disconnect(disconnect::bad_request);
    co_return;
  }
  const auto place = co_await reserve("");
  if (place)
    answer(*place,
           error_line(*fault.command.id, fault.unknown ? error::method_not_found : error::bad_request));
}

task<> Client::refuse_bad(std::uint64_t id, std::string_view why) {
  CommandFault fault{std::string(why), {id}};
  return refuse_bad(std::move(fault));
}

void Client::note_violation(std::string_view cause) {
  transport_.counters().add(Counter::protocol_errors);
  if (!std::exchange(violated_, true))
    logging::info("centrifuge violation", {{"peer", client_info_->address}, {"cause", cause}});
}

/// A command without an id gets no reply.
task<> Client::refuse_too_fast(const Command& command) {
  if (std::holds_alternative<Pong>(command.request)) co_return co_await handle(0, Pong());
  if (!connected_) co_return disconnect(disconnect::too_many_requests);
  if (command.id == 0) co_return;
  const auto place = co_await reserve(channel_of(command));
  if (place) answer(*place, error_line(command.id, error::too_many_requests));
}

task<> Client::handle(std::uint64_t /*id*/, Pong /*request*/) {
  if (liveness_.pong()) co_return;
  note_violation("a pong without a ping");
  disconnect(disconnect::bad_request);
}

task<> Client::handle(std::uint64_t id, RpcRequest request) {
  co_await all_answered();
  if (ended_) co_return;
  if (!settings_.on_rpc) co_return co_await refuse(id, error::not_available);
  if (!co_await may_reply(id)) co_return;
  const std::string method = request.method;
  CentrifugeCall call(client_info_, std::move(request.method), std::move(request.data));
  auto result = co_await settings_.on_rpc(std::move(call));
  if (ended_) co_return;
  if (!result) co_return co_await refuse(id, result.error());
  if (!result->empty() && !detail::is_json(*result)) {
    logging::error("the result of on_rpc is not one JSON value", {{"method", method}});
    co_return co_await refuse(id, error::internal);
  }
  detail::put_in_one_line(*result);
  std::string line = reply_line(id, RpcResult{std::move(*result)});
  co_await write_reply(id, std::move(line));
}

task<> Client::handle(std::uint64_t /*id*/, SendRequest request) {
  co_await all_answered();
  if (ended_) co_return;
  if (!settings_.on_send) co_return disconnect(disconnect::not_available);
  CentrifugeCall call(client_info_, {}, std::move(request.data));
  co_await settings_.on_send(std::move(call));
}

task<> Client::handle(std::uint64_t id, PingRequest /*request*/) {
  return refuse(id, error::not_available);
}

task<std::optional<PendingReplies::ReplySlot>> Client::reserve(std::string channel) {
  while (pending_.size() == pending_limit && !ended_) co_await answered_.wait();
  if (ended_) co_return std::nullopt;
  co_return pending_.reserve(channel);
}

void Client::answer(PendingReplies::ReplySlot place, std::string line) {
  if (ended_) return;
  PendingReplies::fill(place, std::move(line));
  if (answering_) return;
  // Publications that a broker stores together are answered in one frame.
  boost::asio::post(executor_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->or_end([&self] { self->send_answers(); });
  });
  answering_ = true;
}

void Client::send_answers() {
  answering_ = false;
  if (ended_) return;
  const std::string ready = pending_.take();
  if (ready.empty()) return;
  transport_.push(ready);
  answered_.notify();
}

void Client::end_by(const std::exception& thrown) {
  logging::error("cannot reply to a client", {{"peer", client_info_->address}, {"error", thrown.what()}});
  disconnect(disconnect::internal);
}

task<> Client::all_answered() {
  while (pending_.size() != 0 && !ended_) co_await answered_.wait();
}

task<> Client::all_answered(std::string channel) {
  while (pending_.size(channel) != 0 && !ended_) co_await answered_.wait();
}

/// The wait depends on the client, so it does not count as busy.
task<> Client::write(std::string line) {
  liveness_.set_busy(false);
  co_await transport_.write(std::move(line));
  liveness_.set_busy(true);
}

task<bool> Client::may_reply(std::uint64_t id) {
  liveness_.set_busy(false);
  const bool may = co_await transport_.may_reply(room_for_reply);
  liveness_.set_busy(true);
  if (ended_) co_return false;
  if (may) co_return true;
  note_limit(Counter::messages_refused, "reply bytes");
  co_await refuse(id, error::too_many_requests);
  co_return false;
}

task<bool> Client::write_reply(std::uint64_t id, std::string line) {
  liveness_.set_busy(false);
  const bool written = co_await transport_.write_reply(std::move(line));
  liveness_.set_busy(true);
  if (ended_) co_return false;
  if (written) co_return true;
  note_limit(Counter::messages_refused, "queued replies");
  co_await refuse(id, error::too_many_requests);
  co_return false;
}

task<> Client::refuse(std::uint64_t id, const CentrifugeError& error) {
  return write(error_line(id, error));
}

}  // namespace coroom::detail::centrifuge
