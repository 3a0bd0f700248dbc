#include "model/connection.hpp"

#include "application/room_access.hpp"
#include "room/member.hpp"
#include "support/protobuf_transcoder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/system_error.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <algorithm>
#include <utility>

namespace coroom::model {
namespace {

constexpr std::size_t delayed_percent = 10;  // of the replies wait until the client reads

using detail::centrifuge::Encoding;

template <class Visit>
void for_each_line(std::string_view lines, const Visit& visit) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    visit(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

/// Returns the commands of a frame of JSON in Protobuf.
std::string protobuf_of(std::string_view lines) {
  std::string frame;
  for_each_line(lines, [&frame](std::string_view line) {
    frame += test::protobuf_command(boost::json::parse(line).as_object());
  });
  return frame;
}

/// Cancelled work ends with an exception, which this swallows.
task<> run_cancellable(detail::CancelScope& scope, task<> work) {
  try {
    co_await scope.run(std::move(work));
  } catch (const boost::system::system_error&) {
    if (!scope.cancelled()) throw;
  }
}

}  // namespace

/// The membership of a connection in a room. Its blocks are lines, or Protobuf messages.
class SimulatedConnection::Member final : public detail::room::Member {
 public:
  Member(SimulatedConnection& connection, Profile profile, bool paused)
      : detail::room::Member(std::move(profile), paused), connection_(connection) {}

 private:
  void push(const SharedBytes& block) override { connection_.deliver(*block); }
  void overflow() override { connection_.end(); }

  SimulatedConnection& connection_;
};

SimulatedConnection::SimulatedConnection(SimulatedServer& server, std::size_t shard, Encoding encoding,
                                         LineSink& sink)
    : server_(server), shard_(server.shards[shard]), encoding_(encoding), sink_(&sink) {
  auto client_info = std::make_shared<ClientInfo>("192.0.2.1");
  client_info->client_id = new_client_id();
  name_ = boost::uuids::to_string(client_info->client_id);
  client_ = std::make_shared<detail::centrifuge::Client>(*this, server.settings, std::move(client_info),
                                                         shard_.executor(), shard_.clock());
}

void SimulatedConnection::send(const std::string& lines) {
  frames_.push_back(encoding_ == Encoding::json ? lines : protobuf_of(lines));
  changed_.notify();
  if (std::exchange(serving_, true)) return;
  shard_.connection_tasks().spawn(run_cancellable(scope_, serve()), scope_.slot(), shared_from_this());
}

void SimulatedConnection::end() {
  ended_ = true;
  scope_.cancel();
  client_->end();
  changed_.notify();
}

task<> SimulatedConnection::serve() {
  while (true) {
    while (frames_.empty() && !ended_) co_await changed_.wait();
    if (ended_) break;
    std::string frame = std::move(frames_.front());
    frames_.pop_front();
    co_await client_->on_frame(std::move(frame));
  }
}

void SimulatedConnection::spawn(task<> work) {
  shard_.connection_tasks().spawn(std::move(work), boost::asio::cancellation_slot(), shared_from_this());
}

void SimulatedConnection::deliver(std::string_view messages) {
  if (encoding_ == Encoding::json) {
    for_each_line(messages, [this](std::string_view line) {
      if (sink_ != nullptr) sink_->receive(line);
    });
    return;
  }
  for (const auto& reply : test::replies_of_protobuf(messages))
    if (sink_ != nullptr) sink_->receive(boost::json::serialize(reply));
}

task<> SimulatedConnection::write(std::string lines) {
  if (server_.chance.percent(delayed_percent)) co_await server_.gates.pass();
  deliver(lines);
}

task<bool> SimulatedConnection::may_reply(std::size_t /*bytes*/) {
  if (server_.chance.percent(delayed_percent)) co_await server_.gates.pass();
  co_return true;
}

task<bool> SimulatedConnection::write_reply(std::string line) {
  co_await write(std::move(line));
  co_return true;
}

void SimulatedConnection::close(const Disconnect& /*why*/) {
  ended_ = true;
  changed_.notify();
  if (LineSink* const sink = std::exchange(sink_, nullptr)) sink->closed();
}

task<Result<Membership>> SimulatedConnection::join(Room room, JoinOptions options) {
  const Framing framing{.kind = encoding_ == Encoding::json ? Framing::Kind::lines : Framing::Kind::bytes};
  Member::Profile profile{shard_, detail::room::share_wire_format(options.encoder, framing),
                          std::move(options.client_info), nullptr, options.visibility};
  const detail::room::MemberPtr member(new Member(*this, std::move(profile), options.paused));
  auto membership = detail::application::RoomAccess::membership(member);
  auto joined = co_await server_.hub.join(room.name(), member);
  if (!joined) co_return tl::unexpected(joined.error());
  co_return membership;
}

}  // namespace coroom::model
