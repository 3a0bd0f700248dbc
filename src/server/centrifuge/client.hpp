#pragma once

#include "core/event.hpp"
#include "protocol/centrifuge_command.hpp"
#include "protocol/centrifuge_reply.hpp"
#include "server/centrifuge/liveness.hpp"
#include "server/centrifuge/pending_replies.hpp"
#include "server/namespaces.hpp"

#include <coroom/application.hpp>
#include <coroom/author.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/room.hpp>
#include <coroom/task.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace coroom::server::centrifuge {

namespace wire = protocol::centrifuge;

/// What carries a client's frames, whatever they are called there. Belongs to the client's thread.
class Link {
 public:
  Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  virtual ~Link() = default;

  /// Sends lines, joined by line breaks; waits while the client takes less than it is sent.
  virtual task<> write(std::string lines) = 0;

  /// The same without waiting, in order with what was written.
  virtual void push(std::string_view lines) = 0;

  /// Tells the client why, and that was it.
  virtual void close(const Disconnect& why) = 0;

  virtual task<Seat> join(Room room, JoinOptions options) = 0;

  /// Adds what the client has to know of it when it connects.
  virtual void introduce(wire::ConnectResult& /*result*/) const {}

  /// Whether the client wants the protocol's own pings.
  [[nodiscard]] virtual bool wants_pings() const = 0;
};

/// What all clients have in common.
struct Service {
  std::shared_ptr<const Namespaces> namespaces;
  Patience patience;
};

/// One client of the Centrifuge protocol, whatever carries it: does what its commands say, in their order,
/// and answers in that order too. Publications are answered when they are kept, and meanwhile the next
/// command is taken, so that a client that sends many does not wait for each.
class Client : public std::enable_shared_from_this<Client> {
 public:
  /// The link and the application outlive the client's last call: end() or the end of on_frame(), whichever
  /// is later.
  Client(Link& link, Application& application, const Service& service, std::shared_ptr<const Author> self,
         const boost::asio::any_io_executor& executor);

  /// One frame of commands. One call at a time.
  task<> on_frame(std::string frame);

  /// The client has gone: it is in no room any more. May be called twice.
  void end();

 private:
  task<> handle(wire::Command command);
  task<> handle(std::uint32_t id, wire::Pong request);
  task<> handle(std::uint32_t id, wire::ConnectRequest request);
  task<> handle(std::uint32_t id, wire::SubscribeRequest request);
  task<> handle(std::uint32_t id, wire::UnsubscribeRequest request);
  task<> handle(std::uint32_t id, wire::PublishRequest request);
  task<> handle(std::uint32_t id, wire::PresenceRequest request);
  task<> handle(std::uint32_t id, wire::PresenceStatsRequest request);
  task<> handle(std::uint32_t id, wire::HistoryRequest request);
  task<> handle(std::uint32_t id, wire::RefreshRequest request);
  task<> handle(std::uint32_t id, wire::SubRefreshRequest request);
  task<> handle(std::uint32_t id, wire::RpcRequest request);
  task<> handle(std::uint32_t id, wire::SendRequest request);
  task<> handle(std::uint32_t id, wire::PingRequest request);

  /// Why a command about this channel is refused; nullptr: it is not.
  [[nodiscard]] const wire::ErrorReply* refusal(const Permission& permission,
                                                const std::string& channel) const;
  [[nodiscard]] const wire::ErrorReply* refusal_to_subscribe(const std::string& channel) const;

  /// Adds what a subscriber is told of the history; an error if it can't be read.
  task<const wire::ErrorReply*> recover(const wire::SubscribeRequest& request, const Seat& seat,
                                        wire::SubscribeResult& result);

  void answer(PendingReplies::Place place, std::string line);
  task<> refuse(std::uint32_t id, const wire::ErrorReply& error);
  template <class Result>
  task<> reply(std::uint32_t id, Result result);
  task<> all_answered();
  void disconnect(const Disconnect& why);

  Link& link_;
  Application& application_;
  const Service& service_;
  SharedAuthor author_;
  Liveness liveness_;
  std::map<std::string, Seat, std::less<>> subscriptions_;
  PendingReplies pending_;  // of publications
  Event answered_;          // one of them less
  bool connected_ = false;
  bool ended_ = false;
};

}  // namespace coroom::server::centrifuge
