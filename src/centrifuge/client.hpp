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
#include <utility>

namespace coroom::detail::centrifuge {

/// What carries a client's frames, whatever they are called there, and leads it to its rooms. Belongs to the
/// client's thread.
class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  /// Sends lines, joined by line breaks; waits while the client takes less than it is sent.
  virtual task<> write(std::string lines) = 0;

  /// A reply that may cost much more than its command is asked for before it is made, and paid for when it is
  /// written.
  ///@{

  /// Waits until so many bytes would be taken at once, or nothing else waits. False: the client, or its
  /// address, has had too much by such replies.
  virtual task<bool> may_reply(std::size_t bytes) = 0;

  /// Bytes that would be taken at once.
  [[nodiscard]] virtual std::size_t reply_room() const = 0;

  /// False: too much waits for the client's address already, and nothing was sent.
  virtual task<bool> write_reply(std::string line) = 0;
  ///@}

  /// The same as write() without waiting, in order with what was written.
  virtual void push(std::string_view lines) = 0;

  /// Tells the client why, and that was it.
  virtual void close(const Disconnect& why) = 0;

  virtual Room room(std::string name) = 0;
  virtual task<Result<Membership>> join(Room room, JoinOptions options) = 0;

  /// Of the server that the client talks to.
  virtual Counters& counters() = 0;
  virtual Moderation& moderation() = 0;

  /// So much has come as so many commands. Counts and logs what is too much.
  virtual RateVerdict charge_received(std::size_t bytes, std::size_t messages) = 0;

  /// Whether the others of this thread have waited for so long that the client should let them in.
  [[nodiscard]] virtual bool should_yield() const = 0;

  /// Adds what the client has to know of it when it connects.
  virtual void introduce(ConnectResult& /*result*/) const {}

  /// Whether the client wants the protocol's own pings.
  [[nodiscard]] virtual bool wants_pings() const = 0;
};

/// One client of the Centrifuge protocol, whatever carries it: does what its commands say, in their order.
/// Publications are answered when they are kept, in their order in each channel, and meanwhile the next
/// command is taken, so that a client that sends many does not wait for each. Only a command that may depend
/// on publications waits for them: to subscribe to their channel or to read its history, and calls of the
/// program.
class Client final : public std::enable_shared_from_this<Client>, private ModeratedConnection {
 public:
  /// The settings and the clock outlive the client; the transport outlives its last call: end() or the end of
  /// on_frame(), whichever is later.
  Client(Transport& transport, const CentrifugeSettings& settings, SharedClientInfo self,
         const boost::asio::any_io_executor& executor, const Clock& clock);

  /// One frame of commands. One call at a time.
  task<> on_frame(std::string frame);

  /// The client has gone: it is in no room any more. May be called twice.
  void end();

 private:
  struct Subscription {
    Membership membership;
    SharedClientInfo client_info;      // who speaks there
    std::optional<TokenTrace> token;   // that has let it in; none: the room's rules did
    std::unique_ptr<Deadline> expiry;  // none: it lasts as long as the connection
  };
  struct BadRoom {
    explicit BadRoom(std::string text) : why(std::move(text)) {}
    std::string why;
    ErrorReply reply{error::bad_request.code, why};
  };
  using Expiry = std::optional<std::chrono::milliseconds>;

  task<> handle(Command command);
  task<> refuse_too_fast(const Command& command);
  task<> refuse_bad(CommandFault fault);
  task<> refuse_bad(std::uint64_t id, std::string_view why);
  void note_violation(std::string_view cause);  // counts each, and logs the first
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

  /// What a token says, if it is one and fits this client. Else the client gets its answer, the log a line,
  /// and the command has been done.
  task<std::optional<ConnectionToken>> admit(std::uint64_t id, std::string token, bool refreshes);
  task<std::optional<SubscriptionToken>> admit(std::uint64_t id, std::string channel, std::string token);
  [[nodiscard]] std::optional<TokenCause> misfit_of(const SubscriptionToken& token,
                                                    std::string_view channel) const;
  void note_refused(const TokenFault& fault);  // logs the first

  /// Charges the client for the check of a token. False: it has been closed for too many.
  bool pay_for_check(const TokenFault* fault);
  void turn_away(Moderation::Status status);

  /// The connection, or the subscription, ends when its time and the grace are over.
  ///@{
  void expires_after(const Expiry& left);
  void expires_after(const Expiry& left, const std::string& channel);
  ///@}

  /// Ends a subscription, which there is, and tells the client how.
  void drop(const std::string& channel, const Unsubscribe& how);

  // What moderators do.
  void on_kick(const Disconnect& why) override { disconnect(why); }
  void on_kick_from(const std::string& channel) override;
  void on_revoked() override;

  [[nodiscard]] RoomRules rules(std::string_view channel) const;

  /// Why a command about this channel is refused; nullptr: it is not.
  [[nodiscard]] const ErrorReply* refusal(const Permission& permission, const std::string& channel);
  [[nodiscard]] const ErrorReply* refusal_to_subscribe(const SubscribeRequest& request);
  [[nodiscard]] const ErrorReply* refusal_to_publish(const PublishRequest& request);
  [[nodiscard]] const ErrorReply* refusal_to_speak(const std::string& channel);
  [[nodiscard]] const ErrorReply* refusal_of_another_room(const std::string& channel);
  [[nodiscard]] const ErrorReply* refusal_of_presence(const std::string& channel);
  const ErrorReply& bad_room(Error why);

  /// Counts each, and logs the first.
  void note_limit(Counter count, std::string_view of);

  /// Asks the program for its verdict on a publication, and counts a refusal for its pace. The request
  /// outlives the call.
  task<CentrifugeVerdict> ask_program(const PublishRequest& request);

  /// The line that answers a publication which was not kept; counts it.
  [[nodiscard]] std::string not_published(std::uint64_t id, const Error& why);
  [[nodiscard]] SharedClientInfo client_info_in(const std::string& channel) const;

  /// Whether a reply that may be large may be made now; if not, the command is answered, or the client has
  /// ended.
  task<bool> may_reply(std::uint64_t id);

  /// Sends a reply that may be large; false: the client has been sent an error instead, or has ended.
  task<bool> write_reply(std::uint64_t id, std::string line);

  /// What was published behind `since` up to `top`, as far as it is kept; fewer bytes where little room is
  /// left.
  task<Result<History>> read_missed(Room room, Position since, Position top);

  /// Adds what a subscriber is told of the history; an error if it can't be read.
  task<const ErrorReply*> recover(const SubscribeRequest& request, const Membership& membership,
                                  SubscribeResult& result);

  /// A place for the reply to the command at hand, once there is room for one; none: the client has ended.
  task<std::optional<PendingReplies::ReplySlot>> reserve(std::string channel);
  void answer(PendingReplies::ReplySlot place, std::string line);
  void send_answers();

  /// Makes a call outside of on_frame(). If it throws, for want of memory say, the client is disconnected: it
  /// would wait in vain for what the call was to send.
  template <class Call>
  void or_end(Call call) {
    try {
      call();
    } catch (const std::exception& thrown) {
      end_by(thrown);
    }
  }
  void end_by(const std::exception& thrown);
  task<> refuse(std::uint64_t id, const ErrorReply& error);
  task<> write(std::string line);
  template <class Result>
  task<> reply(std::uint64_t id, Result result) {
    return write(reply_line(id, result));
  }

  /// Ends when the client's publications are answered, all or those in one channel.
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
  std::optional<Moderation::Registration> registration_;  // while it is connected
  Liveness liveness_;
  std::unique_ptr<Deadline> expiry_;  // none: the connection does not expire
  std::map<std::string, Subscription, std::less<>> subscriptions_;
  PendingReplies pending_;                   // of publications
  AsyncEvent answered_;                      // one of them less
  std::unique_ptr<const BadRoom> bad_room_;  // the last that was asked for
  bool connected_ = false;
  bool ended_ = false;
  bool answering_ = false;  // send_answers() is on its way
  bool violated_ = false;   // a command of its own was bad, which was logged
  bool limited_ = false;    // it has met a limit, which was logged
  bool untrusted_ = false;  // a token of its own has been refused, which was logged
};

}  // namespace coroom::detail::centrifuge
