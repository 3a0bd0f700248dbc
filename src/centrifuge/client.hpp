#pragma once

#include "centrifuge/codes.hpp"
#include "centrifuge/command.hpp"
#include "centrifuge/liveness.hpp"
#include "centrifuge/pending_replies.hpp"
#include "centrifuge/reply.hpp"
#include "core/async_event.hpp"
#include "core/deadline.hpp"

#include <coroom/centrifuge.hpp>
#include <coroom/client_info.hpp>
#include <coroom/counters.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/moderation.hpp>
#include <coroom/rate_limit.hpp>
#include <coroom/room.hpp>
#include <coroom/task.hpp>
#include <coroom/token_verifier.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge {

/// The connection that carries a client's frames, over WebSocket or a stream, and gives access to its rooms.
/// Belongs to the client's thread.
class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  /// Sends lines, joined by line breaks. Waits while the client receives more slowly than the server sends.
  virtual task<> write(std::string lines) = 0;

  /// A large reply takes two steps: may_reply() before it is made, and write_reply() to charge and send it.
  ///@{

  /// Waits until the queue takes `bytes` at once, or is empty. Returns false if the client or its address has
  /// exceeded its quota of such replies.
  virtual task<bool> may_reply(std::size_t bytes) = 0;

  /// Returns the bytes that the queue takes at once.
  [[nodiscard]] virtual std::size_t reply_room() const = 0;

  /// Returns false if too much is queued for the client's address already; then nothing was sent.
  virtual task<bool> write_reply(std::string line) = 0;
  ///@}

  /// Sends lines like write() but without waiting, behind all lines written before.
  virtual void push(std::string_view lines) = 0;

  /// Sends the reason to the client and closes the connection.
  virtual void close(const Disconnect& why) = 0;

  virtual Room room(std::string name) = 0;
  virtual task<Result<Membership>> join(Room room, JoinOptions options) = 0;

  /// The counters and the moderation of the server.
  virtual Counters& counters() = 0;
  virtual Moderation& moderation() = 0;

  /// Charges the client for `bytes` received as `messages` commands. Counts and logs excess.
  virtual RateVerdict charge_received(std::size_t bytes, std::size_t messages) = 0;

  /// Returns whether other connections of this thread have waited so long that the client should yield.
  [[nodiscard]] virtual bool should_yield() const = 0;

  /// Adds the transport's own fields to the reply to `connect`.
  virtual void introduce(ConnectResult& /*result*/) const {}

  /// Returns whether the server sends the protocol's own pings to this client.
  [[nodiscard]] virtual bool wants_pings() const = 0;
};

/// One client of the Centrifuge protocol over any transport. Runs the client's commands in their order. A
/// publication is answered once it is stored, in order within its channel. Later commands run meanwhile, so a
/// client that publishes much does not wait for each reply. A command that may depend on publications waits
/// for their replies: a subscription, a history request and a call of the program.
class Client final : public std::enable_shared_from_this<Client>, private ModeratedConnection {
 public:
  /// The settings and the clock outlive the client. The transport outlives the later of end() and the end of
  /// on_frame().
  Client(Transport& transport, const CentrifugeSettings& settings, SharedClientInfo self,
         const boost::asio::any_io_executor& executor, const Clock& clock);

  /// Runs the commands of one frame. Calls must not overlap.
  task<> on_frame(std::string frame);

  /// Leaves all rooms and stops all timers. May be called twice.
  void end();

 private:
  struct Subscription {
    Membership membership;
    SharedClientInfo client_info;      // for the client's publications there
    std::optional<TokenTrace> token;   // none: the room's rules admitted the client
    std::unique_ptr<Deadline> expiry;  // none: the subscription lasts as long as the connection
  };
  using Expiry = std::optional<std::chrono::milliseconds>;

  task<> handle(Command command);
  task<> refuse_too_fast(const Command& command);
  task<> refuse_bad(CommandFault fault);
  task<> refuse_bad(std::uint64_t id, std::string_view why);
  void note_violation(std::string_view cause);  // counts each violation and logs the first
  task<> handle(std::uint64_t id, Pong request);
  task<> handle(std::uint64_t id, ConnectRequest request);
  task<> handle(std::uint64_t id, SubscribeRequest request);
  task<> handle(std::uint64_t id, UnsubscribeRequest request);
  task<> handle(std::uint64_t id, PublishRequest request);
  task<> handle(std::uint64_t id, PresenceRequest request);
  task<> handle(std::uint64_t id, PresenceStatsRequest request);
  task<> handle(std::uint64_t id, HistoryRequest request);
  task<> handle(std::uint64_t id, RefreshRequest request);
  task<> handle(std::uint64_t id, SubRefreshRequest request);
  task<> handle(std::uint64_t id, RpcRequest request);
  task<> handle(std::uint64_t id, SendRequest request);
  task<> handle(std::uint64_t id, PingRequest request);

  /// Returns the claims of a token that is valid and fits this client. Otherwise sends the reply or
  /// disconnects, logs the cause and returns nullopt; the command is then done.
  task<std::optional<ConnectionToken>> admit(std::uint64_t id, std::string token, bool refreshes);
  task<std::optional<SubscriptionToken>> admit(std::uint64_t id, std::string channel, std::string token);
  [[nodiscard]] std::optional<TokenCause> misfit_of(const SubscriptionToken& token,
                                                    std::string_view channel) const;
  void note_refused(const TokenFault& fault);  // logs the first refused token

  /// Charges the client for the check of a token. Returns false if the client exceeded its budget and was
  /// disconnected.
  bool pay_for_check(const TokenFault* fault);
  void turn_away(Moderation::Status status);

  /// Ends the connection, or the subscription, once its token has expired and the grace period is over.
  ///@{
  void expires_after(const Expiry& left);
  void expires_after(const Expiry& left, const std::string& channel);
  ///@}

  /// Ends an existing subscription and notifies the client.
  void drop(const std::string& channel, const Unsubscribe& how);

  // Called by moderation.
  void on_kick(const Disconnect& why) override { disconnect(why); }
  void on_kick_from(const std::string& channel) override;
  void on_revoked() override;

  [[nodiscard]] RoomRules rules(std::string_view channel) const;

  /// Returns the error for a command about this channel; nullptr if the command is allowed.
  [[nodiscard]] const CentrifugeError* refusal(const Permission& permission, const std::string& channel);
  [[nodiscard]] const CentrifugeError* refusal_to_subscribe(const SubscribeRequest& request);
  [[nodiscard]] const CentrifugeError* refusal_to_publish(const PublishRequest& request);
  [[nodiscard]] const CentrifugeError* refusal_to_speak(const std::string& channel);
  [[nodiscard]] const CentrifugeError* refusal_of_another_room(const std::string& channel);
  [[nodiscard]] const CentrifugeError* refusal_of_presence(const std::string& channel);
  const CentrifugeError& bad_room(Error why);

  /// Counts each exceeded limit and logs the first.
  void note_limit(Counter count, std::string_view of);

  /// Asks the program for its verdict on a publication, and counts a refusal by rate. The request outlives
  /// the call.
  task<CentrifugeVerdict> ask_program(const PublishRequest& request);

  /// Returns the error reply for a publication that was not stored, and counts it.
  [[nodiscard]] std::string not_published(std::uint64_t id, const Error& why);
  [[nodiscard]] SharedClientInfo client_info_in(const std::string& channel) const;

  /// Returns whether a large reply may be made now. If not, the command has been answered or the client has
  /// ended.
  task<bool> may_reply(std::uint64_t id);

  /// Sends a large reply. Returns false if the client got an error instead, or has ended.
  task<bool> write_reply(std::uint64_t id, std::string line);

  /// Reads the stored publications after `since` up to `top`. Reads fewer bytes if little room is left in the
  /// queue.
  task<Result<History>> read_missed(Room room, Position since, Position top);

  /// Adds the recovered publications and the position to the result. Returns an error if the history is
  /// unreadable.
  task<const CentrifugeError*> recover(const SubscribeRequest& request, const Membership& membership,
                                       SubscribeResult& result);

  /// Reserves a slot for the reply to the current command, and waits for a free one. Returns nullopt if the
  /// client has ended.
  task<std::optional<PendingReplies::ReplySlot>> reserve(std::string channel);
  void answer(PendingReplies::ReplySlot place, std::string line);
  void send_answers();

  /// Makes a call outside of on_frame(). If the call throws, for example std::bad_alloc, the client is
  /// disconnected: it would wait in vain for the reply.
  template <class Call>
  void or_end(Call call) {
    try {
      call();
    } catch (const std::exception& thrown) {
      end_by(thrown);
    }
  }
  void end_by(const std::exception& thrown);
  task<> refuse(std::uint64_t id, const CentrifugeError& error);
  task<> write(std::string line);
  template <class Result>
  task<> reply(std::uint64_t id, Result result) {
    return write(reply_line(id, result));
  }

  /// Completes when all publications of the client, or those in one channel, are answered.
  ///@{
  task<> all_answered();
  task<> all_answered(std::string channel);
  ///@}
  void disconnect(const Disconnect& why);

  Transport& transport_;
  const CentrifugeSettings& settings_;
  boost::asio::any_io_executor executor_;
  const Clock& clock_;
  SharedClientInfo client_info_;
  std::optional<Moderation::Registration> registration_;  // set while connected
  Liveness liveness_;
  std::unique_ptr<Deadline> expiry_;  // none: the connection does not expire
  std::map<std::string, Subscription, std::less<>> subscriptions_;
  PendingReplies pending_;                           // to publications
  AsyncEvent answered_;                              // notified when pending_ shrinks
  std::unique_ptr<const CentrifugeError> bad_room_;  // of the last room that check_room rejected
  bool connected_ = false;
  bool ended_ = false;
  bool answering_ = false;  // send_answers() is posted
  bool violated_ = false;   // a bad command was logged
  bool limited_ = false;    // an exceeded limit was logged
  bool untrusted_ = false;  // a refused token was logged
};

}  // namespace coroom::detail::centrifuge
